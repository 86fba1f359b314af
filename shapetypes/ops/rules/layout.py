"""Shapes of the same elements: views, reshapes, and axes moved, added, removed or repeated."""

from __future__ import annotations

from collections import Counter
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.compare import Verdict
from shapetypes.core.dim import FIXED, Dim, Op, Poly
from shapetypes.core.dtype import element_bytes
from shapetypes.core.shape import UNIT, TensorSpec, Unknown, Var
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.promotion import named_dtype

Parts = tuple[Any, ...]


# -- views -------------------------------------------------------------------------------------------------------------


@rule
def view(call: Call, self: TensorSpec, size: Any) -> TensorSpec:
    """`"*s" -> "*r"` with as many elements; one -1 is worked out. Source: `torch.Tensor.view`."""
    return reshape(call, self, size)


@rule
def reshape(call: Call, input: TensorSpec, shape: Any) -> TensorSpec:
    """`"*s" -> "*r"` with as many elements; one -1 is worked out. Source: `torch.reshape`."""
    return TensorSpec(reshaped(call, input, input.parts, call.sizes(shape)), input.dtype)


@rule
def reshape_method(call: Call, self: TensorSpec, shape: Any) -> TensorSpec:
    """The same. Source: `torch.Tensor.reshape`."""
    return reshape(call, self, shape)


@rule
def reshape_as(call: Call, self: TensorSpec, other: TensorSpec) -> TensorSpec:
    """`"*s", "*r" -> "*r"`. Source: `torch.Tensor.view_as`."""
    if other.shape is None:
        return TensorSpec(None, self.dtype)
    return TensorSpec(reshaped(call, self, self.parts, other.parts), self.dtype)


def reshaped(call: Call, x: TensorSpec, parts: Parts, sizes: Parts) -> Parts:
    """The sizes with -1 worked out, so that there are as many elements as in `parts`.

    Raises:
        ShapeError: the numbers of elements surely differ.
    """
    free = [i for i, s in enumerate(sizes) if isinstance(s, int) and s < 0]
    for i in free:
        if sizes[i] != -1 or len(free) > 1:
            call.wrong(f"size[{i}]", sizes[i], "at least 0" if sizes[i] != -1 else "one -1 only")
    have, want = _without_common_vars(parts, tuple(s for i, s in enumerate(sizes) if i not in free))
    hidden = any(isinstance(p, Var) for p in (*have, *want))
    if hidden:
        return tuple(d.unknown("a size") if i in free else s for i, s in enumerate(sizes))
    n, m = d.product(have), d.product(want)
    if not free:
        _as_many(call, x, n, m, sizes)
        return sizes
    q = whole_part(call, x, n, m, sizes)
    return tuple(q if i in free else s for i, s in enumerate(sizes))


def _without_common_vars(have: Parts, want: Parts) -> tuple[Parts, Parts]:
    """Both shapes without the variadic parts that stand in both."""
    common = Counter(p for p in have if isinstance(p, Var)) & Counter(p for p in want if isinstance(p, Var))
    return _drop(have, common.copy()), _drop(want, common.copy())


def _drop(parts: Parts, gone: Counter[Var]) -> Parts:
    out = []
    for p in parts:
        if isinstance(p, Var) and gone[p]:
            gone[p] -= 1
        else:
            out.append(p)
    return tuple(out)


def _as_many(call: Call, x: TensorSpec, n: Dim, m: Dim, sizes: Parts) -> None:
    if n == m or _equal_if_divisible(call, n, m):
        return
    if call.judge.same(m, n):
        call.fail("dim-mismatch", "elements", argument=x.label or None, got=x.shape, want=sizes)


def _equal_if_divisible(call: Call, n: Dim, m: Dim) -> bool:
    """Whether the sizes are equal if every `a // b` in them leaves no rest; that becomes a fact then."""
    divisions = _divisions(m) + _divisions(n)
    if not divisions or call.judge.verdict(n, m) is not Verdict.UNKNOWN:
        return False
    trial = call.judge.fork()
    for by, a in divisions:
        trial.learn_divides(by, a)
    if not trial.equal(n, m):
        return False
    for by, a in divisions:
        call.judge.learn_divides(by, a)
    return True


def _divisions(size: Dim) -> list[tuple[Dim, Dim]]:
    atoms = [a for m, _ in d.terms_of(size) for a, _ in m]
    return [(a.args[1], a.args[0]) for a in atoms if isinstance(a, Op) and a.op == "//"]


def whole_part(call: Call, x: TensorSpec, n: Dim, m: Dim, sizes: Parts) -> Dim:
    """The size that -1 stands for: `n / m`, which leaves no rest.

    Raises:
        ShapeError: it surely leaves a rest.
    """
    n, m = without_common(call.judge.reduce(n), call.judge.reduce(m))
    if m == 0 or call.judge.divides(m, n) is Verdict.DIFFERENT:
        call.fail("indivisible", "elements", argument=x.label or None, got=x.shape, want=sizes)
    return call.judge.quotient(n, m)


def without_common(n: Dim, m: Dim) -> tuple[Dim, Dim]:
    """Two sizes without the factors that stand in both."""
    if not isinstance(n, Poly) or not isinstance(m, Poly):
        return n, m
    mine, theirs = dict(d.content(n)[1]), dict(d.content(m)[1])
    for a, p in mine.items():
        for _ in range(min(p, theirs.get(a, 0))):
            n, m = _over(n, d.atom(a)), _over(m, d.atom(a))
    return n, m


def _over(size: Dim, factor: Dim) -> Dim:
    out = d.exact_quotient(size, factor)
    return size if out is None else out


@rule
def view_dtype(call: Call, self: TensorSpec, dtype: Any) -> TensorSpec:
    """`"*s n" -> "*s m"`, the same bytes as another dtype. Source: `torch.Tensor.view` with a dtype."""
    new = named_dtype(dtype)
    old_bytes, new_bytes = element_bytes(self.dtype), element_bytes(new)
    if not old_bytes or not new_bytes:
        return TensorSpec(None if self.shape is None else (*self.parts[:-1], d.unknown("a size")), new)
    if old_bytes == new_bytes:
        return TensorSpec(self.shape, new)
    call.least(self, 1)
    last: Any = call.at(self, -1)
    if old_bytes > new_bytes:
        return TensorSpec((*self.parts[:-1], last * (old_bytes // new_bytes)), new)
    ratio = new_bytes // old_bytes
    call.divides(ratio, last, self, len(self.parts) - 1)
    return TensorSpec((*self.parts[:-1], call.judge.quotient(last, ratio)), new)


@rule
def flatten(call: Call, input: TensorSpec, start_dim: Any = 0, end_dim: Any = -1) -> TensorSpec:
    """`"*a *m *b" -> "*a product(m) *b"`. Source: `torch.flatten`."""
    if input.rank == 0:
        call.axis(input, start_dim)
        call.axis(input, end_dim)
        return TensorSpec((1,), input.dtype)
    first, last = call.place(input, start_dim), call.place(input, end_dim)
    if first > last:
        call.wrong("start_dim", first, f"at most {last}", detail="end_dim")
    middle = input.parts[first : last + 1]
    if len(middle) == 1 and not isinstance(middle[0], Var):
        return TensorSpec(input.shape, input.dtype)
    hidden = any(isinstance(p, Var) for p in middle)
    size = d.unknown("a size") if hidden else d.product(middle)  # type: ignore[arg-type]
    return TensorSpec((*input.parts[:first], size, *input.parts[last + 1 :]), input.dtype)


@rule
def ravel(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*s" -> "product(s)"`. Source: `torch.ravel`."""
    count = call.elements(input)
    return TensorSpec((d.unknown("a size") if count is None else count,), input.dtype)


@rule
def unflatten(call: Call, input: TensorSpec, dim: Any, sizes: Any) -> TensorSpec:
    """`"*a n *b" -> "*a *sizes *b"` with `n` elements in `sizes`. Source: `torch.unflatten`."""
    call.least(input, 1)
    at = call.place(input, dim)
    wanted = call.sizes((sizes,))
    if not wanted:
        call.wrong("sizes", (), "at least one size")
    axis = TensorSpec((input.parts[at],), None, input.label)
    inner = reshaped(call, axis, axis.parts, wanted)
    return TensorSpec((*input.parts[:at], *inner, *input.parts[at + 1 :]), input.dtype)


# -- axes in another order ---------------------------------------------------------------------------------------------


@rule
def transpose(call: Call, input: TensorSpec, dim0: Any, dim1: Any) -> TensorSpec:
    """`"*a m *b n *c" -> "*a n *b m *c"`. Source: `torch.transpose`."""
    i, j = call.place(input, dim0), call.place(input, dim1)
    if input.rank == 0:
        return input
    out = list(input.parts)
    out[i], out[j] = out[j], out[i]
    return TensorSpec(out, input.dtype)


@rule
def swap_axes(call: Call, input: TensorSpec, axis0: Any, axis1: Any) -> TensorSpec:
    """`"*a m *b n *c" -> "*a n *b m *c"`. Source: `torch.swapaxes`."""
    return transpose(call, input, axis0, axis1)


@rule
def matrix_transpose(call: Call, self: TensorSpec) -> TensorSpec:
    """`"*b m n" -> "*b n m"`. Source: `torch.Tensor.mT`, `torch.adjoint`."""
    call.least(self, 2)
    return transpose(call, self, -2, -1)


@rule
def adjoint(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*b m n" -> "*b n m"`; a vector stays as it is. Source: `torch.adjoint`."""
    return input if input.rank == 0 else matrix_transpose(call, input)


@rule
def transpose_2d(call: Call, input: TensorSpec) -> TensorSpec:
    """`"m n" -> "n m"`; vectors and scalars stay as they are. Source: `torch.t`."""
    call.rank(input, 0, 1, 2)
    return TensorSpec(reversed(input.parts), input.dtype)


@rule
def reverse_axes(call: Call, self: TensorSpec) -> TensorSpec:
    """`"a b c" -> "c b a"`. Source: `torch.Tensor.T`."""
    del call
    return TensorSpec(None if self.shape is None else reversed(self.parts), self.dtype)


@rule
def hermitian(call: Call, self: TensorSpec) -> TensorSpec:
    """`"m n" -> "n m"`. Source: `torch.Tensor.H`."""
    call.rank(self, 0, 2)
    return TensorSpec(reversed(self.parts), self.dtype)


@rule
def permute(call: Call, input: TensorSpec, dims: Any) -> TensorSpec:
    """`"a b c" -> "c a b"` for `dims=(2, 0, 1)`, which names every axis once. Source: `torch.permute`."""
    order = _listed(dims)
    rank = call.rank(input, len(order)) if not any(isinstance(i, (Var, Unknown)) for i in order) else None
    if rank is None:
        raise Unclear("the order of the axes is not known")
    return TensorSpec((input.parts[i] for i in call.axes(input, order)), input.dtype) if rank else input


@rule
def permute_method(call: Call, self: TensorSpec, dims: Any) -> TensorSpec:
    """The same. Source: `torch.Tensor.permute`."""
    return permute(call, self, dims)


def _listed(values: Any) -> tuple[Any, ...]:
    """Arguments given one by one or as one sequence."""
    if isinstance(values, (list, tuple)) and len(values) == 1 and isinstance(values[0], (list, tuple)):
        values = values[0]
    if isinstance(values, (int, Poly)):
        return (values,)
    if not isinstance(values, (list, tuple)):
        raise Unclear("an argument is not known")
    return tuple(values)


@rule
def move_axes(call: Call, input: TensorSpec, source: Any, destination: Any) -> TensorSpec:
    """`"a b c" -> "b c a"` for `source=0, destination=2`. Source: `torch.movedim`."""
    here, there = call.axes(input, source), call.axes(input, destination)
    if len(here) != len(there):
        call.fail("rank-mismatch", "count", name="axes", got=len(there), want=len(here))
    if input.rank == 0:
        return input
    rest = iter(p for i, p in enumerate(input.parts) if i not in here)
    moved = dict(zip(there, here, strict=True))
    return TensorSpec(
        (input.parts[moved[i]] if i in moved else next(rest) for i in range(len(input.parts))), input.dtype
    )


# -- axes of size 1 ----------------------------------------------------------------------------------------------------


@rule
def unsqueeze(call: Call, input: TensorSpec, dim: Any) -> TensorSpec:
    """`"*a *b" -> "*a 1 *b"`. Source: `torch.unsqueeze`."""
    i = call.integer(dim)
    parts = input.parts
    if input.rank is not None:
        at = call.axis(input, i, extra=1)
    else:
        passed = parts[:i] if i >= 0 else parts[len(parts) + 1 + i :]
        if any(isinstance(p, Var) for p in passed) or len(passed) < (i if i >= 0 else -i - 1):
            raise Unclear("the rank is not known")
        at = i if i >= 0 else len(parts) + 1 + i
    return TensorSpec((*parts[:at], UNIT, *parts[at:]), input.dtype)


@rule
def squeeze(call: Call, input: TensorSpec, dim: Any = None) -> TensorSpec:
    """`"*a 1 *b" -> "*a *b"`; axes that are not 1 stay. Source: `torch.squeeze`."""
    if dim is None:
        if any(isinstance(p, Var) for p in input.parts):
            raise Unclear("the rank is not known")
        places = tuple(range(len(input.parts)))
    else:
        if isinstance(dim, int) and input.rank is None and call.variadic_at(input, dim) is not None:
            return input  # an axis of a name is not 1
        places = call.places(input, dim)
        if input.rank == 0:
            return input
    gone = [i for i in places if _is_one(call, input.parts[i], named=dim is not None)]
    return TensorSpec((p for i, p in enumerate(input.parts) if i not in gone), input.dtype)


@rule
def squeeze_method(call: Call, self: TensorSpec, dim: Any = None) -> TensorSpec:
    """The same. Source: `torch.Tensor.squeeze`."""
    return squeeze(call, self, _listed(dim) if isinstance(dim, (list, tuple)) else dim)


def _is_one(call: Call, size: Any, named: bool) -> bool:
    """Whether `squeeze` removes an axis; a name is never 1, a configured size may be where the axis is named.

    Raises:
        Unclear: it is not known.
    """
    n = call.judge.reduce(size)
    if isinstance(n, int):
        return n == 1
    if d.is_unknown(n) or (named and any(a.kind == FIXED for a in n.atoms)):
        raise Unclear("whether an axis is 1 is not known")
    return False


# -- larger shapes -----------------------------------------------------------------------------------------------------


@rule
def expand(call: Call, input: TensorSpec, size: Any) -> TensorSpec:
    """`"*#s" -> "*size"`, -1 keeps an axis, new ones come first. Source: `torch.Tensor.expand`."""
    return TensorSpec(expanded(call, input, call.sizes(size)), input.dtype)


@rule
def expand_method(call: Call, self: TensorSpec, size: Any) -> TensorSpec:
    """The same. Source: `torch.Tensor.expand`."""
    return expand(call, self, size)


@rule
def expand_as(call: Call, self: TensorSpec, other: TensorSpec) -> TensorSpec:
    """`"*#s", "*s" -> "*s"`. Source: `torch.Tensor.expand_as`."""
    if other.shape is None:
        return TensorSpec(None, self.dtype)
    return TensorSpec(expanded(call, self, other.parts), self.dtype)


def expanded(call: Call, x: TensorSpec, sizes: Parts) -> Parts:
    """The sizes with -1 replaced by the axis that it keeps.

    Raises:
        ShapeError: an axis that is not 1 would become another size.
    """
    rank = x.rank
    if any(isinstance(s, Var) for s in sizes) or rank is None:
        return tuple(d.unknown("a size") if isinstance(s, int) and s == -1 else s for s in sizes)
    if len(sizes) < rank:
        call.fail("rank-mismatch", "ranks", argument=x.label or None, got=x.shape, want=sizes)
    new = len(sizes) - rank
    if -1 in sizes[:new]:
        call.least(x, len(sizes) - sizes.index(-1))  # each -1 keeps an axis
    for i, s in enumerate(sizes):
        if isinstance(s, int) and s < (0 if i < new else -1):
            call.wrong(f"size[{i}]", s, "at least 0" if i < new else "at least -1")
    out = tuple(x.parts[i - new] if isinstance(s, int) and s == -1 else s for i, s in enumerate(sizes))
    call.expand_to(x, out)
    return out


@rule
def repeat(call: Call, self: TensorSpec, repeats: Any) -> TensorSpec:
    """`"a b" -> "n r*a s*b"` for `repeat(n, r, s)`. Source: `torch.Tensor.repeat`."""
    times = call.sizes(repeats)
    rank = call.rank(self)
    if any(isinstance(t, Var) for t in times):
        raise Unclear("the number of repeats is not known")
    if len(times) < rank:
        call.fail("rank-mismatch", "count", argument=self.label or None, name="repeats", got=len(times), want=rank)
    return TensorSpec(_multiplied(call, self.parts, times), self.dtype)


@rule
def tile(call: Call, input: TensorSpec, dims: Any) -> TensorSpec:
    """`"a b" -> "r*a s*b"`; missing repeats and axes count as 1. Source: `torch.tile`."""
    times = call.sizes(dims)
    if any(isinstance(t, Var) for t in times):
        raise Unclear("the number of repeats is not known")
    times = (1,) * (call.rank(input) - len(times)) + times
    return TensorSpec(_multiplied(call, input.parts, times), input.dtype)


@rule
def tile_method(call: Call, self: TensorSpec, dims: Any) -> TensorSpec:
    """The same. Source: `torch.Tensor.tile`."""
    return tile(call, self, dims)


def _multiplied(call: Call, parts: Parts, times: Parts) -> Parts:
    new = len(times) - len(parts)
    out = tuple(t if i < new else _times(parts[i - new], t) for i, t in enumerate(times))
    for i, size in enumerate(out):
        if isinstance(size, int) and size < 0:
            call.wrong(f"repeats[{i}]", times[i], "at least 0")
    return out


def _times(size: Any, by: Any) -> Any:
    return by if size == 1 else size if by == 1 else size * by


@rule
def repeat_interleave(
    call: Call, input: TensorSpec, repeats: Any, dim: Any = None, output_size: Any = None
) -> TensorSpec:
    """`"*a n *b" -> "*a r*n *b"`; without an axis everything is flat. Source: `torch.repeat_interleave`."""
    if dim is None:
        count = call.elements(input)
        x = TensorSpec((d.unknown("a size") if count is None else count,), input.dtype, input.label)
        at = 0
    else:
        if input.rank == 0:
            call.fail("rank-mismatch", "no-axis", argument=input.label or None, axis=dim, got=(), want=0)
        x, at = input, call.place(input, dim)
    size: Any = _interleaved(call, x, at, repeats, output_size)
    if x.rank == 0:
        return TensorSpec((size,), input.dtype)
    return TensorSpec((*x.parts[:at], size, *x.parts[at + 1 :]), input.dtype)


def _interleaved(call: Call, x: TensorSpec, at: int, repeats: Any, output_size: Any) -> Dim:
    if isinstance(repeats, int) and repeats < 0:
        call.wrong("repeats", repeats, "at least 0")
    n: Any = 1 if x.rank == 0 else x.parts[at]
    if isinstance(repeats, (int, Poly)):
        return n * repeats  # type: ignore[no-any-return]
    if isinstance(repeats, TensorSpec):
        call.dtype(repeats, "Integer")
        if repeats.rank is not None and call.rank(repeats, 0, 1) and repeats.shape != (1,):
            call.match(TensorSpec((n,), None, x.label), 0, repeats, 0)
    return output_size if isinstance(output_size, (int, Poly)) else d.unknown("the sum of the repeats")


@rule
def repeats_alone(call: Call, repeats: TensorSpec, output_size: Any = None) -> TensorSpec:
    """`Int "n" -> Int "m"`, `m` is the sum of the values. Source: `torch.repeat_interleave` of one tensor."""
    call.rank(repeats, 1)
    call.dtype(repeats, "Integer")
    size = output_size if isinstance(output_size, (int, Poly)) else d.unknown("the sum of the repeats")
    return TensorSpec((size,), repeats.dtype)


@rule
def windows(call: Call, self: TensorSpec, dimension: Any, size: Any, step: Any) -> TensorSpec:
    """`"*a n *b" -> "*a (n-size)//step+1 *b size"`. Source: `torch.Tensor.unfold`."""
    at = call.place(self, dimension)
    length, by = call.size(size), call.size(step)
    n: Any = 1 if self.rank == 0 else self.parts[at]
    if isinstance(by, int) and by <= 0:
        call.wrong("step", by, "at least 1")
    room = call.judge.reduce(n - length)
    if (isinstance(room, int) and room < 0) or (isinstance(length, int) and length < 0):
        call.wrong("size", length, f"at most {n}", self.label or None)
    if self.rank == 0:
        return TensorSpec((length,), self.dtype)
    count = d.floordiv(room, by) + 1
    return TensorSpec((*self.parts[:at], count, *self.parts[at + 1 :], length), self.dtype)


# -- functions that copy what the method of the same name views --------------------------------------------------------


@rule
def view_of(call: Call, input: TensorSpec, size: Any) -> TensorSpec:
    """The same as `view`. Source: `torch.view_copy`."""
    return reshape(call, input, size)


@rule
def view_dtype_of(call: Call, input: TensorSpec, dtype: Any) -> TensorSpec:
    """The same as `view` with a dtype. Source: `torch.view_copy`."""
    return view_dtype(call, input, dtype)


@rule
def windows_of(call: Call, input: TensorSpec, dimension: Any, size: Any, step: Any) -> TensorSpec:
    """The same as `unfold`. Source: `torch.unfold_copy`."""
    return windows(call, input, dimension, size, step)
