"""What contributed to a fault, as notes and as labels in the source: facts only, no advice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any, Final

from shapetypes.core.fault import Diagnostic, Fault, Operand, Origin, Place
from shapetypes.core.shape import Var
from shapetypes.diagnose import words as w

Noted = tuple[str, Place | None]


def fact(origin: Origin, fault: Fault | None = None, home: str | None = None) -> str:
    """One origin as a sentence: "`time` is 50 since `Linear(50, ...)` at line 12".

    Args:
        origin: Where a size came from.
        fault: The fault it belongs to, for counting axes.
        home: The file the reader looks at; a place in another one is told with its file.

    Returns:
        The sentence, empty when the headline says it already (twins).
    """
    make = _FACTS.get(origin.what)
    if make is not None:
        return make(origin, _at(origin.place, home))
    if origin.what == "twin" or not _says_something(origin):
        return ""
    at = _at(origin.place, home)
    if origin.what in ("argument", "return"):
        return _from_argument(origin, fault, at)
    if origin.what == "parameter":
        return f"{_named(origin) or _dim(origin)} is {w.size(origin.size)}" + (f", given{at}" if at else "")
    return _is(origin) + _since(origin, at)


def _since(origin: Origin, at: str) -> str:
    name = _named(origin)
    if origin.what == "scope":
        return f" in {name or 'the scope opened'}{at}"
    if origin.what == "condition":
        return f" by a condition{at}"
    if origin.what == "annotation":
        return (f" in the annotation of {name}" if name else " as annotated") + at
    return f" since {name}{at}" if name else at.replace(" at", " since", 1)


def _says_something(origin: Origin) -> bool:
    """Whether there is a size to tell, or which axis a name stands for."""
    if origin.size is None:
        return False
    if origin.what in ("argument", "return") and origin.name:
        return True
    return w.plain(origin.size) not in (origin.dim, origin.name if origin.what == "parameter" else None)


def _called(origin: Origin, at: str) -> str:
    name = _named(origin)
    return "called" + (f" from {name}" if name else "") + at


def _inside(origin: Origin, at: str) -> str:
    return f"the operation is {_named(origin) or 'inside'}{at}"


def _annotated(origin: Origin, at: str) -> str:
    """An annotation by its text, or the size of a name that one fixed."""
    if origin.size is None:
        return f"{declared(origin)}{at}" if origin.name else ""
    return _is(origin) + _since(origin, at) if _says_something(origin) else ""


def declared(origin: Origin) -> str:
    """What an annotation declares, in its own words."""
    text = w.clean(origin.name)
    return f"declared {text}" if '"' in text or "[" in text else f'declared "{text}"'


def _named(origin: Origin) -> str:
    return w.code(origin.name) if origin.name else ""


def _flat(origin: Origin, at: str) -> str:
    """What would come out if the axes between batch and features had been put together."""
    return (
        f"{w.code(origin.name)}{at} maps the last axis alone and keeps the others; after `Flatten()` it gives "
        f"{w.plain(origin.size)}"
    )


_FACTS: Final[dict[str, Callable[[Origin, str], str]]] = {
    "call": _called,
    "inside": _inside,
    "annotation": _annotated,
    "flat": _flat,
}


def _from_argument(origin: Origin, fault: Fault | None, at: str) -> str:
    axis = "" if origin.axis is None else f"{_axis(origin, fault)} of "
    source = "the return value" if origin.name == "return" else f"argument {w.code(origin.name)}"
    if not origin.name:
        return _is(origin) + at
    verb = " is " if _symbolic(origin) else f" is {w.size(origin.size)} from "
    return f"{_dim(origin)}{verb}{axis}{source}{at}"


def _is(origin: Origin) -> str:
    return f"{_dim(origin)} is {w.size(origin.size)}"


def _dim(origin: Origin) -> str:
    return w.code(origin.dim) if origin.dim else "the size"


def _symbolic(origin: Origin) -> bool:
    """Whether the size is only the name again, or not known."""
    return w.is_unknown(origin.size) or w.plain(origin.size) == origin.dim


def _axis(origin: Origin, fault: Fault | None) -> str:
    return w.axis(fault or Fault("", ""), origin.axis or 0, origin.name)


def _at(place: Place | None, home: str | None) -> str:
    if place is None:
        return ""
    if home is None or place.file == home:
        return f" at line {place.line}"
    return f" at {w.clean(_short(place.file))}:{place.line}"


def _short(file: str) -> str:
    """A long path by its last three parts."""
    parts = PurePath(file).parts
    return file if len(parts) <= 4 else str(PurePath(*parts[-3:]))


def label(origin: Origin, fault: Fault | None = None) -> str:
    """One origin as a few words beside its place in the source: "binds D = 4 (axis 2)"."""
    size = w.plain(origin.size)
    if origin.what == "call":
        return "called from here"
    if origin.what == "inside":
        return "the operation"
    if origin.size is None:
        return declared(origin) if origin.name else ""
    if origin.what == "parameter":
        return f"{w.clean(origin.name or origin.dim or 'size')} = {size}"
    name = w.clean(origin.dim or "")
    axis = f" ({_axis(origin, fault)})" if origin.axis is not None and origin.what in ("argument", "return") else ""
    if not name:
        return f"size {size}{axis}"
    return f"binds {name}{axis}" if _symbolic(origin) else f"binds {name} = {size}{axis}"


def origins(diagnostic: Diagnostic) -> Iterator[tuple[Origin, Place | None]]:
    """Everything that contributed, each once: the fault's own origins, then the diagnostic's notes."""
    seen: set[str] = set()
    pairs = [(o, o.place) for o in diagnostic.fault.origins]
    pairs += [(n.origin, n.place or n.origin.place) for n in diagnostic.notes]
    for origin, place in pairs:
        text = fact(origin, diagnostic.fault, diagnostic.place.file)
        if text and text not in seen and not (place is None and _in_headline(origin, diagnostic.fault)):
            seen.add(text)
            yield origin, place


def _in_headline(origin: Origin, fault: Fault) -> bool:
    """Whether the headline has told as much: axis 1 (`in_features`) is 7, expected 10."""
    return origin.what == "parameter" and origin.name == fault.name and w.plain(origin.size) == w.plain(fault.want)


def notes(diagnostic: Diagnostic) -> list[Noted]:
    """The facts of a diagnostic, each with its place when known; the shapes that took part last."""
    fault, home = diagnostic.fault, diagnostic.place.file
    out: list[Noted] = [(fact(placed(o, at), fault, home), at) for o, at in origins(diagnostic)]
    if fault.path:
        out.append((path(fault), None))
    row = shapes(fault)
    return [*out, (row, None)] if row else out


def placed(origin: Origin, place: Place | None) -> Origin:
    """The origin at a place, where it has none of its own."""
    if origin.place is not None or place is None:
        return origin
    return Origin(origin.what, origin.name, origin.size, origin.axis, place, origin.dim)


def path(fault: Fault) -> str:
    """The layers or calls around a fault: in Net -> encoder -> fc1."""
    return "in " + " -> ".join(w.clean(step) for step in fault.path)


def shapes(fault: Fault) -> str:
    """The tensors that took part on one line: shapes: `q` (2, 3, 4) "B T D", `k` (2, 5, 6) "B S D"."""
    if not shown(fault):
        return ""
    return "shapes: " + ", ".join(" ".join(filter(None, _one(o, fault))) for o in shown(fault))


def _one(o: Operand, fault: Fault) -> tuple[str, str, str, str]:
    name, shape, dtype, spec = columns(o, fault)
    return (w.code(name) if name else "", shape, dtype, spec)


def shown(fault: Fault) -> list[Operand]:
    """The operands worth showing: those of which something is known, at most three, those with a marked axis first."""
    known = [o for o in fault.operands if o.shape is not None or o.spec or (_is_dtype(fault) and o.dtype)]
    if len(known) > 3:
        chosen = sorted(known, key=lambda o: (o.axis is None, o.name not in (fault.argument, fault.other)))[:3]
        known = [o for o in known if o in chosen]
    return known


def columns(o: Operand, fault: Fault) -> tuple[str, str, str, str]:
    """Name, shape, dtype (where that is at fault) and annotation of an operand, as text."""
    dtype = w.dtype(o.dtype) if _is_dtype(fault) else ""
    spec = f'"{w.clean(o.spec)}"' if o.spec is not None else ""
    return w.clean(operand_name(o, fault)), w.plain(o.shape) if o.shape is not None else "(...)", dtype, spec


def operand_name(o: Operand, fault: Fault) -> str:
    """An operand's name in the table: `left` and `right` for the operands of an operator."""
    if w.is_operator(fault.subject):
        return {"self": "left", "input": "left", "other": "right"}.get(o.name, o.name)
    return "tensor" if o.name == "self" else o.name


def _is_dtype(fault: Fault) -> bool:
    return fault.code == "dtype-mismatch"


def marker(o: Operand) -> tuple[int, int] | None:
    """Where in the printed shape the axis at fault stands: first column and length."""
    if o.axis is None or o.shape is None or not -len(o.shape) <= o.axis < len(o.shape):
        return None
    texts = [_part(part) for part in o.shape]
    i = o.axis % len(o.shape)
    return 1 + sum(len(text) + 2 for text in texts[:i]), len(texts[i])


def _part(part: Any) -> str:
    return str(part) if isinstance(part, Var) else w.plain(part)
