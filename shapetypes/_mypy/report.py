"""Diagnostics as mypy's own errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from mypy.errorcodes import ErrorCode
from mypy.errors import Errors

if TYPE_CHECKING:
    from shapetypes.core.fault import Diagnostic

SHAPE: Final = ErrorCode("shape", "Tensor shapes do not fit", "Shapetypes")


def report(errors: Errors, found: Iterable[Diagnostic], path: str, skipped: set[int]) -> None:
    """Report what was found in the file that mypy is checking.

    Args:
        errors: mypy's errors, set to that file.
        found: The diagnostics.
        path: The file.
        skipped: Lines that mypy does not check, since they are for another platform.
    """
    for diagnostic in found:
        if diagnostic.place.file == path and diagnostic.place.line not in skipped:
            _report(errors, diagnostic)


def _report(errors: Errors, diagnostic: Diagnostic) -> None:
    """One error, and its notes on the same lines, so that a comment that silences the one silences the others."""
    from shapetypes.diagnose import mypy_message

    place = diagnostic.place
    message, notes = mypy_message(diagnostic)
    severity = "note" if diagnostic.severity == "note" else "error"
    for text, kind in [(message, severity), *((note, "note") for note in notes)]:
        errors.report(
            place.line,
            place.column - 1,
            text,
            code=SHAPE,
            severity=kind,
            end_line=place.end_line,
            end_column=place.end_column - 1,
            origin_span=range(place.line, place.end_line + 1),
        )
