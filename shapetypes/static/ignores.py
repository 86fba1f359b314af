"""Comments that silence a diagnostic: `# type: ignore[shape]` and `# shapetypes: ignore[slug]`.

Both are honoured as mypy honours its own: on any line of the expression at fault, and for the whole file on a line of
its own before the first statement.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from shapetypes.core.fault import Diagnostic

MYPY_CODE: Final = "shape"
"""The code that all our errors have in mypy."""

_COMMENT: Final = re.compile(r"(?:^|#)\s*(type|shapetypes):\s*ignore\s*(\[[^\]]*\]|(?=[\s#]|$))")
_HINT: Final = re.compile(r"(?:type|shapetypes):\s*ignore")
_LAYOUT: Final = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
)
_NEVER: Final = frozenset({"syntax-error"})


@dataclass(frozen=True, slots=True)
class Ignores:
    """Which codes are silenced on which lines of a file.

    Attributes:
        lines: The silenced codes of each line (from 1), `*` for all of them.
        everywhere: The codes silenced in the whole file.
    """

    lines: dict[int, frozenset[str]] = field(default_factory=dict)
    everywhere: frozenset[str] = frozenset()

    def covers(self, code: str, line: int, end_line: int | None = None) -> bool:
        """Whether a diagnostic on these lines (from 1, both included) is silenced."""
        if code in _NEVER:
            return False
        wanted = {code, "*"}
        if not wanted.isdisjoint(self.everywhere):
            return True
        if not self.lines:
            return False
        return any(not wanted.isdisjoint(self.lines.get(n, ())) for n in range(line, (end_line or line) + 1))

    def keep(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The diagnostics that are not silenced."""
        return [d for d in diagnostics if not self.covers(d.fault.code, d.place.line, d.place.end_line)]


def read_ignores(text: str) -> Ignores:
    """The comments of a file; reads tokens only if its text has such a comment at all."""
    if "ignore" not in text or not _HINT.search(text):
        return Ignores()
    lines: dict[int, frozenset[str]] = {}
    everywhere: frozenset[str] = frozenset()
    started = False
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                codes = comment_codes(token.string)
                if codes and not started:
                    everywhere |= codes
                elif codes:
                    lines[token.start[0]] = lines.get(token.start[0], frozenset()) | codes
            elif token.type not in _LAYOUT:
                started = True
    except (tokenize.TokenError, SyntaxError):  # what stands before the error counts
        pass
    return Ignores(lines, everywhere)


def comment_codes(comment: str) -> frozenset[str]:
    """The codes that a comment silences; `*` for all, nothing when it is another comment."""
    out: set[str] = set()
    for tool, bracket in _COMMENT.findall(comment.removeprefix("#")):
        codes = {code.strip() for code in bracket[1:-1].split(",")} if bracket else {"*"}
        if tool == "type":
            codes = {"*"} if codes & {"*", MYPY_CODE} else set()
        out |= codes - {""}
    return frozenset(out)
