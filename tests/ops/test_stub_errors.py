"""Stubs of a user's own that cannot be used are told with file, line and what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shapetypes.ops import TensorSpec, infer
from shapetypes.ops.stubs import StubError, Stubs

GOOD = """
from shapetypes import Shaped
from torch import Tensor
def twice(x: Shaped[Tensor, "n d"]) -> Shaped[Tensor, "n 2*d"]: ...
"""


def library(folder: Path, text: str) -> Stubs:
    (folder / "mylib.pyi").write_text(text)
    return Stubs((str(folder),))


def test_a_stub_of_ones_own_is_used(tmp_path):
    stubs = library(tmp_path, GOOD)

    assert TensorSpec((3, 8), "float32") == infer("mylib.twice", (TensorSpec((3, 4), "float32"),), stubs=stubs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def f(x: Tensor) -> Rule[Tensor, 'nonesuch']: ...", "mylib.f: no shape function is called 'nonesuch'"),
        ("def f(x: Tensor) -> Rule[Tensor, 'torch.nonesuch']: ...", "'torch.nonesuch' refers to no function"),
        ("\ndef f(x: Shaped[Tensor, 'n (d']) -> Tensor: ...", "mylib.pyi:2: the shape string 'n (d' cannot be read"),
        ("def f(x: Shaped[Tensor, 3]) -> Tensor: ...", "mylib.pyi:1: expected a string, got `3`"),
        ("def f(:", "mylib.pyi:1: this stub is not valid Python"),
    ],
)
def test_a_bad_stub_says_where_and_what(tmp_path, text, message):
    with pytest.raises(StubError) as caught:
        infer("mylib.f", (TensorSpec((3, 4)),), stubs=library(tmp_path, text))

    assert message in str(caught.value)


def test_check_tells_it_and_could_not_do_its_job(tmp_path):
    (tmp_path / "typings").mkdir()
    library(tmp_path / "typings", "def f(x: Tensor) -> Rule[Tensor, 'nonesuch']: ...")
    (tmp_path / "pyproject.toml").write_text('[tool.shapetypes]\nstub-path = ["typings"]\n')
    (tmp_path / "user.py").write_text("import torch, mylib\n\n\ndef g() -> None:\n    mylib.f(torch.zeros(2))\n")
    (tmp_path / "other.py").write_text("import torch\n\ntorch.zeros(2) @ torch.zeros(3)\n")
    run = subprocess.run(
        [sys.executable, "-m", "shapetypes", "check", ".", "--format", "concise"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={k: v for k, v in os.environ.items() if k != "SHAPETYPES_RAISE"},
        check=False,
    )

    assert 2 == run.returncode
    assert "no shape function is called 'nonesuch'; write one in shapetypes/ops or correct the name" in run.stderr
    assert "other.py:3" in run.stdout
