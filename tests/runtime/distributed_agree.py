"""Run by `torchrun` on two ranks: `agree` where sizes are equal, where they differ, and where a rank is missing."""

import sys
import time

import torch
import torch.distributed as dist
from torch import Tensor

from shapetypes import AnnotationError, Float, ShapeError, agree, assert_shape, dims, scope, shapecheck


@shapecheck
def forward(x: Float[Tensor, "B F"]) -> Float[Tensor, "B H"]:
    y: Float[Tensor, "B H"] = x.repeat(1, 2)
    agree("F H 2*F", timeout=60)
    return y


@shapecheck
def batches(x: Float[Tensor, "B *s"]) -> Float[Tensor, "B *s"]:
    agree("B", timeout=60)
    return x


def raised(kind, run, *args, **options):
    try:
        run(*args, **options)
    except kind as error:
        return str(error)
    raise AssertionError(f"no {kind.__name__}")


def main():
    dist.init_process_group("gloo")
    rank = dist.get_rank()
    made = []
    for name in ("all_reduce", "all_gather", "all_gather_object", "broadcast", "barrier", "monitored_barrier"):
        setattr(dist, name, lambda *_, name=name, **__: made.append(name))

    for _ in range(3):
        forward(torch.zeros(3 + rank, 4))  # batches differ by rank, and may
        assert dims is not assert_shape
    text = raised(ShapeError, forward, torch.zeros(2, 4 + rank))
    first = text.splitlines()[0]
    assert "`agree()`: `F` is 4 on rank 0, 5 on rank 1" in first, text
    assert f"[rank {rank}]" in first, text
    assert 'agree("F H 2*F", timeout=60)' in text, text
    forward(torch.zeros(2, 7))
    assert "`B` is 3 on rank 0, 4 on rank 1" in raised(ShapeError, batches, torch.zeros(3 + rank, 2))
    with scope(W=6 + rank, V=1):
        agree("V")
        assert "`W` is 6 on rank 0, 7 on rank 1" in raised(ShapeError, lambda: agree("V W"))
    assert "`Q` has no size here" in raised(AnnotationError, agree, "Q")

    text = raised(TimeoutError, agree, "" if rank else "2", timeout=60)
    assert "asked for others instead" in text, text
    assert f"rank {1 - rank}" in text, text

    if rank == 0:
        text = raised(TimeoutError, agree, "3", timeout=0.3)
        assert text == 'agree("3"): nothing was heard of rank 1 within 0.3 s', text
    else:
        time.sleep(1)
        agree("3", timeout=60)
    assert not made, made
    if rank == 0:
        sys.stdout.write("all well\n")
        time.sleep(2)  # the store is in this process


if __name__ == "__main__":
    main()
