"""Where the project's own stubs are."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent


def own_folder() -> Path:
    """The folder of the project's own stubs: in the wheel `shapetypes/_stubs`, in a checkout `stubs`."""
    shipped = _HERE / "_stubs"
    return shipped if shipped.is_dir() else _HERE.parent / "stubs"
