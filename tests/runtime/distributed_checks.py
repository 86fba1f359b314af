"""Run by `torchrun` on two ranks: `@shapecheck` in DDP, FSDP2 and tensor-parallel models, and on DTensors."""

import os
import sys

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor, Replicate, Shard, distribute_tensor
from torch.distributed.tensor.debug import CommDebugMode
from torch.distributed.tensor.parallel import ColwiseParallel, RowwiseParallel, parallelize_module
from torch.nn.parallel import DistributedDataParallel

from shapetypes import Dim, Float, ShapeError, scope, shapecheck


def layers(self, f, h, c):
    nn.Module.__init__(self)
    self.up, self.down = nn.Linear(f, h), nn.Linear(h, c)


class Bare(nn.Module):
    def __init__(self, f: int, h: int, c: int):
        layers(self, f, h, c)

    def forward(self, x):
        return self.down(torch.relu(self.up(x)))


class Net(nn.Module):
    """All of its names are fixed by `Dim` integers, one of them (`H`) is the one that tensor parallelism cuts."""

    @shapecheck
    def __init__(self, f: Dim[int, "F"], h: Dim[int, "H"], c: Dim[int, "C"]):
        layers(self, f, h, c)

    @shapecheck
    def forward(self, x: Float[Tensor, "B F"]) -> Float[Tensor, "B C"]:
        hidden: Float[Tensor, "B H"] = torch.relu(self.up(x))
        self.twice(hidden)
        return self.down(hidden)

    @shapecheck
    def twice(self, hidden: Float[Tensor, "B H"]) -> Float[Tensor, "B H"]:
        return hidden * 2


def refused(fn, *args, says):
    text = ""
    try:
        fn(*args)
    except ShapeError as error:
        text = str(error)
    assert says in text, text
    assert f"[rank {dist.get_rank()}]" in text.splitlines()[0], text


def collectives(model, x):
    """What a step of a model sends."""
    with CommDebugMode() as counted:
        model(x).sum().backward()
    return {str(k): v for k, v in counted.get_comm_counts().items()}


def data_parallel(rank):
    net = DistributedDataParallel(Net(4, 8, 2))
    net(torch.randn(3 + rank, 4)).sum().backward()  # batches differ by rank
    refused(net, torch.randn(3, 5), says="`Net.forward()` argument `x`: axis 1 (`F`) is 5, expected 4")
    with scope("B", deep=True):
        net(torch.randn(3 + rank, 4))
        refused(net, torch.randn(7, 4), says=f"is 7, expected {3 + rank}")
    if rank == 0:  # were anything asked of the other rank, this would wait for it for ever
        refused(net.module, torch.randn(3, 5), says="is 5, expected 4")
        net.module(torch.randn(9, 4))


def fully_sharded(mesh):
    def make(cls):
        net = cls(4, 8, 2)
        for part in (net.up, net.down, net):
            fully_shard(part, mesh=mesh)
        return net

    net = make(Net)
    assert collectives(net, torch.randn(3, 4)) == collectives(make(Bare), torch.randn(3, 4))
    refused(net, torch.randn(3, 5), says="axis 1 (`F`) is 5, expected 4")
    refused(net.twice, torch.randn(3, 7), says="axis 1 (`H`) is 7, expected 8")


def tensor_parallel(mesh):
    def make(cls):
        return parallelize_module(cls(4, 8, 2), mesh, {"up": ColwiseParallel(), "down": RowwiseParallel()})

    net = make(Net)
    assert net(torch.randn(3, 4)).shape == (3, 2)
    assert net(torch.randn(5, 4)).shape == (5, 2)
    assert collectives(net, torch.randn(3, 4)) == collectives(make(Bare), torch.randn(3, 4))
    refused(net, torch.randn(3, 4, 4), says="number of axes is 3")
    refused(net.twice, torch.randn(3), says="number of axes is 1")

    def outside(x):
        return shapecheck(multiply)(x, x)

    def multiply(x: Float[Tensor, "B H"], y: Float[Tensor, "B H"]) -> Float[Tensor, "B H"]:
        return x * y

    assert outside(net.up(torch.randn(3, 4))).shape == (3, 4)


@shapecheck
def product(x: Float[Tensor, "N K"], w: Float[Tensor, "K M"]) -> Float[Tensor, "N M"]:
    return x @ w


def distributed_tensors(mesh, rank):
    x = distribute_tensor(torch.randn(7, 4), mesh, [Shard(0)])  # 4 rows here, 3 there
    w = distribute_tensor(torch.randn(4, 6), mesh, [Replicate()])
    assert product(x, w).shape == (7, 6)
    refused(product, x, distribute_tensor(torch.randn(5, 6), mesh, [Shard(1)]), says="axis 0 (`K`) is 5, expected 4")
    local = DTensor.from_local(torch.randn(4 - rank, 4), mesh, [Shard(0)], shape=(7, 4), stride=(4, 1), run_check=False)
    assert product(local, w).shape == (7, 6)
    with CommDebugMode() as counted:
        product(x, w)
        refused(product, x, x, says="axis 0 (`K`) is 7, expected 4")
    assert counted.get_total_counts() == 0

    @shapecheck
    def dtensors(x: Float[DTensor, "N K"]): ...

    dtensors(x)
    refused(dtensors, x.to_local(), says="is `Tensor`, expected `Float[DTensor")


def main():
    dist.init_process_group("gloo")
    rank = dist.get_rank()
    mesh = init_device_mesh("cpu", (2,))
    data_parallel(rank)
    dist.barrier()
    fully_sharded(mesh)
    tensor_parallel(mesh)
    distributed_tensors(mesh, rank)
    dist.barrier()
    dist.destroy_process_group()
    if rank == 0:
        sys.stdout.write(f"all well on {os.environ['WORLD_SIZE']} ranks\n")


if __name__ == "__main__":
    main()
