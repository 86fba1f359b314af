"""The full message: headline, source with carets, the shapes lined up, facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from shapetypes.core.fault import LINTS, Diagnostic, Fault, Operand, Place
from shapetypes.diagnose import facts, words as w
from shapetypes.diagnose.sentences import headline, label as short_label
from shapetypes.diagnose.source import Reader, caret_line, crop, printable, read_lines, shown_width

LINES: Final = 12
"""How long a message may be."""

Label = tuple[Place, str]


@dataclass(frozen=True, slots=True)
class _Message:
    """The parts of a message that give way when it is too long, least needed last."""

    fault: Fault
    place: Place | None
    labels: tuple[Label, ...]
    notes: tuple[str, ...]
    operands: tuple[Operand, ...]
    read: Reader


def render(
    what: Diagnostic | Fault,
    place: Place | None = None,
    labels: Sequence[Label] = (),
    *,
    severity: str | None = None,
    read: Reader = read_lines,
) -> str:
    """The full message, at most 12 lines, without colour and without a final newline.

    Args:
        what: A diagnostic, or a bare fault.
        place: Where a bare fault stands; without it no source is shown.
        labels: Further spans to mark in the source, each with a few words (see `label`).
        severity: `error`, `warning` or `note`; by default the diagnostic's own.
        read: Gives the lines of a file, or None when it cannot be read.
    """
    diagnostic = what if isinstance(what, Diagnostic) else _bare(what, place)
    fault = diagnostic.fault
    message = _compose(diagnostic, place if isinstance(what, Fault) else diagnostic.place, labels, read)
    head = f"{severity or diagnostic.severity}[{fault.code}]: {headline(fault)}"
    return "\n".join([head, *_fit(message)])


def _bare(fault: Fault, place: Place | None) -> Diagnostic:
    severity = "warning" if fault.code in LINTS else "error"
    return Diagnostic(fault, place or Place("", 0, 0, 0, 0), severity)


def _compose(diagnostic: Diagnostic, place: Place | None, labels: Sequence[Label], read: Reader) -> _Message:
    """Origins with a place in the same file become labels, all others notes."""
    fault = diagnostic.fault
    marked: list[Label] = list(labels)
    said = {text for _, text in labels}
    notes: list[str] = []
    for origin, at in facts.origins(diagnostic):
        text = facts.label(origin, fault)
        if text in said:
            continue
        if at is not None and place is not None and at.file == place.file and origin.what != "call":
            marked.append((at, text))
            said.add(text)
        else:
            notes.append(facts.fact(facts.placed(origin, at), fault, diagnostic.place.file))
    if fault.path:
        notes.append(facts.path(fault))
    return _Message(fault, place, tuple(marked), tuple(notes), tuple(facts.shown(fault)), read)


def _fit(message: _Message) -> list[str]:
    """The lines below the headline; what is needed least goes until they are few enough."""
    while True:
        lines = _lines(message)
        if len(lines) < LINES:
            return lines
        if message.notes and len(message.notes) > 1:
            message = replace(message, notes=message.notes[:-1])
        elif message.labels:
            message = replace(message, labels=message.labels[:-1])
        elif message.operands and len(message.operands) > 1:
            message = replace(message, operands=message.operands[:-1])
        else:
            return lines[: LINES - 1]


def _lines(message: _Message) -> list[str]:
    gutter = " " * _gutter(message)
    out = _snippet(message, gutter)
    body = [*_spec(message.fault), *_table(message), *(f"= note: {note}" for note in message.notes)]
    body.append(f"= see: shapetypes explain {message.fault.code}")
    return out + [f"{gutter} {line}" for line in body]


def _gutter(message: _Message) -> int:
    numbers = [p.line for p, _ in message.labels if p.file == (message.place and message.place.file)]
    numbers += [message.place.line] if message.place else []
    return max((len(str(n)) for n in numbers), default=1)


# -- source ----------------------------------------------------------------------------------------------------------


def _snippet(message: _Message, gutter: str) -> list[str]:
    place = message.place
    if place is None:
        return []
    out = [f"{gutter}--> {w.clean(place.file)}:{place.line}:{place.column}"]
    source = message.read(place.file)
    if not source or not 1 <= place.line <= len(source):
        return out
    out.append(f"{gutter} |")
    spans = [(place, short_label(message.fault), "^")]
    spans += [(p, text, "-") for p, text in message.labels if p.file == place.file and 1 <= p.line <= len(source)]
    last = 0
    for number in sorted({p.line for p, _, _ in spans}):
        if last and number > last + 1:
            out.append(f"{gutter} :")
        out += _marked(source[number - 1], number, [s for s in spans if s[0].line == number], gutter)
        last = number
    return out + _elsewhere(message, gutter)


def _marked(line: str, number: int, spans: Sequence[tuple[Place, str, str]], gutter: str) -> list[str]:
    """One line of source with its marks, the fault's own first."""
    first, end = spans[0][0], _end(spans[0][0], line)
    part, shift = crop(line, first.column, end)
    out = [f"{number:>{len(gutter)}} | {printable(part).rstrip()}"]
    for place, text, mark in spans:
        marks = caret_line(part, place.column - shift, _end(place, line) - shift, mark, text)
        out.append(f"{gutter} | {marks}")
    return out


def _end(place: Place, line: str) -> int:
    """The end column of a span on its first line."""
    return place.end_column if place.end_line == place.line else len(line.rstrip()) + 1


def _elsewhere(message: _Message, gutter: str) -> list[str]:
    """Labels in other files."""
    assert message.place is not None
    out: list[str] = []
    for place, text in message.labels:
        if place.file == message.place.file:
            continue
        out.append(f"{gutter}::: {w.clean(place.file)}:{place.line}:{place.column}")
        source = message.read(place.file)
        if source and 1 <= place.line <= len(source):
            out += _marked(source[place.line - 1], place.line, [(place, text, "-")], gutter)
        else:
            out[-1] += f" {text}"
    return out


# -- facts -----------------------------------------------------------------------------------------------------------


def _spec(fault: Fault) -> list[str]:
    """The string at fault with a caret under the bad column."""
    if fault.spec is None or fault.column is None:
        return []
    text = printable(fault.spec.replace("\n", " "))
    at = shown_width(printable(fault.spec[: fault.column]))
    lead = "= string  "
    return [f'{lead}"{text}"', " " * (len(lead) + 1 + at) + "^"]


def _table(message: _Message) -> list[str]:
    """The shapes, lined up, with a marker under the axis at fault."""
    rows = [facts.columns(o, message.fault) for o in message.operands]
    if not rows:
        return []
    widths = [max(shown_width(row[i]) for row in rows) for i in range(3)]
    lead = "= shapes  "
    out: list[str] = []
    for i, (operand, row) in enumerate(zip(message.operands, rows, strict=True)):
        cells = [_pad(text, width) for text, width in zip(row[:3], widths, strict=True) if width]
        line = (lead if i == 0 else " " * len(lead)) + "  ".join(cells)
        out.append((line + (f"   {row[3]}" if row[3] else "")).rstrip())
        mark = facts.marker(operand)
        if mark and operand.name == message.fault.argument:
            start = len(lead) + (widths[0] + 2 if widths[0] else 0) + mark[0]
            out.append(" " * start + "^" * mark[1])
    return out


def _pad(text: str, width: int) -> str:
    return text + " " * (width - shown_width(text))
