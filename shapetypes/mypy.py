"""The mypy plugin: `plugins = shapetypes.mypy` in mypy's configuration.

It judges the modules of the project that mypy itself checks, and reports under mypy's error code `shape`. It imports
neither a framework nor jaxtyping, and the engine only when there is something to judge.
"""

from __future__ import annotations

from typing import Final

from mypy.plugin import Plugin

from shapetypes._mypy.version import engine_version

__version__: Final = engine_version()
"""Part of what mypy keeps its cache by: another engine finds other faults."""


def plugin(version: str) -> type[Plugin]:  # noqa: ARG001
    """What mypy calls to get the plugin."""
    from shapetypes._mypy.hooks import ShapePlugin

    return ShapePlugin
