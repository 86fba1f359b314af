"""The small words of which messages are made: sizes, shapes, axes, who is meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.dtype import GROUPS
from shapetypes.core.fault import Fault, Operand, Origin
from shapetypes.core.shape import TensorSpec, Unknown, Var, show_dtype, show_shape, show_size


def plain(value: object) -> str:
    """A size, shape, dtype or name as the user writes it, without backticks."""
    if isinstance(value, TensorSpec):
        return show_shape(value.shape)
    if isinstance(value, (tuple, list)):
        return show_shape(value)
    if isinstance(value, (frozenset, set)):
        return dtype(frozenset(value))
    return clean(show_size(value))


def code(text: object) -> str:
    """Text in backticks."""
    return f"`{clean(str(text))}`"


def clean(text: str) -> str:
    """Text on one line, without characters that steer a terminal."""
    return "".join(
        " " if c in "\n\r\t" else c if c == " " or _printable(c) else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _printable(c: str) -> bool:
    return unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp", "Cs")


def size(value: object) -> str:
    """A size inside a sentence: numbers and shapes bare, what the user wrote in backticks."""
    if isinstance(value, (tuple, list, TensorSpec, bool, int, float)):
        return plain(value)
    text = plain(value)
    return text if text == "?" or text.startswith(("at least ", "at most ")) else f"`{text}`"


def dtype(value: Any) -> str:
    """A dtype as the user writes it; a set of dtypes by the name of its group."""
    if isinstance(value, (set, frozenset)):
        names = frozenset(value)
        group = next((name for name, members in GROUPS.items() if members == names and len(names) > 1), None)
        return group or show_dtype(names)
    return clean(str(value)) if value is not None else "?"


def number(count: int, noun: str) -> str:
    """`1 axis`, `2 axes`, `3 notes`."""
    return f"{count} {noun}" if count == 1 else f"{count} {plural(noun)}"


def plural(noun: str) -> str:
    """`axis` to `axes`, `note` to `notes`."""
    return "axes" if noun == "axis" else noun + "s"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def either(values: Sequence[object]) -> str:
    """`2`, `2 or 3`, `2, 3 or 4`."""
    words = [size(v) for v in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def is_operator(subject: str) -> bool:
    """Whether it is a symbol (`+`, `@`) and no name."""
    return bool(subject) and not any(c.isalnum() or c == "_" for c in subject)


_RESULTS = {"return": "return value", "yield": "yielded value", "send": "sent value"}


def argument(fault: Fault, label: str | None) -> str:
    """An argument in words: argument `k`, left operand, return value."""
    if not label:
        return ""
    kind, bracket, rest = label.partition("[")
    if kind in _RESULTS:
        return _RESULTS[kind] + (f" {code(bracket + rest)}" if rest else "")
    if label == "self" and fault.subject and not is_operator(fault.subject):
        return ""  # the tensor whose method it is
    if is_operator(fault.subject):
        side = {"self": "left operand", "input": "left operand", "other": "right operand"}.get(label)
        return side or f"operand {code(label)}"
    return f"argument {code(label)}" if fault.subject else code(label)


def who(fault: Fault) -> str:
    """Function and argument: `attn()` argument `k`."""
    subject = code(fault.subject) if fault.subject else ""
    return " ".join(part for part in (subject, argument(fault, fault.argument)) if part)


def axis_number(index: int, shape: Sequence[Any] | None) -> int:
    """The index of an axis as the user counts: behind a variadic part from the end, as -1, -2."""
    if shape is None or index < 0 or index >= len(shape):
        return index
    if any(isinstance(part, Var) for part in shape[:index]):
        return index - len(shape)
    return index


def operand(fault: Fault, label: str | None) -> Operand | None:
    """The operand of that name, the last one when there are several."""
    return next((o for o in reversed(fault.operands) if o.name == label), None)


def axis(fault: Fault, index: int, label: str | None) -> str:
    """An axis in words: axis 2."""
    found = operand(fault, label)
    return f"axis {axis_number(index, found.shape if found else None)}"


def of_whom(fault: Fault, label: str | None) -> str:
    """The other operand as a person says it: `q`, the left operand."""
    if label and is_operator(fault.subject) and label in ("self", "input", "other"):
        return "the " + argument(fault, label)
    if label == "self":
        return "the tensor"
    return code(label) if label else ""


def settled(fault: Fault, value: object) -> Origin | None:
    """The origin that gave a name of the user a size, when `value` is that name alone."""
    if not isinstance(value, Poly) or d.as_atom(value) is None:
        return None
    name = str(value)
    found = (o for o in fault.origins if o.dim == name and o.what != "twin" and o.size is not None)
    return next((o for o in found if plain(o.size) not in (name, "?")), None)


def known_size(fault: Fault, value: object) -> str:
    """A size, and what it was found to be: `c` = 20."""
    origin = settled(fault, value)
    return size(value) if origin is None else f"{size(value)} = {plain(origin.size)}"


def is_unknown(value: object) -> bool:
    """Whether nothing is known of a size."""
    return value is None or isinstance(value, Unknown) or plain(value) == "?"
