"""The mypy plugin: `plugins = shapetypes.mypy` in mypy's configuration.

It judges the modules of the project that mypy itself checks, and reports under mypy's error code `shape`. It imports
neither a framework nor jaxtyping, and the engine only when there is something to judge.
"""

from __future__ import annotations

from typing import Final

from mypy.plugin import Plugin

__version__: Final = "1"
"""Part of what mypy keeps all of its cache by, the user's frameworks included.

The engine's own version is kept with each module of the project instead (`Project.settings_digest`): with another
engine those are checked again, and nothing else.
"""


def plugin(version: str) -> type[Plugin]:  # noqa: ARG001
    """What mypy calls to get the plugin."""
    from shapetypes._mypy.hooks import ShapePlugin

    return ShapePlugin
