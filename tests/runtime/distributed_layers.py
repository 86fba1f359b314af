"""Run by `torchrun` on two ranks: `shaped` layers in DDP, FSDP2 and tensor-parallel models, checks on."""

import os
import sys

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor.parallel import ColwiseParallel, RowwiseParallel, parallelize_module
from torch.nn.parallel import DistributedDataParallel

from shapetypes import ShapeError, shaped


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = shaped(nn.Linear(4, 8), "B F -> B H")
        self.act = shaped(nn.ReLU(), "B H -> B H")
        self.down = shaped(nn.Linear(8, 2), "B H -> B C")

    def forward(self, x):
        return self.down(self.act(self.up(x)))


def refused(net, x, says):
    text = ""
    try:
        net(x)
    except ShapeError as error:
        text = str(error)
    assert says in text, text
    assert f"[rank {dist.get_rank()}]" in text.splitlines()[0], text


def main():
    dist.init_process_group("gloo")
    rank = dist.get_rank()
    mesh = init_device_mesh("cpu", (2,))

    net = DistributedDataParallel(Net())
    net(torch.randn(3 + rank, 4)).sum().backward()  # batches differ by rank
    refused(net, torch.randn(3, 5), "is 5, expected 4")
    outer = shaped(DistributedDataParallel(nn.Linear(4, 8)), "B F -> B H")
    assert outer(torch.randn(3, 4)).shape == (3, 8)
    refused(outer, torch.randn(3, 5), "is 5, expected 4")

    net = Net()
    for layer in (net.up, net.down, net):
        fully_shard(layer, mesh=mesh)
    net(torch.randn(3, 4)).sum().backward()
    refused(net, torch.randn(3, 5), "axis 1 (`F`) is 5, expected 4")

    net = parallelize_module(Net(), mesh, {"up": ColwiseParallel(), "down": RowwiseParallel()})
    assert net(torch.randn(3, 4)).shape == (3, 2)
    assert net(torch.randn(5, 4)).shape == (5, 2)
    refused(net, torch.randn(3, 4, 4), "number of axes")
    dist.barrier()
    dist.destroy_process_group()
    if rank == 0:
        sys.stdout.write(f"all well on {os.environ['WORLD_SIZE']} ranks\n")


if __name__ == "__main__":
    main()
