"""Threads, tasks and generators, each with its own sizes: no name leaks, and nothing correct is refused."""

import asyncio
import random
import sys
import threading

import pytest
import torch
from torch import Tensor, nn

from shapetypes import Dim, Float, ShapeError, assert_shape, dims, scope, shapecheck, shaped
from shapetypes.runtime import scopes

THREADS, TASKS = 8, 1000


def z(*shape):
    return torch.zeros(shape)


class Net(nn.Module):
    """One object that everybody calls."""

    @shapecheck
    def __init__(self, d: Dim[int, "D"]):
        super().__init__()
        self.layer = shaped(nn.Linear(d, 3), "B D -> B 3")

    @shapecheck
    def forward(self, x: Float[Tensor, "B D"], y: Float[Tensor, "B"]) -> Float[Tensor, "B 3"]:
        half: Float[Tensor, "B E"] = x[:, ::2]
        assert dims("B E") == tuple(half.shape)
        assert isinstance(x, Float[Tensor, "B D"])
        assert not isinstance(z(y.shape[0] + 1), Float[Tensor, "B"])
        return self.layer(x) + assert_shape(y[:, None], "B 1")


@shapecheck
def plain(x: Float[Tensor, "n"], y: Float[Tensor, "n"]) -> Float[Tensor, "n"]:
    return x + y


@shapecheck
def pairs(x: Float[Tensor, "n"], times: int):
    for _ in range(times):
        y: Float[Tensor, "n"] = x + 1
        yield y


NET = Net(4)


def once(n):
    """One correct piece of work with size `n`, and one that must be refused with exactly this size."""
    assert (n, 3) == NET(z(n, 4), z(n)).shape
    plain(z(n), z(n))
    with scope("n"):
        plain(z(n), z(n))
        with pytest.raises(ShapeError, match=f"is {n + 1}, expected {n}"):
            plain(z(n + 1), z(n + 1))
    with pytest.raises(ShapeError, match=f"is {n + 1}, expected {n}"):
        NET(z(n, 4), z(n + 1))


@pytest.fixture(autouse=True)
def nothing_is_left():
    yield
    assert not scopes.BLOCKS
    assert not scopes.DEEP
    assert {"D": 4} == dict(scopes.instance_names(NET))


def in_threads(work):
    """Run something in all threads at once, with the interpreter switching as often as it can; the errors."""
    failed, start = [], threading.Barrier(THREADS)

    def run(seed):
        start.wait()
        try:
            work(random.Random(seed))
        except BaseException as error:
            failed.append(error)

    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=run, args=(seed,)) for seed in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(switch)
    return failed


def test_threads():
    def work(chance):
        for _ in range(10):
            once(chance.randint(1, 40))

    assert not in_threads(work)


@shapecheck
async def task(n: int, x: Float[Tensor, "n"], net: Net) -> Float[Tensor, "n"]:
    for turn in range(3):
        y: Float[Tensor, "n"] = x * turn
        with scope("B"):
            assert (n, 3) == net(z(n, 4), z(n)).shape
            await asyncio.sleep(0)
            assert (n, 3) == net(z(n, 4), z(n)).shape
            if n == turn + 1:
                with pytest.raises(ShapeError, match=f"is {n + 1}, expected {n}"):
                    net(z(n + 1, 4), z(n + 1))
        assert dims("n") == n
        await asyncio.sleep(0)
    return y


def test_tasks_that_take_turns():
    async def every():
        chance = random.Random(0)
        return await asyncio.gather(*(task(n, z(n), NET) for n in (chance.randint(1, 30) for _ in range(TASKS))))

    assert TASKS == len(asyncio.run(every()))


def test_generators_that_take_turns():
    chance = random.Random(1)
    sizes = [chance.randint(1, 30) for _ in range(TASKS)]
    running = [pairs(z(n), 3) for n in sizes]
    for _ in range(3):
        chance.shuffle(order := list(range(TASKS)))
        assert all((sizes[i],) == next(running[i]).shape for i in order)
    assert all(next(one, None) is None for one in running)


def test_asynchronous_generators_that_take_turns():
    @shapecheck
    async def stream(x: Float[Tensor, "n"]):
        for _ in range(3):
            await asyncio.sleep(0)
            y: Float[Tensor, "n"] = x + 1
            yield y

    async def read(n):
        return [item.shape async for item in stream(z(n))] == [(n,)] * 3

    async def every():
        return await asyncio.gather(*(read(1 + n % 30) for n in range(TASKS)))

    assert all(asyncio.run(every()))


def test_a_wrong_one_among_many_is_the_only_one_refused():
    async def one(n, wrong):
        await asyncio.sleep(0)
        try:
            await task_of(n, z(n), z(n + wrong))
        except ShapeError as error:
            return (n, error.fault.got, error.fault.want)
        return None

    @shapecheck
    async def task_of(n: int, x: Float[Tensor, "n"], y: Float[Tensor, "n"]) -> Float[Tensor, "n"]:
        await asyncio.sleep(0)
        return x + y

    async def every():
        return await asyncio.gather(*(one(1 + n % 30, n == 500) for n in range(TASKS)))

    assert [(21, 22, 21)] == [found for found in asyncio.run(every()) if found]


def test_sources_are_read_by_many_threads_at_once():
    """Before Python 3.12 the interpreter's own parser fails here."""
    from shapetypes.core.source import parse

    source = "x = [" + "(1, [2, {3: 4}])," * 300 + "]"

    assert not in_threads(lambda chance: [parse(source) for _ in range(10)])
