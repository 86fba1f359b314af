"""To type checkers a shaped layer is the layer, and a checked function the function, for mypy and for pyright."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_type

from shapetypes import Dim, assert_shape, instrument, scope, shapecheck, shaped
from shapetypes.runtime.instrument import Instrument


class Layer:
    size: int = 3


class Narrow(Layer):
    pass


layer = shaped(Narrow(), "B F -> B H")
assert_type(layer, Narrow)
assert_type(shaped(layer=Layer(), spec="B -> B"), Layer)
assert_type(layer.size, int)
assert_type(instrument(layer), Instrument)
with instrument(layer) as handle:
    assert_type(handle.layers, tuple[str, ...])


@shapecheck
def plain(x: int, *, y: str = "") -> list[int]:
    return [x]


@shapecheck(typechecker=None)
def numbers(n: Dim[int, "n"]) -> Iterator[int]:
    assert_type(n, int)
    yield n


@shapecheck
async def later(x: int) -> str:
    return str(x)


@shapecheck
@dataclass
class Record:
    x: int

    @property
    def twice(self) -> int:
        return 2 * self.x

    @classmethod
    @shapecheck
    def make(cls) -> "Record":
        return cls(3)


async def calls() -> None:
    assert_type(plain(3, y="a"), list[int])
    assert_type(numbers(3), Iterator[int])
    assert_type(await later(3), str)


assert_type(Record(3), Record)
assert_type(Record(3).twice, int)
assert_type(Record.make(), Record)
assert_type(assert_shape(3, "B"), int)
with scope("B T") as block:
    assert_type(block, scope)
"""
WRONG = """
from shapetypes import shapecheck, shaped

shaped(3)
shaped(3, 4)
text: str = shaped(3, "B -> B")


@shapecheck
def plain(x: int) -> str:
    return str(x)


plain("a")
plain(3).no_such_method()
"""
ROOT = Path(__file__).parents[2]


def run(tool, path, *args):
    return subprocess.run(
        [sys.executable, "-m", tool, *args, str(path)],
        cwd=path.parent,
        env={**os.environ, "MYPYPATH": str(ROOT), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(("tool", "args"), [("mypy", ("--strict", "--follow-imports=silent")), ("pyright", ())])
def test_the_type_is_kept(tool, args, tmp_path):
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(PROGRAM)
    wrong.write_text(WRONG)
    done = run(tool, right, *args)
    assert done.returncode == 0, done.stdout
    done = run(tool, wrong, *args)
    assert done.returncode == 1
    assert all(f"wrong.py:{line}:" in done.stdout for line in (4, 5, 6, 14, 15)), done.stdout
