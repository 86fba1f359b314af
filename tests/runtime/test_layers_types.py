"""To type checkers a shaped layer is the layer: the same type, for mypy and for pyright."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
from typing import assert_type

from shapetypes import instrument, shaped
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
"""
WRONG = """
from shapetypes import shaped

shaped(3)
shaped(3, 4)
text: str = shaped(3, "B -> B")
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
    assert all(f"wrong.py:{line}:" in done.stdout for line in (4, 5, 6)), done.stdout
