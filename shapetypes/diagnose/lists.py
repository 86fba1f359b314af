"""Diagnostics for other programs: mypy's form, and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shapetypes.core.fault import Diagnostic, Place
from shapetypes.diagnose.facts import notes
from shapetypes.diagnose.sentences import headline


def mypy_message(diagnostic: Diagnostic) -> tuple[str, list[str]]:
    """The error for mypy, with the slug at its end, and the notes that follow it."""
    return f"{headline(diagnostic.fault)} [{diagnostic.fault.code}]", [text for text, _ in notes(diagnostic)]


def concise(diagnostic: Diagnostic) -> str:
    """One line as mypy prints it, and a line for each note; without a final newline."""
    place = diagnostic.place
    first, facts = mypy_message(diagnostic)
    at = f"{place.file}:{place.line}"
    return "\n".join([f"{at}: {diagnostic.severity}: {first}", *(f"{at}: note: {text}" for text in facts)])


def by_place(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Diagnostics in the order in which they stand in their files, each once."""
    found: dict[tuple[Any, ...], Diagnostic] = {}
    for one in diagnostics:
        p = one.place
        key = (p.file, p.line, p.column, p.end_line, p.end_column, one.fault.code, headline(one.fault))
        found.setdefault(key, one)
    return [found[key] for key in sorted(found)]


def to_json(diagnostics: Iterable[Diagnostic], summary: Mapping[str, Any]) -> dict[str, Any]:
    """All diagnostics as one JSON object, sorted by place.

    Args:
        diagnostics: What was found.
        summary: Counts: `files`, `functions`, `expressions_known`, `expressions_unknown`.
    """
    return {"version": 1, "diagnostics": [_one(d) for d in by_place(diagnostics)], "summary": dict(summary)}


def _one(diagnostic: Diagnostic) -> dict[str, Any]:
    place = diagnostic.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "code": diagnostic.fault.code,
        "severity": diagnostic.severity,
        "message": headline(diagnostic.fault),
        "notes": [_note(text, at) for text, at in notes(diagnostic)],
    }


def _note(text: str, place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"message": text}
    return {"message": text, "file": place.file, "line": place.line, "column": place.column}
