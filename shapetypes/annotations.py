"""`Dim` and `Rule`: to type checkers, and to everything else that reads hints, they are `typing.Annotated`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Annotated as Dim, Annotated as Rule

__all__ = ["Dim", "DimMark", "Rule", "RuleMark"]


@dataclass(frozen=True, slots=True)
class DimMark:
    """The axis words of `Dim[T, "e"]`, as they stand in the metadata of `Annotated`."""

    text: str

    def __repr__(self) -> str:
        return f"Dim({self.text!r})"


@dataclass(frozen=True, slots=True)
class RuleMark:
    """The shape function that `Rule[T, "f"]` names, as it stands in the metadata of `Annotated`."""

    text: str


def _annotated(kind: str, mark: type[DimMark | RuleMark], item: object) -> Any:
    from typing import Annotated

    if not (isinstance(item, tuple) and len(item) == 2 and isinstance(item[1], str)):
        from shapetypes.core.parse import refuse

        refuse(str(item), 0, f'{kind} takes a type and a string: {kind}[int, "d"]')
    return Annotated[item[0], mark(item[1])]


if not TYPE_CHECKING:

    class Dim:
        """An integer with a name: `Dim[int, "d"]`.

        `T` is `int`, `int | None` (None binds nothing) or `tuple[int, ...]` (`"h w"`, `"*s"`). A bare name binds, an
        expression is checked.

        Raises:
            AnnotationError: the string cannot be read, with the column.
        """

        def __class_getitem__(cls, item):
            from shapetypes.core.parse import parse_axes

            out = _annotated("Dim", DimMark, item)
            parse_axes(item[1])
            return out

    class Rule:
        """What a stub returns: `Rule[Tensor, "cat"]` is a `Tensor` whose shape the shape function `cat` computes."""

        def __class_getitem__(cls, item):
            return _annotated("Rule", RuleMark, item)
