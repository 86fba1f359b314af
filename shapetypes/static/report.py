"""What was found in one file: data alone, so that a kept result is read without loading the engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from shapetypes.core.fault import Diagnostic, Place


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
        full: Expressions of which every size is known.
        lacking: What is called with tensors and has no stub: how often, and where first.
        met: Arguments and returned values that meet a shape string.
        met_known: Those of them whose rank is known.
    """

    path: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    functions: int = 0
    known: int = 0
    unknown: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    crashes: int = 0
    full: int = 0
    lacking: dict[str, tuple[int, Place]] = field(default_factory=dict)
    met: int = 0
    met_known: int = 0
