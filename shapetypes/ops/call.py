"""What a shape function may ask: sizes, ranks, dtypes, broadcasting. Each question can end in a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, TypeVar

from shapetypes.core import dim as d
from shapetypes.core.compare import Verdict
from shapetypes.core.dim import RIGID, Dim, Poly
from shapetypes.core.dtype import GROUPS, as_set, disjoint
from shapetypes.core.fault import Fault, Operand, ShapeError
from shapetypes.core.judge import NO_SIDE, Conflict, Judge, Side
from shapetypes.core.shape import (
    ANY,
    LikelyNumber,
    MaybeSize,
    Number,
    TensorSpec,
    Unit,
    Unknown,
    Var,
    any_var,
    axis_at,
    cut_var,
    is_field,
    known_side,
    least_rank,
    strays,
    unknown_var,
)

F = TypeVar("F", bound=Callable[..., Any])


class Unclear(Exception):
    """A shape function cannot say: the result is `Unknown` with this reason."""


_RULES: dict[str, Callable[..., Any]] = {}


def rule(function: F) -> F:
    """Make a shape function known by its own name, for `Rule[T, "name"]`.

    The function gets a `Call` and then the bound arguments by the stub's parameter names, and returns a value of
    the form of `T`. It states what it requires before what it returns.
    """
    if function.__name__ in _RULES:
        raise ValueError(f"two shape functions are called {function.__name__!r}")
    _RULES[function.__name__] = function
    return function


class Call:
    """One call being judged: the judge, and the tensors that take part under their argument names.

    Args:
        judge: Compares sizes, and remembers.
        subject: The function, layer or operator as a person knows it: `bmm()`, `Linear`, `+`.
    """

    def __init__(self, judge: Judge, subject: str) -> None:
        self.judge = judge
        self.subject = subject
        self.operands: list[TensorSpec] = []
        self.warnings: list[Fault] = []

    # -- faults -----------------------------------------------------------------------------------------------

    def fail(self, code: str, kind: str, **fields: Any) -> NoReturn:
        """Refuse the call.

        Raises:
            ShapeError: always.
        """
        raise ShapeError(fault=self.fault(code, kind, **fields))

    def fault(self, code: str, kind: str, **fields: Any) -> Fault:
        """A fault of this call with the table of its operands."""
        at = {fields.get("argument"): fields.get("axis"), fields.get("other"): fields.get("other_axis")}
        operands = tuple(Operand(t.label, self._told(t), t.dtype, None, at.get(t.label)) for t in self.operands)
        return Fault(code, kind, self.subject, operands=operands, **fields)

    def _told(self, x: TensorSpec) -> Any:
        return x.shape and tuple(p if isinstance(p, Var) else self.judge.told(p) for p in x.shape)

    def require(self, holds: bool | None, code: str, kind: str, **fields: Any) -> None:
        """Refuse the call unless the condition holds; None (not known) passes."""
        if holds is False:
            self.fail(code, kind, **fields)

    def _conflict(self, conflict: Conflict, x: TensorSpec, axis: int | None, **fields: Any) -> NoReturn:
        kind = "twin" if conflict.code == "axis-order" else fields.pop("kind", "axis")
        fields.pop("kind", None)
        self.fail(
            conflict.code,
            kind,
            argument=x.label or None,
            axis=axis,
            got=conflict.got,
            want=conflict.want,
            origins=conflict.origins,
            **fields,
        )

    # -- plain arguments --------------------------------------------------------------------------------------

    def tensor(self, value: Any) -> TensorSpec:
        """The value as a tensor.

        Raises:
            Unclear: it is not known to be one.
        """
        if isinstance(value, TensorSpec):
            return value
        if is_field(value) or isinstance(value, LikelyNumber):
            raise Unclear("a field that may hold a number or a tensor")
        if isinstance(value, (bool, float, complex, int, Poly, Number)):
            return TensorSpec((), None)
        raise Unclear(value.reason if isinstance(value, Unknown) else "an argument is not a tensor")

    def operand(self, value: Any) -> TensorSpec:
        """An operand of an element-wise operation: an unknown one may be a tensor of any rank."""
        if isinstance(value, TensorSpec):
            return value
        return TensorSpec(() if isinstance(value, (bool, int, float, complex, Poly, Number)) else None, None)

    def tensors(self, values: Any) -> list[TensorSpec]:
        """A list or tuple of tensors.

        Raises:
            Unclear: its length or one of its items is not known.
        """
        if isinstance(values, TensorSpec):
            return self.unbound(values)
        if not isinstance(values, (list, tuple)):
            raise Unclear("the list of tensors is not known")
        return [self.tensor(v) for v in values]

    def unbound(self, x: TensorSpec) -> list[TensorSpec]:
        """The rows of a tensor, when their number is known."""
        if x.rank and isinstance(x.parts[0], int):
            return [x.with_shape(x.parts[1:])] * min(x.parts[0], 64)
        raise Unclear("the number of rows is not known")

    def integer(self, value: Any) -> int:
        """A plain int argument.

        Raises:
            Unclear: its value is not known.
        """
        if isinstance(value, Poly):
            value = self.judge.reduce(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unclear("an int argument is not known")
        return int(value)

    def flag(self, value: Any) -> bool:
        """A bool argument.

        Raises:
            Unclear: its value is not known.
        """
        if isinstance(value, (bool, int)) or value is None:
            return bool(value)
        raise Unclear("a bool argument is not known")

    def size(self, value: Any) -> Dim:
        """A size argument (elements), symbolic or not; an unknown one is a fresh unknown size."""
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, (int, Poly)):
            return value
        if isinstance(value, MaybeSize):
            return value.size
        if isinstance(value, (TensorSpec, Unknown)):
            return d.unknown("a size")
        raise Unclear("a size argument is not an int")

    def sizes(self, values: Any) -> tuple[Any, ...]:
        """Sizes given one by one or as one sequence: `view(2, 3)` and `view((2, 3))`; may hold a `Var`.

        Raises:
            Unclear: their number is not known.
        """
        if isinstance(values, (list, tuple)) and len(values) == 1 and isinstance(values[0], (list, tuple, Unknown)):
            values = values[0]
        if isinstance(values, (int, Poly)):
            values = (values,)
        if not isinstance(values, (list, tuple)):
            raise Unclear("the sizes are not known")
        return tuple(v if isinstance(v, Var) else self.size(v) for v in values)

    def ints(self, values: Any, count: int) -> tuple[Dim, ...]:
        """An int or a sequence of `count` ints, as a tuple of `count` (a kernel size, a stride, a padding).

        Raises:
            Unclear: they are not known.
        """
        if isinstance(values, (int, Poly)):
            return (values,) * count
        if isinstance(values, (list, tuple)):
            if len(values) == 1:
                return (self.size(values[0]),) * count
            if len(values) == count:
                return tuple(self.size(v) for v in values)
            self.fail("rank-mismatch", "count", got=len(values), want=count, detail="sizes")
        raise Unclear("an int argument is not known")

    # -- ranks ------------------------------------------------------------------------------------------------

    def rank(self, x: TensorSpec, *allowed: int) -> int:
        """The rank of a tensor, which must be one of `allowed` (any when empty).

        Raises:
            ShapeError: it is another.
            Unclear: it is not known.
        """
        r = x.rank
        if allowed and not self._rank_possible(x, allowed):
            self.fail("rank-mismatch", "rank", argument=x.label or None, got=x.shape, want=allowed)
        if r is None:
            raise Unclear("the rank is not known")
        return r

    def _rank_possible(self, x: TensorSpec, allowed: Sequence[int]) -> bool:
        if x.rank is not None:
            return x.rank in allowed
        return x.shape is None or least_rank(x.shape) <= max(allowed)

    def least(self, x: TensorSpec, rank: int) -> None:
        """Refuse a tensor with fewer axes than `rank`."""
        if x.rank is not None and x.rank < rank:
            self.fail("rank-mismatch", "rank", argument=x.label or None, got=x.shape, want=(rank,), detail="least")

    def axis(self, x: TensorSpec, axis: Any, extra: int = 0) -> int:
        """An axis argument counted from the front (rank + `extra` axes may be named).

        Raises:
            ShapeError: the tensor has no such axis.
            Unclear: axis or rank are not known.
        """
        i = self.integer(axis)
        rank = self.rank(x) + extra
        # A scalar counts as having one axis here, as in torch.
        limit = max(rank, 1)
        if not -limit <= i < limit:
            self.fail("rank-mismatch", "no-axis", argument=x.label or None, axis=i, got=x.shape, want=rank)
        return i % limit

    def axes(self, x: TensorSpec, axes: Any) -> tuple[int, ...]:
        """Several axis arguments (an int or a sequence), counted from the front, each at most once.

        Raises:
            ShapeError: the tensor has no such axis, or one stands twice.
            Unclear: they are not known.
        """
        if isinstance(axes, (int, Poly)):
            axes = (axes,)
        if not isinstance(axes, (list, tuple)):
            raise Unclear("the axes are not known")
        out = tuple(self.axis(x, a) for a in axes)
        for i, a in enumerate(out):
            if a in out[:i]:
                self.fail("rank-mismatch", "axis-twice", argument=x.label or None, axis=a, got=x.shape)
        return out

    def place(self, x: TensorSpec, axis: Any) -> int:
        """Where an axis argument stands in `x.parts`: `axis`, but known also beside a variadic part it does not cross.

        Raises:
            ShapeError: the tensor has no such axis.
            Unclear: it is not known where it stands.
        """
        if x.rank is not None:
            return self.axis(x, axis)
        parts, i = x.parts, self.integer(axis)
        if axis_at(parts, i) is None:
            raise Unclear("the rank is not known")
        return i % len(parts)

    def variadic_at(self, x: TensorSpec, axis: Any) -> int | None:
        """Where in `x.parts` the only variadic part stands, a rigid one, if an axis argument falls into it."""
        found = [(i, p) for i, p in enumerate(x.parts) if isinstance(p, Var)]
        if len(found) != 1 or found[0][1].kind != RIGID or axis_at(x.parts, i := self.integer(axis)) is not None:
            return None
        at = found[0][0]
        return at if (i >= at if i >= 0 else -i > len(x.parts) - 1 - at) else None

    def places(self, x: TensorSpec, axes: Any) -> tuple[int, ...]:
        """Where several axis arguments stand in `x.parts`, each at most once; see `place`."""
        if x.rank is not None:
            return self.axes(x, axes)
        listed = axes if isinstance(axes, (list, tuple)) else (axes,)
        return tuple(self.place(x, a) for a in listed)

    def wrong(self, name: str, got: Any, want: Any, argument: str | None = None, detail: str = "") -> NoReturn:
        """Refuse the value of an argument that is no tensor, or of a property called `name`.

        Raises:
            ShapeError: always.
        """
        self.fail("dim-mismatch", "value", argument=argument, name=name, got=got, want=want, detail=detail)

    # -- sizes ------------------------------------------------------------------------------------------------

    def at(self, x: TensorSpec, axis: int) -> Dim:
        """The size of one axis (elements); a fresh unknown one where it is not known."""
        size = axis_at(x.parts, axis)
        return d.unknown("axis") if size is None else size

    def lead(self, x: TensorSpec, count: int) -> tuple[Any, ...]:
        """The axes before the last `count`; how many they are is open where a variadic part may hold some of those."""
        keep = len(x.parts) - count
        if keep < 0 or any(isinstance(p, Var) for p in x.parts[keep:]):
            return () if x.rank is not None else (unknown_var(),)
        return x.parts[:keep]

    def expect(self, x: TensorSpec, axis: int, want: Dim, name: str | None = None) -> None:
        """Require an axis of a tensor to have a size.

        Args:
            x: The tensor.
            axis: The axis; negative counts from the end.
            want: The size it must have (elements).
            name: What fixes that size: a constructor argument (`in_features`) or an axis name.

        Raises:
            ShapeError: it surely has another.
        """
        parts = x.parts
        size = axis_at(parts, axis)
        if size is None:
            return
        at = axis % len(parts) if axis < 0 else axis
        conflict = self.judge.same(size, want, Side(parts, at))
        if conflict:
            shown = at if x.rank is not None else axis
            self._conflict(conflict, x, shown, name=name)

    def match(self, x: TensorSpec, i: int, y: TensorSpec, j: int) -> None:
        """Require an axis of one tensor to equal an axis of another.

        Raises:
            ShapeError: they surely differ.
        """
        xs, ys = x.parts, y.parts
        a, b = axis_at(xs, i), axis_at(ys, j)
        if a is None or b is None:
            return
        ii, jj = i % len(xs), j % len(ys)
        conflict = self.judge.same(b, a, Side(ys, jj), Side(xs, ii))
        if conflict:
            self._conflict(conflict, y, jj, kind="match", other=x.label or None, other_axis=ii)

    def equal_axes(self, x: TensorSpec, i: int, j: int) -> None:
        """Require two axes of one tensor to be equal, as in square matrices; equal sizes are no twins here.

        Raises:
            ShapeError: they surely differ.
        """
        parts = x.parts
        a, b = axis_at(parts, i), axis_at(parts, j)
        if a is None or b is None:
            return
        conflict = self.judge.same(b, a)
        if conflict:
            shown, other = (k % len(parts) if x.rank is not None else k for k in (j, i))
            self._conflict(conflict, x, shown, kind="match", other=x.label or None, other_axis=other)

    def same_shape(self, x: TensorSpec, y: TensorSpec, code: str = "dim-mismatch") -> None:
        """Require two tensors to have the same shape, without broadcasting.

        Raises:
            ShapeError: ranks or sizes surely differ.
        """
        if x.rank is not None and y.rank is not None:
            if x.rank != y.rank:
                kind = "target" if code == "target-mismatch" else "ranks"
                wrong = code if code != "dim-mismatch" else "rank-mismatch"
                self.fail(wrong, kind, argument=y.label or None, other=x.label or None, got=y.shape, want=x.shape)
            for i in range(x.rank):
                try:
                    self.match(x, i, y, i)
                except ShapeError as error:
                    if code == "dim-mismatch" or error.fault is None:
                        raise
                    raise ShapeError(fault=error.fault.but(code=code, kind="target")) from None

    def divides(self, by: Dim, n: Dim, x: TensorSpec | None = None, axis: int | None = None, name: str = "") -> None:
        """Require `by` to divide `n` without rest; becomes a fact where it is not known.

        Raises:
            ShapeError: it surely does not.
        """
        if self.judge.divides(by, n) is Verdict.DIFFERENT:
            label = x.label or None if x is not None else None
            self.fail("indivisible", "divide", argument=label, axis=axis, got=n, want=by, name=name or None)

    def elements(self, x: TensorSpec) -> Dim | None:
        """The number of elements, or None when the rank is not known."""
        return None if x.rank is None else d.product(p for p in x.parts if not isinstance(p, Var))

    # -- dtypes -----------------------------------------------------------------------------------------------

    def dtype(self, x: TensorSpec, group: str) -> None:
        """Require the dtype to be in one of jaxtyping's groups (`Float`, `Int`, ...).

        Raises:
            ShapeError: it surely is not.
        """
        allowed, have = GROUPS[group], as_set(x.dtype)
        if allowed is not None and have is not None and have.isdisjoint(allowed):
            self.fail("dtype-mismatch", "dtype", argument=x.label or None, got=x.dtype, want=group)

    def same_dtype(self, x: TensorSpec, y: TensorSpec) -> None:
        """Require two tensors to have the same dtype, as kernels without promotion do.

        Raises:
            ShapeError: they surely differ.
        """
        if disjoint(x.dtype, y.dtype):
            self.fail(
                "dtype-mismatch", "dtype", argument=y.label or None, other=x.label or None, got=y.dtype, want=x.dtype
            )

    # -- broadcasting -----------------------------------------------------------------------------------------

    def broadcast(self, *tensors: TensorSpec) -> tuple[Any, ...]:
        """The shape that the tensors broadcast to.

        Raises:
            ShapeError: two sizes surely differ and neither is 1.
        """
        out: tuple[Any, ...] = tensors[0].parts if tensors else ()
        before = tensors[0] if tensors else None
        for t in tensors[1:]:
            assert before is not None
            out = self._broadcast(before, out, t, t.parts)
            before = TensorSpec(out, None, before.label if before.rank == len(out) else "")
        return out

    def _broadcast(self, x: TensorSpec, a: tuple[Any, ...], y: TensorSpec, b: tuple[Any, ...]) -> tuple[Any, ...]:
        if a == b:
            return a
        self._sure_conflicts(x, a, y, b)
        out: list[Any] = []
        back = 1
        while back <= len(a) and back <= len(b):
            p, q = a[-back], b[-back]
            if isinstance(p, Var) or isinstance(q, Var):
                if p != q:
                    self._same_distance(x, a, len(a) - back, y, b, len(b) - back)
                    return self._rest(a[: len(a) - back + 1], b[: len(b) - back + 1], out)
                out.append(p)
            else:
                out.append(self._fit(x, a, len(a) - back, y, b, len(b) - back))
            back += 1
        longer = a if len(a) > len(b) else b
        return (*longer[: len(longer) - back + 1], *reversed(out))

    def _sure_conflicts(self, x: TensorSpec, a: tuple[Any, ...], y: TensorSpec, b: tuple[Any, ...]) -> None:
        """Two names that differ are told before another axis makes one of them something else."""
        for back in range(1, min(len(a), len(b)) + 1):
            p, q = a[-back], b[-back]
            if isinstance(p, Var) or isinstance(q, Var):
                return
            if isinstance(p, Poly) and isinstance(q, Poly) and self.judge.differ(p, q):
                self._fit(x, a, len(a) - back, y, b, len(b) - back)

    def _same_distance(
        self, x: TensorSpec, a: tuple[Any, ...], i: int, y: TensorSpec, b: tuple[Any, ...], j: int
    ) -> None:
        """Require a variadic part that both have to stand as far from the end in one as in the other.

        Raises:
            ShapeError: it does not, so that its axes would meet others.
        """
        p, q = a[i], b[j]
        shared = q if isinstance(q, Var) else p
        crossed = shared in a[: i + 1] and shared in b[: j + 1] and not (isinstance(p, Var) and isinstance(q, Var))
        if crossed and shared.kind == d.RIGID and (q if shared is p else p) != 1:
            self.fail(
                "dim-mismatch",
                "broadcast",
                argument=y.label or None,
                axis=j - len(b),
                got=q,
                want=p,
                other=x.label or None,
                other_axis=i - len(a),
            )

    def _whole(self, x: TensorSpec, leading: tuple[Any, ...]) -> tuple[Any, ...]:
        """All axes of the operand whose leading axes are broadcast: twins may stand behind them."""
        for operand in self.operands:
            if x.label and operand.label == x.label and operand.parts[: len(leading)] == leading:
                return operand.parts
        return leading

    def _rest(self, a: tuple[Any, ...], b: tuple[Any, ...], done: list[Any]) -> tuple[Any, ...]:
        """The leading axes when a variadic part meets something else.

        Sizes that are surely not 1 stand in the result whatever they meet, where only one side is variadic.
        """
        if a and b and all(isinstance(v[-1], Var) and v[-1].kind != d.UNKNOWN and len(v) == 1 for v in (a, b)):
            free = a[-1].kind == b[-1].kind == ANY and self.judge.soft.isdisjoint((a[-1], b[-1]))
            return (any_var() if free else cut_var(), *reversed(done))  # neither of them need be the longer one
        plain = a if a and not isinstance(a[-1], Var) else b
        kept: list[Any] = []
        for size in reversed(plain):
            if isinstance(size, Var):
                break
            kept.append(size if never_one(self.judge.reduce(size)) else d.unknown("broadcast"))
        return (unknown_var(), *reversed(kept), *reversed(done))

    def fit(self, x: TensorSpec, i: int, y: TensorSpec, j: int) -> Any:
        """The size that an axis of one tensor and an axis of another broadcast to.

        Raises:
            ShapeError: they surely differ and neither is 1.
        """
        return self._fit(x, x.parts, i, y, y.parts, j)

    def _fit(self, x: TensorSpec, a: tuple[Any, ...], i: int, y: TensorSpec, b: tuple[Any, ...], j: int) -> Any:
        p, q = a[i], b[j]
        if isinstance(p, int) and p == 1:
            return p if isinstance(p, Unit) and q == 1 else q
        if isinstance(q, int) and q == 1:
            return p
        if p == q:
            return p
        rp, rq = self.judge.reduce(p), self.judge.reduce(q)
        if rp == 1 or rq == 1:
            return q if rp == 1 else p
        if rp == p and strays(p, rq, a, b):
            self._stray(x, a, i, y, b, j)
        if rq == q and strays(q, rp, b, a):
            self._stray(y, b, j, x, a, i)
        if d.is_unknown(rp) or d.is_unknown(rq):
            return known_side(p, rp, q, rq)
        fixed_meets_number = (_may_be_one(rp) and isinstance(rq, int)) or (_may_be_one(rq) and isinstance(rp, int))
        if fixed_meets_number:
            return rp if isinstance(rp, int) else rq
        conflict = self.judge.same(q, p, Side(self._whole(y, b), j), Side(self._whole(x, a), i))
        if conflict:
            self._conflict(conflict, y, j, kind="broadcast", other=x.label or None, other_axis=i)
        return p

    def _stray(self, x: TensorSpec, a: tuple[Any, ...], i: int, y: TensorSpec, b: tuple[Any, ...], j: int) -> NoReturn:
        at = {"argument": x.label or None, "axis": i, "other": y.label or None, "other_axis": j}
        detail = f"its size is that of axis {b.index(a[i])} there"
        self.fail("dim-mismatch", "broadcast", got=a[i], want=b[j], detail=detail, **at)

    def expand_to(self, x: TensorSpec, shape: tuple[Any, ...]) -> None:
        """Require a tensor to broadcast to a shape without enlarging it (masks, in-place operations).

        Raises:
            ShapeError: it surely does not.
        """
        out = self._broadcast(TensorSpec(shape), shape, x, x.parts)
        if not any(isinstance(p, Var) for p in (*out, *shape)):
            if len(out) > len(shape):
                self.fail("rank-mismatch", "ranks", argument=x.label or None, got=x.shape, want=shape)
            for i, (p, q) in enumerate(zip(out, shape, strict=True)):
                if q == 1 and never_one(p):
                    self.fail("dim-mismatch", "enlarge", argument=x.label or None, axis=i, got=p, want=1)

    def fresh(self, x: TensorSpec, count: int) -> TensorSpec:
        """A tensor of the same dtype and rank whose last `count` sizes are unknown."""
        parts = x.parts
        keep = parts[: len(parts) - count] if x.rank is not None else ()
        return x.with_shape((*keep, *(d.unknown("size") for _ in range(count))))


def never_one(size: Dim) -> bool:
    """Whether a size surely has the right to be no 1: a number that is none, or declared names."""
    return size != 1 if isinstance(size, int) else all(a.kind == d.RIGID for a in size.atoms)


def _may_be_one(size: Dim) -> bool:
    return isinstance(size, Poly) and any(a.kind == d.FIXED for a in size.atoms)


def with_side(parts: Sequence[Any], axis: int) -> Side:
    """The side of a comparison for one axis of a shape."""
    return Side(parts, axis) if parts else NO_SIDE


def replaced(parts: Iterable[Any], axis: int, size: Any) -> tuple[Any, ...]:
    """A shape with one axis given another size."""
    out = list(parts)
    out[axis] = size
    return tuple(out)
