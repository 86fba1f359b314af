"""The pages that `shapetypes explain` prints: `docs/errors`, which an installed package carries with it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from shapetypes.core.fault import CODES

_PACKAGE: Final = Path(__file__).resolve().parent.parent


def page(code: str) -> str:
    """The page of a code, as Markdown.

    Raises:
        KeyError: there is no such code.
    """
    if code not in CODES:
        raise KeyError(code)
    carried = _PACKAGE / "_pages"
    folder = carried if carried.is_dir() else _PACKAGE.parent / "docs" / "errors"
    return (folder / f"{code}.md").read_text(encoding="utf-8")
