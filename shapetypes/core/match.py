"""Matching tensors with axis strings: names are bound first, expressions evaluated last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shapetypes.core import spec as sp
from shapetypes.core.dim import RIGID, Dim
from shapetypes.core.dtype import DTypes, as_set
from shapetypes.core.fault import Fault, Operand, Origin
from shapetypes.core.judge import Conflict, Judge, Side
from shapetypes.core.scope import Binding, Scope
from shapetypes.core.shape import ANY, CUT, TensorSpec, Unknown, Var, least_rank, unknown_var
from shapetypes.core.spec import Axis, Spec

Hole = Callable[[str], Dim]


@dataclass(frozen=True, slots=True)
class _Later:
    """An expression axis that waits for its names."""

    label: str
    axis: Axis
    index: int
    size: Any
    parts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the sizes that a variadic name stands for."""

    size: Any
    axis: Axis


class Matcher:
    """Matches the tensors of one call (or one layer, or one return) with their axis strings.

    Args:
        scope: The names; matched ones are bound in it, so give it a trial.
        judge: Compares sizes.
        subject: The function or layer as a person knows it, for faults.
        hole: Gives the size of a `{...}` in an axis; without it such axes are not checked.
        what: The kind of origin that new bindings get.
    """

    def __init__(
        self, scope: Scope, judge: Judge, subject: str = "", hole: Hole | None = None, what: str = "argument"
    ) -> None:
        self.scope = scope
        self.judge = judge
        self.subject = subject
        self.hole = hole
        self.what = what
        self.operands: list[Operand] = []
        self.unbound: list[tuple[str, str]] = []
        self._later: list[_Later] = []

    def take(self, label: str, spec: Spec, tensor: TensorSpec, dtypes: DTypes = None, group: str = "") -> Fault | None:
        """Match one tensor; its expression axes wait for `finish`.

        Args:
            label: The argument's name, or `return`.
            spec: Its axis string.
            tensor: What is known of it.
            dtypes: The dtypes it may have; None for any.
            group: What the user calls these dtypes (`Float`).

        Returns:
            None, or the first fault.
        """
        self.operands.append(Operand(label, tensor.shape, tensor.dtype, spec.text))
        have = as_set(tensor.dtype)
        if dtypes is not None and have is not None and have.isdisjoint(dtypes):
            return self._fault(
                Fault("dtype-mismatch", "dtype", self.subject, label, got=tensor.dtype, want=group or dtypes)
            )
        if tensor.shape is None:
            return None
        parts = tensor.parts
        pattern = self._expand(spec)
        if not _may_align(pattern, parts):
            bound = None if any(map(_variadic, pattern)) else self._bound_variadic(spec)
            want = len(pattern) if bound is not None else spec.text
            return self._fault(Fault("rank-mismatch", "rank", self.subject, label, got=tensor.shape, want=want), bound)
        if self.judge.strict and not self._looked_at(parts) and not _may_be_same(pattern, parts):
            return self._fault(Fault("rank-mismatch", "rank", self.subject, label, got=tensor.shape, want=spec.text))
        return self._align(label, pattern, parts)

    def mistyped(self, label: str, got: str, want: str) -> Fault:
        """The fault of a value that is no tensor at all."""
        return self._fault(Fault("rank-mismatch", "type", self.subject, label, got=got, want=want))

    def finish(self) -> Fault | None:
        """Check the expression axes, now that all names are bound."""
        later, self._later = self._later, []
        for item in later:
            try:
                want = self.evaluate(item.axis)
            except sp.UnboundName as error:
                self.unbound.append((item.label, str(error)))
                continue
            except ZeroDivisionError:
                continue
            fault = self._same(item.label, item.index, item.size, want, item.axis, item.parts)
            if fault:
                return fault
        return None

    def save(self) -> tuple[Any, ...]:
        """Everything that matching changes, to `restore` when an alternative fails."""
        return self.scope.save(), self.judge.fork(), len(self.operands), len(self.unbound), tuple(self._later)

    def restore(self, saved: tuple[Any, ...]) -> None:
        """Go back to what `save` gave."""
        own, judge, operands, unbound, later = saved
        self.scope.restore(own)
        self.judge = judge.fork()
        del self.operands[operands:], self.unbound[unbound:]
        self._later = list(later)

    def evaluate(self, axis: Axis) -> Dim:
        """The size that an axis expression stands for.

        Raises:
            UnboundName: a name has no size yet.
            ZeroDivisionError: a divisor is 0.
        """
        assert axis.expr is not None

        def lookup(name: str) -> Dim:
            if name.startswith("hole") and name.endswith("_") and axis.holes:
                if self.hole is None:
                    raise sp.UnboundName(name)
                return self.hole(axis.holes[int(name[4:-1])])
            found = self.scope.get(name)
            if found is None:
                raise sp.UnboundName(name)
            size: Dim = found.size
            return size

        return sp.evaluate(axis.expr, lookup)

    def _bound_variadic(self, spec: Spec) -> Axis | None:
        """The variadic axis of a spec whose name already stands for certain sizes."""
        axis = spec.axes[spec.variadic] if spec.variadic is not None else None
        return axis if axis is not None and self.scope.get("*" + axis.name) is not None else None

    # -- alignment --------------------------------------------------------------------------------------------

    def _expand(self, spec: Spec) -> list[Any]:
        """The axes, with variadic names that are bound replaced by their parts."""
        out: list[Any] = []
        for axis in spec.axes:
            bound = self.scope.get("*" + axis.name) if axis.kind == sp.VAR and axis.name else None
            if bound is None or axis.broadcast or bound.broadcast:
                out.append(axis)
            else:
                out += [part if isinstance(part, Var) else _Part(part, axis) for part in bound.size]
        return out

    def _align(self, label: str, pattern: list[Any], parts: tuple[Any, ...]) -> Fault | None:
        front, back = 0, 0
        p, g = len(pattern), len(parts)
        while front < p and front < g and _pairs(pattern[front], parts[front]):
            front += 1
        while back < min(p, g) - front and _pairs(pattern[-1 - back], parts[-1 - back]):
            back += 1
        pairs = [(pattern[i], i) for i in range(front)]
        pairs += [(pattern[p - back + i], g - back + i) for i in range(back)]
        for want, i in pairs:
            fault = self._axis(label, want, i, parts)
            if fault:
                return fault
        return self._middle(label, pattern[front : p - back], parts, front, g - back)

    def _middle(self, label: str, rest: list[Any], parts: tuple[Any, ...], start: int, end: int) -> Fault | None:
        """What is left between the pairs: a variadic name takes it, or it is not known."""
        if end - start == len(rest) == 1 and _other_part(rest[0], parts[start]):
            return self._fault(Fault("dim-mismatch", "axis", self.subject, label, start, None, parts[start], rest[0]))
        free = [item for item in rest if _variadic(item) and isinstance(item, Axis)]
        if self.judge.strict and free and start < end and not self._looked_at(parts):
            for want, i in ((rest[0], start), (rest[-1], end - 1)):
                known = self._size(want)
                if known is not None and _chosen(parts[i]):
                    return self._fault(Fault("dim-mismatch", "axis", self.subject, label, i, None, parts[i], known))
        if len(rest) == 1 and free:
            return self._bind_variadic(label, free[0], parts, start, end)
        for axis in free:
            if axis.name and not axis.broadcast and self.scope.get("*" + axis.name) is None:
                none_left = start == end
                size: tuple[Any, ...] = () if none_left else (unknown_var(),)
                self.scope.bind("*" + axis.name, size, Origin(self.what, label, size, dim=axis.name))
        return None

    def _looked_at(self, parts: tuple[Any, ...]) -> bool:
        """Whether the code has looked at the number of axes: it may know more of it than is written."""
        return any(isinstance(part, Var) and part in self.judge.soft for part in parts)

    def _size(self, want: Any) -> Any:
        """The size that a single axis of a pattern has by now, or None."""
        if isinstance(want, _Part):
            return want.size
        found = self.scope.get(want.name) if isinstance(want, Axis) and want.kind == sp.NAME else None
        return None if found is None else found.size

    def _bind_variadic(self, label: str, axis: Axis, parts: tuple[Any, ...], start: int, end: int) -> Fault | None:
        size = parts[start:end]
        if not axis.name:
            return None
        name = "*" + axis.name
        found = self.scope.get(name)
        if found is not None:
            return self._broadcast_variadic(label, axis, found, parts, start, end)
        self.scope.bind(name, size, Origin(self.what, label, size, start, dim=axis.name), axis.broadcast)
        return None

    def _broadcast_variadic(
        self, label: str, axis: Axis, found: Binding, parts: tuple[Any, ...], start: int, end: int
    ) -> Fault | None:
        """Merge with what is bound. Without `#`, neither side may be enlarged by the other."""
        size, bound = parts[start:end], found.size
        longest = bound if len(bound) >= len(size) else size
        too_many = (not axis.broadcast and len(bound) > len(size)) or (not found.broadcast and len(size) > len(bound))
        if too_many and not any(isinstance(part, Var) for part in (*size, *bound)):
            return self._fault(
                Fault(
                    "rank-mismatch", "rank", self.subject, label, got=parts, want=len(parts) - len(size) + len(bound)
                ),
                axis,
            )
        merged = list(longest)
        for back in range(1, min(len(bound), len(size)) + 1):
            mine, theirs = size[-back], bound[-back]
            if isinstance(mine, Var) or isinstance(theirs, Var):
                merged = [unknown_var(), *merged[len(merged) - back + 1 :]]
                break
            if theirs == 1 and found.broadcast:
                merged[-back] = mine
            elif mine == 1 and axis.broadcast:
                merged[-back] = theirs
            else:
                fault = self._same(label, end - back, mine, theirs, axis, parts)
                if fault:
                    return fault
        both = axis.broadcast and found.broadcast
        self.scope.bind("*" + axis.name, tuple(merged), Origin(self.what, label, tuple(merged), dim=axis.name), both)
        return None

    def _axis(self, label: str, want: Any, i: int, parts: tuple[Any, ...]) -> Fault | None:
        size = parts[i]
        if isinstance(want, _Part):
            conflict = self.judge.same(size, want.size, Side(parts, i))
            return self._fault(axis_fault(conflict, self.subject, label, i, None), want.axis) if conflict else None
        if not isinstance(want, Axis):
            return None
        if want.kind == sp.ANY or (want.broadcast and size == 1 and want.kind != sp.NAME):
            return None
        if want.kind == sp.EXPR:
            self._later.append(_Later(label, want, i, size, parts))
            return None
        if want.kind == sp.FIXED:
            return self._same(label, i, size, want.size, want, parts)
        return self._named(label, want, i, parts)

    def _named(self, label: str, axis: Axis, i: int, parts: tuple[Any, ...]) -> Fault | None:
        size = parts[i]
        found = self.scope.get(axis.name)
        if found is None:
            self.scope.bind(axis.name, size, Origin(self.what, label, size, i, dim=axis.name), axis.broadcast)
            return None
        if axis.broadcast and size == 1:
            return None
        if found.broadcast and found.size == 1:
            self.scope.bind(axis.name, size, Origin(self.what, label, size, i, dim=axis.name), axis.broadcast)
            return None
        return self._same(label, i, size, found.size, axis, parts)

    def _same(self, label: str, i: int, got: Any, want: Any, axis: Axis | None, parts: Sequence[Any]) -> Fault | None:
        conflict = self.judge.same(got, want, Side(parts, i))
        if conflict is None:
            return None
        return self._fault(axis_fault(conflict, self.subject, label, i, axis), axis)

    def _fault(self, fault: Fault, axis: Axis | None = None) -> Fault:
        """Add the table of operands and who bound the names."""
        operands = tuple(self.operands)
        if operands and fault.axis is not None:
            last = operands[-1] if operands[-1].name == fault.argument else None
            operands = tuple(
                Operand(o.name, o.shape, o.dtype, o.spec, fault.axis)
                if o is last or (last is None and o.name == fault.argument)
                else o
                for o in operands
            )
        return fault.but(operands=operands, origins=(*self._origins(axis), *fault.origins))

    def _origins(self, axis: Axis | None) -> tuple[Origin, ...]:
        if axis is None:
            return ()
        names = [("*" if axis.kind == sp.VAR else "") + axis.name] if axis.name else sorted(axis.names)
        found = [self.scope.get(name) for name in names]
        return tuple(b.origin for b in found if b is not None)


def axis_fault(conflict: Conflict, subject: str, label: str, i: int, axis: Axis | None) -> Fault:
    """The fault for a conflict at one axis of an argument."""
    kind = "twin" if conflict.code == "axis-order" else "axis"
    text = axis.text.lstrip("#*") if axis is not None and axis.kind != sp.FIXED else None
    return Fault(conflict.code, kind, subject, label, i, text, conflict.got, conflict.want, origins=conflict.origins)


def _variadic(item: Any) -> bool:
    return isinstance(item, Var) or (isinstance(item, Axis) and item.kind == sp.VAR)


def _other_part(want: Any, have: Any) -> bool:
    """Whether two variadic parts that are to be the same are those of two names, or one is a mix of several."""
    if not (isinstance(want, Var) and isinstance(have, Var)) or want == have or want.kind != RIGID:
        return False
    return have.kind == CUT or (have.kind == RIGID and have.owner == want.owner)


def _chosen(part: Any) -> bool:
    """Whether this stands for axes of which the caller chooses the number."""
    return isinstance(part, Var) and part.kind in (RIGID, ANY)


def _pairs(want: Any, part: Any) -> bool:
    """Whether these two stand for the same single axis, or for the same variadic part."""
    if _variadic(want) or isinstance(part, Var):
        return bool(want == part)
    return True


def _may_align(pattern: list[Any], parts: tuple[Any, ...]) -> bool:
    """Whether the number of axes can be right."""
    vars_want = [item for item in pattern if _variadic(item)]
    vars_have = [part for part in parts if isinstance(part, Var)]
    want, have = len(pattern) - len(vars_want), least_rank(parts)
    if vars_want == vars_have:
        return want == have
    if not vars_want:
        return have <= want
    return bool(vars_have) or want <= have


def _may_be_same(pattern: list[Any], parts: tuple[Any, ...]) -> bool:
    """Where nothing is identified, whether a shape is one of the pattern however long its rigid variadic parts are."""
    want = [(i, item) for i, item in enumerate(pattern) if _variadic(item)]
    have = [(i, part) for i, part in enumerate(parts) if isinstance(part, Var)]
    if all(isinstance(item, Var) and item.kind == RIGID for _, item in want) and any(v.kind == CUT for _, v in have):
        return False  # one axis of a rigid part is gone: what is left is no such part
    if not have or not all(_chosen(var) for _, var in have):
        return True
    if not want:
        return False
    if all(isinstance(item, Axis) for _, item in want):
        return len(pattern) - len(want) <= len(parts) - len(have)  # what a caller chooses may be no axes
    if any(not isinstance(item, Var) or item.kind != RIGID for _, item in want + have):
        return True
    return [v for _, v in want] == [v for _, v in have] and (len(have) != 1 or want == have)


def resolve(spec: Spec, scope: Scope, matcher: Matcher) -> tuple[Any, ...]:
    """The shape that an axis string stands for, sizes of unbound names as `Unknown`."""
    out: list[Any] = []
    for axis in spec.axes:
        if axis.kind == sp.FIXED:
            out.append(axis.size)
        elif axis.kind == sp.NAME:
            found = scope.get(axis.name)
            out.append(Unknown(f"`{axis.name}` is not bound") if found is None else found.size)
        elif axis.kind == sp.VAR:
            found = scope.get("*" + axis.name) if axis.name else None
            out += (unknown_var(),) if found is None else found.size
        elif axis.kind == sp.ANY:
            out.append(Unknown("anonymous axis"))
        else:
            try:
                out.append(matcher.evaluate(axis))
            except (sp.UnboundName, ZeroDivisionError) as error:
                out.append(Unknown(str(error)))
    return tuple(out)
