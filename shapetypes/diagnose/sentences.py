"""One sentence for each kind of fault.

Sentences are lowercase without a final stop, have code in backticks, and always say "is X, expected Y".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Final

from shapetypes.core.dim import Poly
from shapetypes.core.fault import CODES, Fault, Origin
from shapetypes.core.shape import TensorSpec, Var, least_rank
from shapetypes.diagnose import words as w

_BOUNDS: Final = {"least": "at least ", "most": "at most "}
"""Kinds, and details of other kinds, that make what is wanted a bound."""


def headline(fault: Fault) -> str:
    """The fault in one line that stands alone, without its code.

    Example: "`attn()` argument `k`: axis 2 (`D`) is 6, expected 4".
    """
    return SENTENCES.get(fault.kind, _other)(fault)


def label(fault: Fault) -> str:
    """A few words to stand beside the caret; empty when the headline has said it all."""
    make = _LABELS.get(fault.kind)
    return make(fault) if make else ""


# -- axes ------------------------------------------------------------------------------------------------------------


def _lead(fault: Fault, text: str) -> str:
    who = w.who(fault)
    return f"{who}: {text}" if who else text


def _subject_axis(fault: Fault, *sides: object) -> str:
    """`axis 2 (`D`)`; the name is left out where it stands in the sentence anyway."""
    assert fault.axis is not None
    text = w.axis(fault, fault.axis, fault.argument)
    shown = fault.name and fault.name not in [w.plain(side) for side in sides]
    return f"{text} ({w.code(fault.name)})" if shown else text


def _axis(fault: Fault) -> str:
    if fault.axis is None:
        return _value(fault)
    got, want = w.known_size(fault, fault.got), w.known_size(fault, fault.want)
    text = f"{_subject_axis(fault, fault.got, fault.want)} is {got}, expected {_bound(fault)}{want}"
    return _lead(fault, text + _remainder(fault) + _detail(fault))


def _axis_label(fault: Fault) -> str:
    if fault.axis is None:
        return _value_label(fault)
    text = f"{w.axis(fault, fault.axis, fault.argument)} is {w.plain(fault.got)}"
    want = _bound(fault) + w.plain(fault.want)
    if fault.name and fault.name not in (want, w.plain(fault.got)):
        return f"{text}, but {w.clean(fault.name)} is {want}"
    return f"{text}, expected {want}"


def _remainder(fault: Fault) -> str:
    """Why no whole number fits: 10 is not a multiple of 3."""
    if fault.code != "indivisible":
        return ""
    sides = (fault.got, fault.want)
    whole = next((s for s in sides if isinstance(s, int)), None)
    term = next((s for s in sides if isinstance(s, Poly)), None)
    if whole is None or term is None or len(term.terms) != 1 or abs(term.terms[0][1]) == 1:
        return ""
    return f": {whole} is not a multiple of {abs(term.terms[0][1])}"


def _detail(fault: Fault) -> str:
    return f" ({w.clean(fault.detail)})" if fault.detail and fault.detail not in _BOUNDS else ""


def _other_axis(fault: Fault) -> str:
    """Where the other side stands: (axis 1 of `q`)."""
    if not fault.other:
        return ""
    if fault.other_axis is None:
        return f" (in {w.of_whom(fault, fault.other)})"
    return f" ({w.axis(fault, fault.other_axis, fault.other)} of {w.of_whom(fault, fault.other)})"


def _match(fault: Fault) -> str:
    if fault.axis is None:
        return _value(fault)
    got, want = w.known_size(fault, fault.got), w.known_size(fault, fault.want)
    axis = _subject_axis(fault, fault.got, fault.want)
    return _lead(fault, f"{axis} is {got}, expected {want}{_other_axis(fault)}{_detail(fault)}")


def _broadcast(fault: Fault) -> str:
    if fault.code == "broadcast-surprise":
        return _outer(fault)
    if fault.axis is None:
        return _value(fault)
    got, want = w.known_size(fault, fault.got), w.known_size(fault, fault.want)
    axis = _subject_axis(fault, fault.got, fault.want)
    return _lead(fault, f"{axis} is {got}, expected {want}{_other_axis(fault)} or 1{_detail(fault)}")


def _twin(fault: Fault) -> str:
    twin = _twin_of(fault)
    if twin is None:
        return _axis(fault)
    known = "" if w.is_unknown(twin.name) else f" ({w.size(twin.name)})"
    stands = w.size(twin.size) if twin.stands == w.plain(twin.size) else f"{w.code(twin.stands)} = {w.plain(twin.size)}"
    text = f"{twin.here}{known} is used as {w.size(twin.size)}, but {stands} is {twin.there}"
    return _lead(fault.but(argument=twin.operand), text + _whole(fault, twin))


@dataclass(frozen=True, slots=True)
class _Twin:
    """A size that stands at another axis of the same operand, in words.

    Attributes:
        operand: The operand.
        here: The axis whose size would become the other one's.
        name: The size at that axis.
        size: The size that it would become.
        index: The index of the axis where that size stands already.
        there: That axis.
        stands: What is written there.
    """

    operand: str | None
    here: str
    name: object
    size: object
    index: int
    there: str
    stands: str


def _twin_of(fault: Fault) -> _Twin | None:
    """The twin that the fault's origins tell; it stands in the operand at fault, or in the other one."""
    twin = next((o for o in fault.origins if o.what == "twin"), None)
    if twin is None or twin.axis is None or fault.axis is None:
        return None
    sides = [(fault.argument, fault.axis), (fault.other, fault.other_axis)]
    found = next(
        (side for side in sides if side[1] not in (None, twin.axis) and _stands(fault, side[0], twin)), sides[0]
    )
    operand, axis = found[0], found[1] if found[1] is not None else fault.axis
    shape = _shape(fault, operand)
    written = w.plain(twin.size) if shape is None or not 0 <= twin.axis < len(shape) else w.plain(shape[twin.axis])
    if written != w.plain(twin.size) and not isinstance(twin.size, int):
        return None  # a name that came to be another name: to say what the axes are says more
    name = fault.got if found is sides[0] else fault.want
    if w.plain(name) == w.plain(twin.size):  # a size in the place of a name
        name = fault.want if found is sides[0] else fault.got
    here, there = w.axis(fault, axis, operand), w.axis(fault, twin.axis, operand)
    return _Twin(operand, here, name, twin.size, twin.axis, there, written)


def _shape(fault: Fault, label: str | None) -> tuple[Any, ...] | None:
    found = w.operand(fault, label)
    return None if found is None else found.shape


def _stands(fault: Fault, label: str | None, twin: Origin) -> bool:
    """Whether the twin's size stands at its axis of this operand."""
    shape = _shape(fault, label)
    if shape is None or twin.axis is None or not 0 <= twin.axis < len(shape):
        return False
    there = shape[twin.axis]
    known = w.settled(fault, there)
    return w.plain(twin.size) in (w.plain(there), w.plain(known.size) if known else None)


def _whole(fault: Fault, twin: _Twin) -> str:
    """The tensor whose axes are in the wrong order: as annotated when that shows the axis, otherwise its shape."""
    found = w.operand(fault, twin.operand)
    if found is None:
        return ""
    axes = (found.spec or "").split()
    if found.shape is not None and len(axes) == len(found.shape) > twin.index and axes[twin.index] == twin.stands:
        return f' (of "{w.clean(found.spec or "")}")'
    return "" if found.shape is None else f" (of {w.plain(found.shape)})"


def _twin_label(fault: Fault) -> str:
    twin = _twin_of(fault)
    return (
        _axis_label(fault) if twin is None else f"{twin.here} is used as {twin.size}, but {twin.size} is {twin.there}"
    )


# -- whole tensors ---------------------------------------------------------------------------------------------------


def _rank_got(got: Any) -> str:
    if isinstance(got, TensorSpec):
        got = got.shape
    if not isinstance(got, (tuple, list)):
        return w.plain(got)
    least = least_rank(got)
    return str(least) if least == len(got) else f"at least {least}"


def _rank_want(want: Any) -> str:
    if isinstance(want, str):
        axes = re.sub(r"\([^()]*\)", "()", want).split()  # einops: a group is one axis
        several = sum(axis.lstrip("#?").startswith(("*", "...")) for axis in axes)
        count = f"at least {len(axes) - several}" if several else str(len(axes))
        return f'{count} ("{w.clean(want)}")'
    if isinstance(want, (tuple, list, set, frozenset)):
        shape_like = any(isinstance(part, (Poly, Var)) for part in want)
        return _rank_got(tuple(want)) if shape_like else w.either(sorted(want) if want else ["?"])
    return w.plain(want)


def _rank(fault: Fault) -> str:
    got = _rank_got(fault.got)
    shape = f" in {w.plain(fault.got)}" if isinstance(fault.got, (tuple, list, TensorSpec)) else ""
    other = f", as in {w.of_whom(fault, fault.other)}" if fault.other else ""
    want = _bound(fault) + _rank_want(fault.want)
    if shape and got.startswith("at least") and isinstance(fault.want, str) and want.startswith(f"{got} ("):
        return _lead(fault, f'axes are {w.plain(fault.got)}, expected "{w.clean(fault.want)}"{other}{_detail(fault)}')
    return _lead(fault, f"number of axes is {got}{shape}, expected {want}{other}{_detail(fault)}")


def _bound(fault: Fault) -> str:
    return _BOUNDS.get(fault.kind) or _BOUNDS.get(fault.detail, "")


def _order(fault: Fault) -> str:
    """Two axis strings for one value that have the same axes in another order."""
    return _lead(fault, f'the axes are declared as "{fault.got}", elsewhere as "{fault.want}"')


def _ranks(fault: Fault) -> str:
    """Two tensors that must have as many axes as each other."""
    want = _rank_got(fault.want)
    shape = f" of {w.plain(fault.want)}" if isinstance(fault.want, (tuple, list)) else ""
    other = f", as in {w.of_whom(fault, fault.other)}{shape}" if fault.other else f" for {w.plain(fault.want)}"
    text = f"number of axes is {_rank_got(fault.got)} in {w.plain(fault.got)}, expected {want}{other}"
    return _lead(fault, text + _detail(fault))


def _no_axis(fault: Fault) -> str:
    rank = fault.want if isinstance(fault.want, int) else None
    span = "" if rank is None else f", expected {-max(rank, 1)} to {max(rank, 1) - 1}"
    shape = f" for {w.plain(fault.got)}" if isinstance(fault.got, (tuple, list)) else ""
    return _lead(fault, f"axis is {fault.axis}{span}{shape}{_detail(fault)}")


def _axis_twice(fault: Fault) -> str:
    shape = f" of {w.plain(fault.got)}" if isinstance(fault.got, (tuple, list)) else ""
    return _lead(fault, f"axis {fault.axis}{shape} is named twice, expected once{_detail(fault)}")


def _enlarge(fault: Fault) -> str:
    """An operation in place, or an expansion, that would need a larger target."""
    target = "the target" if fault.axis is None else w.axis(fault, fault.axis, fault.argument)
    text = f"{target} would become {w.known_size(fault, fault.got)}, expected {w.known_size(fault, fault.want)}"
    return _lead(fault, f"{text}: the target cannot grow{_detail(fault)}")


def _rank_label(fault: Fault) -> str:
    want = _rank_got(fault.want) if fault.kind == "ranks" else _rank_want(fault.want).partition(' ("')[0]
    got = _rank_got(fault.got)
    noun = "axis" if got == "1" else "axes"
    return f"{got} {noun}, expected {_bound(fault)}{want}"


def _dtype(fault: Fault) -> str:
    other = f", the dtype of {w.of_whom(fault, fault.other)}" if fault.other else ""
    got, want = w.code(w.dtype(fault.got)), w.code(w.dtype(fault.want))
    return _lead(fault, f"dtype is {got}, expected {want}{other}{_detail(fault)}")


def _dtype_label(fault: Fault) -> str:
    return f"{w.dtype(fault.got)}, expected {w.dtype(fault.want)}"


def _elements(fault: Fault) -> str:
    got, want = fault.got, fault.want
    if isinstance(got, (tuple, list)) and isinstance(want, (tuple, list)):
        fixed = [s for s in want if s != -1]
        have, need = _total(got), _total(fixed)
        counted = f" with {have} elements" if have is not None and need is not None else ""
        several = "a multiple of " if len(fixed) < len(want) else ""
        if several and need:
            expected = f"{several}{need}{'' if counted else ' elements'} for {w.plain(want)}"
        else:
            expected = f"{need} for {w.plain(want)}" if counted else f"as many elements as {w.plain(want)}"
        return _lead(fault, f"shape is {w.plain(got)}{counted}, expected {expected}{_detail(fault)}")
    return _lead(fault, f"number of elements is {w.size(got)}, expected {w.size(want)}{_detail(fault)}")


def _total(shape: Sequence[Any]) -> int | None:
    return prod(shape) if all(isinstance(s, int) for s in shape) else None


def _target(fault: Fault) -> str:
    if fault.axis is not None:
        return _match(fault)
    other = w.operand(fault, fault.other)
    tail = ""
    if fault.other and other is not None and w.plain(other.shape) == w.plain(fault.want):
        tail = f", the shape of {w.of_whom(fault, fault.other)}"
    elif fault.other:
        shape = f" of shape {w.plain(other.shape)}" if other is not None and other.shape is not None else ""
        tail = f" to go with {w.of_whom(fault, fault.other)}{shape}"
    return _lead(fault, f"shape is {w.plain(fault.got)}, expected {w.plain(fault.want)}{tail}{_detail(fault)}")


def _shape_label(fault: Fault) -> str:
    if fault.axis is not None:
        return _axis_label(fault)
    return f"is {w.plain(fault.got)}, expected {w.plain(fault.want)}"


def _outer(fault: Fault) -> str:
    shapes = [f"{w.of_whom(fault, o.name)} {w.plain(o.shape)}" for o in fault.operands[:2]]
    of = f" of {' and '.join(shapes)}" if len(shapes) == 2 else ""
    result = f" {w.plain(fault.got)}" if isinstance(fault.got, (tuple, list)) else ""
    want = f", expected {w.plain(fault.want)}" if isinstance(fault.want, (tuple, list)) else ""
    subject = f"{w.code(fault.subject)}: " if fault.subject else ""
    return f"{subject}result{result} is an outer product{of}{want}{_detail(fault)}"


def _outer_label(fault: Fault) -> str:
    return f"makes {w.plain(fault.got)}" if isinstance(fault.got, (tuple, list)) else "makes an outer product"


def _surprise(fault: Fault) -> str:
    """One operand's axis of size 1 joins a named axis of the other."""
    if fault.axis is None:
        return _outer(fault)
    one, other = w.operand(fault, fault.argument), w.operand(fault, fault.other)
    here = f"{w.of_whom(fault, fault.argument)} {w.plain(one.shape) if one else ''}".strip()
    there = f"{w.of_whom(fault, fault.other)} {w.plain(other.shape) if other else ''}".strip()
    subject = f"{w.code(fault.subject)}: " if fault.subject else ""
    axis = w.axis(fault, fault.axis, fault.argument)
    spread = f"{axis} of {here} is 1 and is spread over {w.size(fault.want)} of {there}"
    return f"{subject}{spread}: an outer product{_detail(fault)}"


def _surprise_label(fault: Fault) -> str:
    if fault.axis is None:
        return _outer_label(fault)
    return f"axis {fault.axis} is 1 and is spread over {w.plain(fault.want)}"


def _squeeze(fault: Fault) -> str:
    if fault.axis is not None:
        what = f"{_subject_axis(fault)} too when it is 1"
    else:
        what = f"{w.code(fault.name)} too when it is 1" if fault.name else "also one that is 1 only by chance"
    declared = fault.want if fault.want is not None else fault.spec
    need = f', but "{w.clean(str(declared))}" needs it' if declared is not None else ""
    return f"{w.code(fault.subject or 'squeeze()')} removes every axis of size 1, {what}{need}{_detail(fault)}"


# -- values ----------------------------------------------------------------------------------------------------------


def _thing(fault: Fault) -> str:
    return w.who(fault) or "value"


def _value(fault: Fault) -> str:
    want = "" if fault.want is None else f", expected {_bound(fault)}{w.either(_options(fault.want))}"
    got = "" if fault.got is None else f" is {w.known_size(fault, fault.got)}"
    if not got and not want:
        return _lead(fault, w.clean(fault.detail) or CODES.get(fault.code, fault.code))
    if fault.name:
        return _lead(fault, f"{w.code(fault.name)}{got}{want}{_detail(fault)}")
    return f"{_thing(fault)}{got}{want}{_detail(fault)}"


def _options(want: Any) -> Sequence[object]:
    """A set is a choice; everything else is one thing."""
    return sorted(want, key=str) if isinstance(want, (set, frozenset)) and want else [want]


def _value_label(fault: Fault) -> str:
    if fault.want is None or fault.got is None:
        return ""
    want = " or ".join(w.plain(option) for option in _options(fault.want))
    return f"{w.clean(fault.name or 'it')} is {w.plain(fault.got)}, expected {_bound(fault)}{want}"


def _type(fault: Fault) -> str:
    want = "" if fault.want is None else f", expected {w.code(fault.want)}"
    return f"{_thing(fault)} is {w.code(fault.got)}{want}{_detail(fault)}"


def _count(fault: Fault) -> str:
    want = w.either(_options(fault.want))
    return _lead(
        fault, f"number of {w.clean(fault.name or 'values')} is {w.size(fault.got)}, expected {want}{_detail(fault)}"
    )


def _divide(fault: Fault) -> str:
    want = w.known_size(fault, fault.want)
    if fault.axis is not None:
        got = w.known_size(fault, fault.got)
        axis = _subject_axis(fault, fault.got)
        return _lead(fault, f"{axis} is {got}, expected a multiple of {want}{_detail(fault)}")
    divisor = f" ({w.code(fault.name)})" if fault.name and fault.name != w.plain(fault.want) else ""
    text = f"is {w.known_size(fault, fault.got)}, expected a multiple of {want}{divisor}{_detail(fault)}"
    return f"{_thing(fault)} {text}" if fault.argument else _lead(fault, f"size {text}")


def _divide_label(fault: Fault) -> str:
    return f"{w.plain(fault.got)} is not a multiple of {w.plain(fault.want)}"


# -- annotations and files -------------------------------------------------------------------------------------------


def _spec(fault: Fault) -> str:
    spec = f' spec "{w.clean(fault.spec)}"' if fault.spec is not None else ""
    lead = f"{w.code(fault.subject) if fault.subject else 'layer'}{spec}"
    if fault.got is None and fault.want is None:
        return f"{lead}: {w.clean(fault.detail) or CODES['layer-spec']}"
    side = w.argument(fault, fault.argument)
    if fault.axis is None:
        body = f"{side or 'value'} is {w.known_size(fault, fault.got)}, expected {w.known_size(fault, fault.want)}"
    else:
        got, want = w.known_size(fault, fault.got), w.known_size(fault, fault.want)
        of = f" of {side}" if side else ""
        body = f"{_subject_axis(fault, fault.got, fault.want)}{of} is {got}, expected {want}"
    return f"{lead}: {body}{_detail(fault)}"


def _annotation(fault: Fault) -> str:
    if fault.code == "unresolved-annotation":
        return _unresolved(fault)
    what = f'cannot read "{w.clean(fault.spec)}"' if fault.spec is not None else "cannot read the annotation"
    return _lead(fault, what + (f": {w.clean(fault.detail)}" if fault.detail else ""))


def _unresolved(fault: Fault) -> str:
    source = f"annotation {w.code(fault.got)}" if fault.got is not None else "annotation"
    return _lead(fault, f"{source} cannot be resolved" + (f": {w.clean(fault.detail)}" if fault.detail else ""))


def _unused(fault: Fault) -> str:
    axis = "" if fault.axis is None else f"{w.axis(fault, fault.axis, fault.argument)} "
    name = f"({w.code(fault.name)}) " if axis and fault.name else f"{w.code(fault.name)} " if fault.name else ""
    return _lead(fault, f"{axis}{name}is named only once and constrains nothing{_detail(fault)}")


def _requires(fault: Fault) -> str:
    return f"{w.code(fault.subject)} requires {w.code(fault.name)} to be {w.size(fault.want)}, which no annotation says"


def _unannotated(fault: Fault) -> str:
    names = [w.code(name) for name in fault.got or ()]
    takes = f"takes {'a tensor' if len(names) == 1 else 'tensors'} in {w.listed(names)}" if names else ""
    returns = "returns a tensor" if fault.want and not takes else "returns one" if fault.want else ""
    said = " and ".join(filter(None, (takes, returns))) or "has to do with tensors"
    return f"{w.code(fault.subject)} {said}, and no annotation says of which shape"


def _syntax(fault: Fault) -> str:
    return f"not valid Python: {w.clean(fault.detail)}" if fault.detail else "not valid Python"


def _other(fault: Fault) -> str:
    """What can be said of a kind that has no sentence of its own."""
    if fault.axis is not None and fault.got is not None:
        return _match(fault)
    return _value(fault)


def _unpack(fault: Fault) -> str:
    got = tuple(fault.got or ())
    what = f"`{fault.argument}`" if fault.argument else "a shape"
    return f"{what} has {len(got)} sizes in {w.plain(got)}, but {fault.want} names unpack it"


SENTENCES: Final[dict[str, Callable[[Fault], str]]] = {
    "axis": _axis,
    "unpack": _unpack,
    "match": _match,
    "broadcast": _broadcast,
    "twin": _twin,
    "order": _order,
    "rank": _rank,
    "ranks": _ranks,
    "no-axis": _no_axis,
    "axis-twice": _axis_twice,
    "enlarge": _enlarge,
    "dtype": _dtype,
    "value": _value,
    "type": _type,
    "count": _count,
    "divide": _divide,
    "elements": _elements,
    "target": _target,
    "least": _axis,
    "most": _axis,
    "outer": _outer,
    "surprise": _surprise,
    "squeeze": _squeeze,
    "spec": _spec,
    "annotation": _annotation,
    "unresolved": _unresolved,
    "unused": _unused,
    "requires": _requires,
    "unannotated": _unannotated,
    "syntax": _syntax,
}
"""The sentence of each kind that `Fault` documents."""

_LABELS: Final[dict[str, Callable[[Fault], str]]] = {
    "axis": _axis_label,
    "match": _axis_label,
    "broadcast": lambda fault: _outer_label(fault) if fault.code == "broadcast-surprise" else _axis_label(fault),
    "twin": _twin_label,
    "rank": _rank_label,
    "ranks": _rank_label,
    "dtype": _dtype_label,
    "value": _value_label,
    "divide": _divide_label,
    "target": _shape_label,
    "least": _axis_label,
    "most": _axis_label,
    "outer": _outer_label,
    "surprise": _surprise_label,
}
