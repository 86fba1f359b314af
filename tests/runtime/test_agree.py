"""`agree`: sizes compared across ranks. Two ranks run with gloo on the loopback device."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

from shapetypes import AnnotationError, Float, agree, scope, shapecheck
from shapetypes.diagnose import headline
from shapetypes.runtime.agreement import difference

PROGRAM = Path(__file__).with_name("distributed_agree.py")


def test_two_ranks():
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", str(PROGRAM)],
        env={**os.environ, "GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(PROGRAM.parents[2])},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert "all well" in done.stdout


def test_a_single_process_agrees_with_itself():
    @shapecheck
    def f(x: Float[Tensor, "b *s"]):
        agree("b *s b+1")
        agree("q")

    with pytest.raises(AnnotationError, match="`q` has no size here"):
        f(torch.zeros(2, 3))
    with scope(n=3):
        agree("n")


def test_the_ranks_are_grouped_by_size():
    assert difference({0: {"H": 4, "s": [2, 3]}, 1: {"H": 4, "s": [2, 3]}}) is None
    told = {rank: {"H": 4, "s": [2, 3 + rank % 2]} for rank in range(20)}
    fault = difference(told)
    assert fault is not None
    ranks = ["0, 2, 4, 6, 8, 10, 12, 14 and 2 more", "1, 3, 5, 7, 9, 11, 13, 15 and 2 more"]
    assert headline(fault) == f"`agree()`: `s` is (2, 3) on ranks {ranks[0]}, (2, 4) on ranks {ranks[1]}"


def test_off_means_off(monkeypatch):
    monkeypatch.setenv("SHAPETYPES", "off")
    agree("nothing has this name")


def test_nothing_is_compared_while_torch_compiles():
    @shapecheck
    def f(x: Float[Tensor, "b"]):
        agree("b")
        return x + 1

    torch._dynamo.reset()
    assert (2,) == torch.compile(f, backend="eager", fullgraph=True)(torch.zeros(2)).shape
