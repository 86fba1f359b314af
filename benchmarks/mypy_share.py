"""Runs mypy with the plugin and prints how much of the process's CPU time was the plugin's own.

    python mypy_share.py ARGUMENTS_OF_MYPY

The last line printed is a JSON object: seconds of CPU time in `plugin` and in `total`.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable
from typing import Any

_START = time.process_time()
_WORK = ("__init__", "report_config_data", "get_additional_deps", "get_additional_indirect_deps", "_sentinel")
_ASKED = ("get_function_hook", "get_method_hook", "get_customize_class_mro_hook", "get_type_analyze_hook")
"""Hooks that mypy asks for at each call and name: too quick for a clock, so they are counted."""


class Clock:
    """CPU time inside the plugin; what it calls of itself counts once."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.inside = 0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            start = time.process_time()
            self.inside += 1
            try:
                return function(*args, **kwargs)
            finally:
                self.inside -= 1
                if not self.inside:
                    self.spent += time.process_time() - start

        return timed


class Counter:
    """How often cheap hooks are asked for, and what that costs."""

    def __init__(self) -> None:
        self.calls = 0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            self.calls += 1
            return function(*args)

        return counted

    def cost(self, function: Callable[..., Any], *args: Any) -> float:
        """Seconds for all calls, each as long as this one takes."""
        rounds = 100_000
        start = time.process_time()
        for _ in range(rounds):
            function(*args)
        return (time.process_time() - start) / rounds * self.calls


def main() -> None:
    from mypy.errors import Errors
    from mypy.main import main as mypy
    from mypy.options import Options

    clock = Clock()
    clock.around(lambda: __import__("shapetypes.mypy").mypy.plugin(""))()
    from shapetypes._mypy.hooks import ShapePlugin

    asked, counter = ShapePlugin.get_type_analyze_hook, Counter()
    for name in _WORK:
        setattr(ShapePlugin, name, clock.around(getattr(ShapePlugin, name)))
    for name in _ASKED:
        setattr(ShapePlugin, name, counter.around(getattr(ShapePlugin, name)))
    out = io.StringIO()
    try:
        mypy(args=sys.argv[1:], stdout=out, stderr=sys.stderr, clean_exit=True)
    except SystemExit as done:
        if done.code == 2:
            raise
    total = time.process_time() - _START
    print(out.getvalue())
    plugin = ShapePlugin(Options())
    plugin._errors = Errors(Options())
    print(json.dumps({"plugin": clock.spent + counter.cost(asked, plugin, "torch.Tensor"), "total": total}))


if __name__ == "__main__":
    main()
