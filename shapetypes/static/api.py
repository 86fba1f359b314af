"""The door to the static engine: a `Checker` over the source files of one project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
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
        crashes: Functions in which the engine itself failed (coverage lost).
    """

    path: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    functions: int = 0
    known: int = 0
    unknown: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    crashes: int = 0


class Checker:
    """Checks files of one project; modules are read once and kept until `forget`.

    Args:
        roots: Folders in which modules of the project are looked up.
        find_module: Gives the path of a module by its dotted name, or None; asked before `roots`.
        read: Gives the source text of a path; raises OSError or UnicodeDecodeError.
        strict: Whether inferred requirements are reported as notes.
        stub_path: Folders of the user's own stubs, looked into before the op database.
    """

    def __init__(
        self,
        roots: Sequence[str] = (),
        find_module: Callable[[str], str | None] | None = None,
        read: Callable[[str], str] | None = None,
        strict: bool = False,
        stub_path: Sequence[str] = (),
    ) -> None:
        raise NotImplementedError

    def check(self, path: str, module: str | None = None) -> FileReport:
        """Judge every function of a file. Never raises for what stands in the file."""
        raise NotImplementedError

    def interface(self, path: str, module: str | None = None) -> str:
        """A digest of what other modules can see of the shapes in this one: signatures, `__init__` bodies,
        constants and aliases, bodies of functions that callers may follow into."""
        raise NotImplementedError

    def dependencies(self, path: str, module: str | None = None) -> list[str]:
        """The dotted names of the project modules that this one imports."""
        raise NotImplementedError

    def forget(self, path: str) -> None:
        """Drop what is known of a file, and of all that depends on it: it has changed."""
        raise NotImplementedError
