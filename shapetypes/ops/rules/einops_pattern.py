"""The patterns of einops: `"b n (h e) -> b h n e"`, read into groups of axes with their columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

ELLIPSIS: Final = "..."
_TOKEN = re.compile(r"\s+|\.\.\.|[()]|\w+|.", re.UNICODE)


class PatternError(Exception):
    """A pattern that cannot be read.

    Attributes:
        detail: What is wrong, in words.
        column: Where, from 0.
    """

    def __init__(self, detail: str, column: int) -> None:
        super().__init__(detail)
        self.detail = detail
        self.column = column


@dataclass(frozen=True, slots=True)
class PatternAxis:
    """One axis of a pattern.

    Attributes:
        name: Its name; `...` for the ellipsis; a number with its column for an anonymous axis, so that it is unique.
        size: The size of an anonymous axis (elements).
        column: Where it stands, from 0.
    """

    name: str
    size: int | None
    column: int


@dataclass(frozen=True, slots=True)
class Group:
    """The axes that make up one axis of the tensor: none for `1` and `()`, several in parentheses."""

    axes: tuple[PatternAxis, ...]
    column: int
    text: str

    @property
    def is_ellipsis(self) -> bool:
        """Whether it stands for any number of axes."""
        return self.text == ELLIPSIS


@dataclass(frozen=True, slots=True)
class Expression:
    """One side of a pattern."""

    groups: tuple[Group, ...]
    text: str
    column: int

    @property
    def names(self) -> dict[str, PatternAxis]:
        """Its axes by name, in order, anonymous ones and the ellipsis included."""
        return {axis.name: axis for group in self.groups for axis in group.axes}

    @property
    def ellipsis(self) -> PatternAxis | None:
        """The ellipsis, also one in parentheses."""
        return self.names.get(ELLIPSIS)

    @property
    def open(self) -> int | None:
        """The index of the group that is the ellipsis, or None."""
        return next((i for i, group in enumerate(self.groups) if group.is_ellipsis), None)


class _Reader:
    def __init__(self, text: str, column: int, underscore: bool, duplicates: bool) -> None:
        self.text = text
        self.column = column
        self.underscore = underscore
        self.duplicates = duplicates
        self.groups: list[Group] = []
        self.inside: list[PatternAxis] | None = None
        self.start = 0
        self.seen: set[str] = set()

    def read(self) -> Expression:
        for match in _TOKEN.finditer(self.text):
            if not match.group().isspace():
                self.token(match.group(), match.start())
        if self.inside is not None:
            raise PatternError("the parenthesis is not closed", self.column + self.start)
        return Expression(tuple(self.groups), self.text.strip(), self.column)

    def token(self, token: str, at: int) -> None:
        column = self.column + at
        if token == "(":
            if self.inside is not None:
                raise PatternError("a parenthesis cannot stand in a parenthesis", column)
            self.inside, self.start = [], at
        elif token == ")":
            if self.inside is None:
                raise PatternError("this parenthesis is closed but not opened", column)
            text = self.text[self.start : at + 1]
            self.groups.append(Group(tuple(self.inside), self.column + self.start, text))
            self.inside = None
        else:
            self.axis(token, column)

    def axis(self, token: str, column: int) -> None:
        axes = () if token.isdecimal() and int(token) == 1 else (self.one(token, column),)
        if self.inside is not None:
            self.inside += axes
        else:
            self.groups.append(Group(axes, column, token))

    def one(self, token: str, column: int) -> PatternAxis:
        if token.isdecimal():
            if int(token) == 0:
                raise PatternError("an axis cannot have size 0 here", column)
            return PatternAxis(f"{token}@{column}", int(token), column)
        anonymous = token == "_" and self.underscore
        if token != ELLIPSIS and not anonymous:
            _check_name(token, column)
        if token in self.seen and not anonymous and (token == ELLIPSIS or not self.duplicates):
            raise PatternError(f"`{token}` stands twice on one side", column)
        self.seen.add(token)
        return PatternAxis(f"_@{column}" if anonymous else token, None, column)


def _check_name(token: str, column: int) -> None:
    if not token.isidentifier():
        raise PatternError(f"`{token}` is not a name", column)
    if token[0] == "_" or token[-1] == "_":
        raise PatternError(f"the name `{token}` must not begin or end with `_`", column)


def read_expression(text: str, column: int = 0, *, underscore: bool = False, duplicates: bool = False) -> Expression:
    """Read one side of a pattern.

    Args:
        text: The text.
        column: Where it stands in the whole pattern, from 0.
        underscore: Whether `_` stands for an axis without a name.
        duplicates: Whether a name may stand twice.

    Raises:
        PatternError: it cannot be read.
    """
    return _Reader(text, column, underscore, duplicates).read()


def split_arrow(pattern: str) -> tuple[str, str, int]:
    """The two sides of a pattern and the column of the right one.

    Raises:
        PatternError: there is not exactly one arrow.
    """
    left, arrow, right = pattern.partition("->")
    if not arrow:
        raise PatternError("there is no `->`", len(pattern))
    if "->" in right:
        raise PatternError("there is a second `->`", len(left) + 2 + right.index("->"))
    return left, right, len(left) + 2


def read_transform(pattern: str, operation: str, given: frozenset[str]) -> tuple[Expression, Expression]:
    """Read the pattern of `rearrange`, `repeat` or `reduce` (any other operation).

    Args:
        pattern: The pattern.
        operation: The operation, which decides which axes may be new or go.
        given: The names whose sizes are given.

    Raises:
        PatternError: it cannot be read, or its sides do not go together.
    """
    left_text, right_text, column = split_arrow(pattern)
    left, right = read_expression(left_text), read_expression(right_text, column)
    if left.ellipsis and left.open is None:
        raise PatternError("`...` cannot stand in a parenthesis on the left", left.ellipsis.column)
    if right.ellipsis and not left.ellipsis:
        raise PatternError("there is no `...` on the left", right.ellipsis.column)
    _check_sides(left, right, operation, given)
    for name in given - left.names.keys() - right.names.keys():
        raise PatternError(f"`{name}` is given a size but is not in the pattern", 0)
    _check_sizes(left, given)
    return left, right


def _check_sides(left: Expression, right: Expression, operation: str, given: frozenset[str]) -> None:
    gone = [axis for name, axis in left.names.items() if name not in right.names]
    new = [axis for name, axis in right.names.items() if name not in left.names]
    if operation == "rearrange":
        number = next((a for a in (*gone, *new) if a.size is not None), None)
        if number:
            raise PatternError("rearrange() needs names, not numbers", number.column)
    if operation in ("rearrange", "repeat") and gone:
        raise PatternError(f"`{_shown(gone[0])}` is not on the right", gone[0].column)
    if operation == "repeat":
        missing = next((a for a in new if a.size is None and a.name not in given), None)
        if missing:
            raise PatternError(f"the size of `{missing.name}` is not given", missing.column)
    elif new:
        raise PatternError(f"`{_shown(new[0])}` is not on the left", new[0].column)


def _shown(axis: PatternAxis) -> str:
    return axis.name.partition("@")[0]


def _check_sizes(left: Expression, given: frozenset[str]) -> None:
    for group in left.groups:
        free = [a for a in group.axes if a.size is None and a.name not in given]
        if len(free) > 1:
            names = " and ".join(f"`{a.name}`" for a in free[:2])
            raise PatternError(f"the sizes of {names} cannot be told apart; give one of them", free[1].column)


def read_packing(pattern: str) -> tuple[int, int]:
    """How many axes stand before and after the `*` of `pack` and `unpack`.

    Raises:
        PatternError: it cannot be read.
    """
    names: list[str] = []
    for match in re.finditer(r"\S+", pattern):
        token = match.group()
        if token in names:
            raise PatternError(f"`{token}` stands twice", match.start())
        if token != "*":
            _check_name(token, match.start())
        names.append(token)
    if "*" not in names:
        raise PatternError("there is no `*`", len(pattern))
    before = names.index("*")
    return before, len(names) - before - 1
