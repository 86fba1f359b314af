"""What was found in one file: data alone, so that a kept result is read without loading the engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from shapetypes.core.fault import Diagnostic


@dataclass(slots=True)
class FileReport:
    """What was found in one file.

    Attributes:
        path: The file as it was given.
        diagnostics: Errors, warnings and notes, sorted by place.
        functions: How many functions were judged.
        known: Expressions with tensor type whose rank is known.
        unknown: Expressions with tensor type of which it is not.
        reasons: Why expressions are unknown, with counts.
        crashes: Functions in which the engine gave up (coverage lost).
    """

    path: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    functions: int = 0
    known: int = 0
    unknown: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    crashes: int = 0
