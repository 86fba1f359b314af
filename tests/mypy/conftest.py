"""Small projects on which mypy really runs, with stubs of a few lines in place of torch and jaxtyping."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

TYPINGS = {
    "typings/jaxtyping/__init__.pyi": """
        from typing import Annotated as Float, Annotated as Int
        __all__ = ["Float", "Int"]
    """,
    "typings/torch/__init__.pyi": """
        from typing import Any
        from torch import nn as nn
        class Tensor:
            def __add__(self, other: Any) -> Tensor: ...
            def __matmul__(self, other: Tensor) -> Tensor: ...
            def transpose(self, dim0: int, dim1: int) -> Tensor: ...
        def zeros(*size: int) -> Tensor: ...
    """,
    "typings/torch/nn/__init__.pyi": """
        from typing import Any
        class Module:
            def __call__(self, *args: Any) -> Any: ...
        class Linear(Module):
            def __init__(self, in_features: int, out_features: int) -> None: ...
    """,
}
SETTINGS = """
    [mypy]
    plugins = shapetypes.mypy
    mypy_path = typings
    check_untyped_defs = true
"""


def dedent(text: str) -> str:
    from textwrap import dedent as plain

    return plain(text).lstrip("\n")


class Project:
    """A folder in which mypy runs.

    Attributes:
        root: The folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.time = int(time.time()) - 100_000
        self.daemons: list[str] = []

    def write(self, files: dict[str, str]) -> None:
        """Write files; each is a whole second younger than all before, since the daemon counts in seconds."""
        self.time += 2
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
            os.utime(path, (self.time, self.time))

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write({name: text.replace(old, new)})

    def run(self, *command: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        variables = {**os.environ, "MYPY_FORCE_COLOR": "0", **(env or {})}
        return subprocess.run(
            [sys.executable, "-m", *command], cwd=self.root, capture_output=True, text=True, env=variables, check=False
        )

    def raw(self, *args: str, env: dict[str, str] | None = None) -> str:
        """What mypy prints; it must not crash."""
        done = self.run("mypy", *(args or (".",)), env=env)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        assert not done.stderr, done.stderr
        return done.stdout

    def mypy(self, *args: str, env: dict[str, str] | None = None) -> list[str]:
        """The lines that mypy prints without its summary; files come in an order of mypy's own."""
        return lines(self.raw(*args, env=env))

    def cold(self, *args: str) -> list[str]:
        return self.mypy("--cache-dir", os.devnull, *(args or (".",)))

    def stale(self, *args: str, env: dict[str, str] | None = None) -> tuple[list[str], set[str]]:
        """The same, and the modules of the project that mypy checked again."""
        out = self.run("mypy", "-v", *(args or (".",)), env=env)
        checked = {
            word
            for line in out.stderr.splitlines()
            if "Scheduling SCC" in line and "as " in line
            for word in line.partition("(")[2].partition(")")[0].split()
        }
        return lines(out.stdout), checked

    def daemon(self, *args: str) -> list[str]:
        """What the daemon prints; it is started at first use and stopped after the test."""
        status = f".dmypy{len(args)}.json"
        if status not in self.daemons:
            self.daemons.append(status)
            done = self.run("mypy.dmypy", "--status-file", status, "start", "--", *args)
            assert done.returncode == 0, done.stdout + done.stderr
        done = self.run("mypy.dmypy", "--status-file", status, "check", ".")
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return lines(done.stdout)

    def stop(self) -> None:
        for status in self.daemons:
            self.run("mypy.dmypy", "--status-file", status, "stop")


def lines(output: str) -> list[str]:
    return sorted(x for x in output.splitlines() if not x.startswith(("Found ", "Success")))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Callable[..., Project]]:
    """Makes a project of the files given; `settings` are further lines of its mypy.ini."""
    made: list[Project] = []

    def make(files: dict[str, str], settings: str = "", typings: bool = True) -> Project:
        out = Project(tmp_path / f"project{len(made)}")
        made.append(out)
        ini = dedent(SETTINGS) + dedent(settings)
        out.write({**(TYPINGS if typings else {}), "mypy.ini": ini, **files})
        return out

    yield make
    for one in made:
        one.stop()
