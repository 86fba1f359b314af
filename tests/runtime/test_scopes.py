"""Names beyond one call: of an object, of a block; and what must not be confused."""

import asyncio
import copy
import pickle
import threading
from contextlib import ExitStack

import pytest
import torch
from torch import Tensor, nn

from shapetypes import AnnotationError, Dim, Float, ShapeError, assert_shape, dims, scope, shapecheck


def z(*shape):
    return torch.zeros(shape)


# -- objects ----------------------------------------------------------------------------------------------------------


class Head(nn.Module):
    @shapecheck
    def __init__(self, d_model: Dim[int, "d"], d_head: Dim[int, "e"], grid: Dim[tuple[int, ...], "*g"] = (2, 2)):
        super().__init__()
        self.query = nn.Linear(d_model, d_head)

    @shapecheck
    def forward(self, x: Float[Tensor, "B T d"]) -> Float[Tensor, "B T e"]:
        return self.query(x)

    @shapecheck
    def wide(self, x: Float[Tensor, "B 2*d"]) -> Float[Tensor, "B d+e"]:
        return z(x.shape[0], x.shape[1] // 2 + self.query.out_features)

    @shapecheck
    def on_grid(self, x: Float[Tensor, "*g d"]): ...


def test_dim_integers_of_init_hold_for_the_object(refused):
    head, other = Head(4, 6), Head(8, 6)
    for _ in range(2):
        head(z(2, 3, 4))
        other(z(2, 3, 8))
        error = refused("dim-mismatch", head, z(2, 3, 8))
        assert ("d", 8, 4) == (error.fault.name, error.fault.got, error.fault.want)
    assert ("parameter", "d_model", 4) == tuple(getattr(error.fault.origins[0], f) for f in ("what", "name", "size"))
    head.wide(z(2, 8))
    refused("dim-mismatch", head.wide, z(2, 4))
    head.on_grid(z(2, 2, 4))
    refused("dim-mismatch", head.on_grid, z(2, 3, 4))


def test_the_result_is_held_to_the_object(refused):
    head = Head(4, 6)
    head.query = nn.Linear(4, 7)

    assert "return" == refused("dim-mismatch", head, z(2, 3, 4)).fault.argument


def test_names_go_where_the_object_goes(refused, tmp_path):
    head = Head(4, 6)
    torch.save(head, tmp_path / "head.pt")
    copies = [
        copy.deepcopy(head), copy.copy(head), pickle.loads(pickle.dumps(head)),
        torch.load(tmp_path / "head.pt", weights_only=False),
    ]  # fmt: skip

    for one in copies:
        one(z(2, 3, 4))
        refused("dim-mismatch", one, z(2, 3, 5))
    assert {"query.weight", "query.bias"} == set(head.state_dict())
    assert head.load_state_dict(copies[0].state_dict())


def test_building_an_object_again_renews_its_names(refused):
    head = Head(4, 6)
    head.__init__(5, 6)

    head(z(2, 3, 5))
    refused("dim-mismatch", head, z(2, 3, 4))


def test_classes_of_one_hierarchy_may_name_their_sizes_alike():
    class Wide(Head):
        @shapecheck
        def __init__(self, d: Dim[int, "d"]):
            super().__init__(2 * d, d)

        @shapecheck
        def half(self, x: Float[Tensor, "B d"]): ...

    wide = Wide(4)
    wide(z(2, 3, 8))
    wide.half(z(2, 4))


def test_objects_with_slots(refused):
    class Slotted:
        __slots__ = ("__weakref__", "width")

        @shapecheck
        def __init__(self, width: Dim[int, "w"]):
            self.width = width

        @shapecheck
        def f(self, x: Float[Tensor, "w"]): ...

    three, four = Slotted(3), Slotted(4)
    three.f(z(3))
    four.f(z(4))
    refused("dim-mismatch", three.f, z(4))


def test_a_name_that_nothing_binds_is_told_at_the_call():
    class C:
        @shapecheck
        def f(self, x: Float[Tensor, "2*q"]): ...

    with pytest.raises(AnnotationError, match="`q`"):
        C().f(z(2))


def test_plain_ints_of_init_bind_nothing():
    class C:
        @shapecheck
        def __init__(self, d: int):
            self.d = d

        @shapecheck
        def f(self, x: Float[Tensor, "d"]): ...

    C(3).f(z(4))


def test_heads_beside_height():
    class Attention(nn.Module):
        @shapecheck
        def __init__(self, heads: Dim[int, "h"]):
            super().__init__()

        @shapecheck
        def forward(self, x: Float[Tensor, "B T h e"]) -> Float[Tensor, "B T h e"]:
            return x

    @shapecheck
    def image(x: Float[Tensor, "B h w"], layer: nn.Module) -> Float[Tensor, "B h w"]:
        layer(z(1, 2, 8, 3))
        return x

    image(z(2, 16, 16), Attention(8))


def test_a_buffer_that_grows():
    @shapecheck
    class Cached(nn.Module):
        cache: Float[Tensor, "T d"]

        def __init__(self, d: Dim[int, "d"]):
            super().__init__()
            self.register_buffer("cache", z(0, d))

        def forward(self, x: Float[Tensor, "1 d"]) -> Float[Tensor, "T d"]:
            self.cache = torch.cat([self.cache, x])
            return self.cache

    layer = Cached(4)
    assert [1, 2, 3] == [layer(z(1, 4)).shape[0] for _ in range(3)]


# -- blocks -----------------------------------------------------------------------------------------------------------


@shapecheck
def model(x: Float[Tensor, "B F"]) -> Float[Tensor, "B C"]:
    return x[:, :2]


@shapecheck
def loss(target: Float[Tensor, "B"]): ...


@shapecheck
def helper(x: Float[Tensor, "B F"]):
    """Has its own local B."""
    loss(z(7))
    return model(x)


def test_a_block_ties_calls_together(refused):
    def train(n):
        with scope("B"):
            model(z(4, 3))
            loss(z(n))

    train(4)
    error = refused("dim-mismatch", train, 5)
    assert "model(z(4, 3))" in str(error)
    assert "loss(z(n))" in str(error)
    assert ("identified", "model()", 4) == tuple(getattr(error.fault.origins[0], f) for f in ("what", "name", "size"))
    assert ("B", 5, 4) == (error.fault.name, error.fault.got, error.fault.want)


def test_only_the_listed_names_are_tied():
    with scope("B"):
        model(z(4, 3))
        model(z(4, 5))


def test_sizes_can_be_given(refused):
    with scope(B=4):
        model(z(4, 3))
        refused("dim-mismatch", lambda: model(z(5, 3)))


def test_a_failed_call_binds_nothing(refused):
    with scope("B C"):
        refused("rank-mismatch", lambda: model(z(4)))
        refused("dtype-mismatch", lambda: loss(z(9).long()))
        model(z(5, 3))
        refused("dim-mismatch", lambda: loss(z(4)))


def test_a_block_ends(refused):
    with scope("B"):
        model(z(4, 3))
    loss(z(5))
    with pytest.raises(ShapeError), scope("B"):
        model(z(4))
    loss(z(5))


def test_one_scope_object_may_be_entered_again():
    batch = scope("B")
    for n in (2, 3):
        with batch:
            model(z(n, 3))
            loss(z(n))


def test_blocks_nest(refused):
    with scope("B"):
        model(z(4, 3))
        with scope("F"):
            model(z(4, 3))
            refused("dim-mismatch", lambda: model(z(4, 5)))
            refused("dim-mismatch", lambda: model(z(5, 3)))
        model(z(4, 5))


def test_calls_inside_the_called_function_have_names_of_their_own(refused):
    with scope("B"):
        helper(z(4, 3))
        loss(z(4))
        refused("dim-mismatch", lambda: loss(z(7)))


def test_deep_reaches_them(refused):
    with scope("B", deep=True):
        refused("dim-mismatch", lambda: helper(z(4, 3)))
    with scope("F", deep=True):
        helper(z(4, 3))
        refused("dim-mismatch", lambda: [model(z(4, n)) for n in (3, 5)])


def test_frameworks_in_between_do_not_matter(refused):
    class Net(nn.Module):
        @shapecheck
        def forward(self, x: Float[Tensor, "B F"]) -> Float[Tensor, "B F"]:
            return x

    with scope("B"):
        nn.Sequential(Net())(z(4, 3))
        refused("dim-mismatch", lambda: Net()(z(5, 3)))


def test_comprehensions_belong_to_the_function(refused):
    with scope("B"):
        [model(z(n, 3)) for n in (4, 4)]
        refused("dim-mismatch", lambda: [loss(z(n)) for n in (4, 5)])


def test_what_is_no_name_is_refused():
    for bad in ("2*n", "B 3", "_", "..."):
        with pytest.raises(AnnotationError):
            scope(bad)


def test_variadic_names(refused):
    @shapecheck
    def f(x: Float[Tensor, "*s"]): ...

    with scope("*s"):
        f(z(2, 3))
        f(z(2, 3))
        refused("dim-mismatch", lambda: f(z(2, 4)))


def test_an_exit_stack():
    with ExitStack() as stack:
        stack.enter_context(scope("B"))
        model(z(4, 3))
        with pytest.raises(ShapeError):
            loss(z(5))


def test_blocks_of_generators_and_tasks_do_not_leak():
    def run(n):
        with scope("B"):
            model(z(n, 3))
            yield
            loss(z(n))
            yield

    runs = [run(n) for n in range(1, 501)]
    for _ in range(2):
        for one in runs:
            next(one)
    loss(z(77))
    for one in runs:
        one.close()

    async def task(n):
        with scope("B"):
            model(z(n, 3))
            await asyncio.sleep(0)
            with pytest.raises(ShapeError):
                loss(z(n + 1))
            await asyncio.sleep(0)
            loss(z(n))

    async def every():
        await asyncio.gather(*(task(n) for n in range(1, 501)))

    asyncio.run(every())


def test_an_abandoned_generator_leaves_no_block():
    from shapetypes.runtime.scopes import BLOCKS

    def run():
        with scope("B"):
            yield

    one = run()
    next(one)
    assert BLOCKS
    del one
    assert not BLOCKS


def test_threads():
    faults = []

    def work(n):
        head = Head(n, n)
        try:
            for _ in range(200):
                with scope("B"):
                    model(z(n, 3))
                    loss(z(n))
                    head(z(n, 3, n))
        except ShapeError as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [] == faults


# -- inside a call ----------------------------------------------------------------------------------------------------


def test_dims_and_assert_shape(refused):
    @shapecheck
    def f(x: Float[Tensor, "b *s t"], cut: int = 0):
        assert (x.shape[0], x.shape[-1], tuple(x.shape[1:-1])) == dims("b t *s")
        assert (2 * x.shape[0], 3) == dims("2*b 3")
        assert x.shape[-1] == dims("t")
        y = assert_shape(x[..., : x.shape[-1] - cut], "b *s t")
        assert_shape((y, y[0]), "(b *s t, *s t)")
        assert_shape(z(5), "new")
        return [assert_shape(z(n), "new") for n in (5, 5 + cut)]

    f(z(2, 3, 4))
    f(z(2, 4))
    error = refused("dim-mismatch", lambda: f(z(2, 3, 4), 1))
    assert "x[..., :x.shape[-1] - cut]" == error.fault.argument


def test_assert_shape_outside_any_call(refused):
    assert_shape(z(2, 3), "a b")
    assert_shape((z(2), z(2)), "a, a")
    refused("dim-mismatch", assert_shape, (z(2), z(3)), "a, a")
    refused("dtype-mismatch", assert_shape, z(2), "Int a")
    with pytest.raises(AnnotationError, match="closing bracket"):
        assert_shape(z(2), "a)")
    with scope(n=4):
        refused("dim-mismatch", lambda: assert_shape(z(3), "n"))


def test_dims_of_a_name_without_a_size():
    @shapecheck
    def f(x: Float[Tensor, "b"]):
        return dims("q")

    with pytest.raises(AnnotationError, match="`q` has no size here"):
        f(z(2))


def test_a_helper_does_not_see_the_names_of_its_caller():
    def unchecked(y):
        return assert_shape(y, "b")

    @shapecheck
    def f(x: Float[Tensor, "b"]):
        dims("b")
        return unchecked(z(9))

    f(z(2))


def test_the_open_blocks_are_one_object_however_a_function_travels():
    from shapetypes.runtime.scopes import OPEN

    assert OPEN is pickle.loads(pickle.dumps(OPEN)) is copy.deepcopy(OPEN)
    assert OPEN in model.__code__.co_consts
