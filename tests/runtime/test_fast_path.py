"""What fits is found to fit by generated comparisons alone, and what does not is told as ever."""

import dataclasses
from typing import NamedTuple, NotRequired, TypedDict

import pytest
import torch
from torch import Tensor, nn

from shapetypes import Dim, Float, Int, ShapeError, assert_shape, dims, scope, shapecheck
from shapetypes.runtime import explain


def z(*shape):
    return torch.zeros(shape)


@pytest.fixture
def only_fast(monkeypatch):
    """Any use of the slow path fails the test."""

    def slow(*_, **__):
        raise AssertionError("the slow path was taken")

    monkeypatch.setattr(explain, "check", slow)


# -- inside a function ------------------------------------------------------------------------------------------------

BU = Float[Tensor, "b u"]


@shapecheck
def looks(x: Float[Tensor, "b *s t"], cut: int = 0, wrong: bool = False) -> Float[Tensor, "u b"]:
    b, s, twice = dims("b *s 2*t")
    assert (b, s, twice) == (x.shape[0], tuple(x.shape[1:-1]), 2 * x.shape[-1])
    y: BU = x.flatten(1)[:, cut:]
    assert isinstance(y, Float[Tensor, "b u"])
    assert not isinstance(y, Float[Tensor, "u b u"])
    assert isinstance(y, Float[Tensor, "_ new"])
    w = assert_shape((y, y[0]), "(b u, u)")[0]
    for _ in range(2):
        w: Float[Tensor, "b u"] = w * 2
    return [assert_shape(w.mT, "u b") for _ in range(2)][-1] if not wrong else w


def test_a_body_that_looks_at_its_names(only_fast):
    for _ in range(2):
        assert (12, 2) == looks(z(2, 3, 4)).shape
        assert (3, 5) == looks(z(5, 4), 1).shape


def test_names_bound_in_the_body_hold_for_the_result(refused):
    error = refused("dim-mismatch", looks, z(2, 3, 4), 0, True)
    assert ("return", 0, "u", 2, 12) == tuple(
        getattr(error.fault, f) for f in ("argument", "axis", "name", "got", "want")
    )
    assert "y: BU = x.flatten" in str(error)


def test_the_place_that_bound_a_name_is_told():
    @shapecheck
    def f(x: Float[Tensor, "b"], n):
        y: Float[Tensor, "q"] = z(n)
        return assert_shape(y[1:], "q")

    with pytest.raises(ShapeError, match="binds q = 4") as caught:
        f(z(2), 4)
    assert "y: Float[Tensor" in str(caught.value)
    (origin,) = caught.value.fault.origins
    assert ("identified", "y", 0) == (origin.what, origin.name, origin.axis)


def test_what_failed_binds_nothing():
    @shapecheck
    def f(x: Float[Tensor, "b"]):
        with pytest.raises(ShapeError):
            assert_shape(z(5, 3), "new b")
        assert not isinstance(z(6, 3), Float[Tensor, "new b"])
        return assert_shape(z(7, 2), "new b")

    assert (7, 2) == f(z(2)).shape


def test_methods_see_the_names_of_their_object(only_fast, refused):
    class Net(nn.Module):
        def forward(self, x: Float[Tensor, "b d"]):
            y: Float[Tensor, "b e"] = x @ self.w
            assert (self.w.shape[1], 4) == dims("e d")
            return y

        def __init__(self, e):
            super().__init__()
            self._shapetypes_names = {"e": e, "d": 4}
            self.w = z(4, 3)

    Net.forward = shapecheck(Net.forward)
    assert (2, 3) == Net(3)(z(2, 4)).shape
    with pytest.raises(AssertionError, match="slow path"):
        Net(5)(z(2, 4))


def test_functions_inside_and_computed_specs_see_the_same_names(refused):
    @shapecheck
    def f(x: Float[Tensor, "b t"], n):
        y: Float[Tensor, "u"] = z(7)
        spec = "u"
        assert_shape(y, spec)

        def inner():
            assert_shape(z(n), "u")
            assert_shape(z(9), "other")

        inner()
        assert 9 == dims("other")
        assert inner.__qualname__.endswith("same_names.<locals>.f.<locals>.inner")

    f(z(2, 3), 7)
    refused("dim-mismatch", f, z(2, 3), 8)


def test_a_name_of_the_body_is_not_mistaken_for_ours():
    @shapecheck
    def f(x: Float[Tensor, "b"]):
        assert_shape = lambda value, spec: (value, spec)  # noqa: E731
        dims = len
        return assert_shape(x, "not a shape"), dims("four")

    assert "not a shape" == f(z(2))[0][1]


def test_keyword_variadic_and_default_parameters(only_fast):
    @shapecheck
    def f(x: Float[Tensor, "b"], *more: Float[Tensor, "b"], k: Float[Tensor, "k"] = None, **rest: Float[Tensor, "b"]):
        y: Float[Tensor, "b"] = x
        return y, dims("b"), len(more), sorted(rest)

    assert 2 == f(z(2), z(2), k=z(3), u=z(2), w=z(2))[1]
    assert (1, ["u"]) == f(z(2), z(2), u=z(2))[2:]


def test_async_and_generators(refused):
    import asyncio

    @shapecheck
    async def co(x: Float[Tensor, "b"], n):
        await asyncio.sleep(0)
        assert_shape(z(n), "b")
        return dims("b")

    @shapecheck
    def gen(x: Float[Tensor, "b"], n):
        y: Float[Tensor, "k"] = z(n)
        yield dims("b k")
        assert_shape(y[1:], "k")

    assert 2 == asyncio.run(co(z(2), 2))
    refused("dim-mismatch", lambda: asyncio.run(co(z(2), 3)))
    assert (2, 5) == next(gen(z(2), 5))
    refused("dim-mismatch", list, gen(z(2), 5))


# -- arguments --------------------------------------------------------------------------------------------------------


class Pair(NamedTuple):
    x: Float[Tensor, "b c"]
    y: Float[Tensor, "b"]


class Batch(TypedDict):
    x: Float[Tensor, "b c"]
    y: NotRequired[Float[Tensor, "b"]]


@dataclasses.dataclass
class Data:
    x: Float[Tensor, "b c"]
    y: Float[Tensor, "b"] | None


B = Float[Tensor, "b"]
HINTS = [
    (Pair, Pair(z(2, 3), z(2)), Pair(z(3, 3), z(3))),
    (Batch, {"x": z(2, 3)}, {"x": z(2, 3), "y": z(3)}),
    (Batch, {"x": z(2, 3), "y": z(2)}, {"x": z(3, 3)}),
    (Data, Data(z(2, 3), None), Data(z(3, 3), None)),
    (Data, Data(z(2, 3), z(2)), Data(z(2, 3), z(3))),
    (list[Pair], [Pair(z(4, 3), z(4)), Pair(z(5, 1), z(5))], [Pair(z(4, 3), z(4)), Pair(z(5, 1), z(4))]),
    (dict[str, Data], {"a": Data(z(4, 1), None)}, {"a": Data(z(4, 1), z(3))}),
    (tuple[Pair, Pair], (Pair(z(4, 3), z(4)), Pair(z(5, 3), z(5))), (Pair(z(4, 3), z(4)), Pair(z(5, 3), z(4)))),
    (tuple[B, B] | None, (z(2), z(2)), (z(2), z(3))),
    (tuple[B, B] | None, None, (z(3), z(3))),
    (list[tuple[B, int]], [(z(2), 1)], [(z(2), 1), (z(3), 1)]),
    (B | list[B], [z(2)], [z(2), z(3)]),
    (B | list[B], z(2), z(3)),
    (B | Int[Tensor, "c"] | str, "s", 1),
    (B | Int[Tensor, "c"] | str, z(7).long(), z(3)),
    (Pair | B, z(2), Pair(z(2, 2), z(3))),
    (Dim[tuple[int, ...], "b *s"], (2, 5, 6), (3, 5)),
    (Dim[tuple[int, int], "b b+1"], (2, 3), (2, 4)),
    (Dim[int, "b"] | None, 2, 3),
    (Float[Tensor, "2*b"] | None, z(4), z(5)),
]


@pytest.mark.parametrize(("hint", "good", "bad"), HINTS, ids=lambda v: None)
def test_records_unions_and_integers(monkeypatch, hint, good, bad):
    @shapecheck
    def takes(x: Float[Tensor, "b"], p: hint):
        return p

    @shapecheck
    def gives(x: Float[Tensor, "b"], p) -> hint:
        return p

    for f in (takes, gives):
        with monkeypatch.context() as patched:
            patched.setattr(explain, "check", None)
            assert good is f(z(2), good)
        with pytest.raises(ShapeError):
            f(z(2), bad)
        torch._dynamo.reset()
        torch.compile(f, backend="eager", fullgraph=True)(z(2), good)


@pytest.mark.parametrize("bad", [p for p in HINTS if p[0] in (Pair, Data)], ids=lambda v: None)
def test_they_are_checked_while_torch_compiles(bad):
    hint, _, wrong = bad

    @shapecheck
    def f(x: Float[Tensor, "b"], p: hint):
        return x * 2

    torch._dynamo.reset()
    with pytest.raises(torch._dynamo.exc.Unsupported, match="do not fit"):
        torch.compile(f, backend="eager", fullgraph=True)(z(2), wrong)


# -- blocks -----------------------------------------------------------------------------------------------------------


class Layer(nn.Module):
    @shapecheck
    def forward(self, x: Float[Tensor, "B F"]) -> Float[Tensor, "B C"]:
        y: Float[Tensor, "B C"] = x[:, :2]
        assert dims("C") == y.shape[1]
        return y


@shapecheck
def loss(target: Float[Tensor, "B C"], other: Float[Tensor, "B+1"] | None = None) -> Float[Tensor, "N"]:
    return z(target.shape[1])


def test_calls_in_a_block(only_fast):
    layer = nn.Sequential(Layer())
    for n in (2, 3):
        with scope("B N"):
            loss(layer(z(n, 4)), z(n + 1))
            loss(z(n, 2))
    with scope("*s F", B=4, deep=True):
        layer(z(4, 4))
    layer(z(9, 2))


def test_a_block_is_told_with_the_call_that_bound_the_name(refused):
    def run():
        with scope("B C"):
            Layer()(z(4, 3))
            loss(z(5, 2))

    error = refused("dim-mismatch", run)
    assert ("identified", "Layer.forward()", 4) == tuple(
        getattr(error.fault.origins[0], f) for f in ("what", "name", "size")
    )
    assert "Layer()(z(4, 3))" in str(error)


def test_results_are_held_to_a_block_and_bind_its_names(refused):
    def run(n):
        with scope("N"):
            loss(z(4, 2))
            loss(z(4, n))

    run(2)
    error = refused("dim-mismatch", run, 3)
    assert ("return", "N", 3, 2) == tuple(getattr(error.fault, f) for f in ("argument", "name", "got", "want"))


def test_the_body_sees_the_names_of_the_block(only_fast):
    @shapecheck
    def f(x: Float[Tensor, "b"]):
        y: Float[Tensor, "Q"] = z(5)
        return y, dims("Q b")

    with scope(Q=5):
        assert (5, 2) == f(z(2))[1]
    with scope(Q=6), pytest.raises(AssertionError, match="slow path"):
        f(z(2))


# -- attributes -------------------------------------------------------------------------------------------------------


@shapecheck
class Cache(nn.Module):
    cache: Float[Tensor, "T d"]
    seen: Float[Tensor, "T"] | None

    def __init__(self, d: Dim[int, "d"]):
        super().__init__()
        self.register_buffer("cache", z(0, d))
        self.seen = None

    def forward(self, x: Float[Tensor, "1 d"]) -> Float[Tensor, "T d"]:
        self.cache = torch.cat([self.cache, x])
        self.seen = self.cache[:, 0]
        return self.cache


@shapecheck
class Plain:
    w: Float[Tensor, "a b"]

    def __init__(self, w):
        self.w = w


def test_assigned_attributes(monkeypatch, refused):
    layer, plain = Cache(4), Plain(z(2, 3))
    with monkeypatch.context() as patched:
        patched.setattr(explain, "check", None)
        assert [1, 2] == [layer(z(1, 4)).shape[0] for _ in range(2)]
        plain.w = z(4, 5)

    error = refused("dim-mismatch", setattr, layer, "cache", z(3, 5))
    assert ("Cache.cache", "d", 5, 4) == tuple(getattr(error.fault, f) for f in ("argument", "name", "got", "want"))
    refused("rank-mismatch", setattr, plain, "w", z(2))
    assert (4, 5) == plain.w.shape


def test_assigned_attributes_while_torch_compiles():
    torch._dynamo.reset()
    layer, plain = Cache(4), Plain(z(2, 3))
    run = torch.compile(layer, backend="eager", fullgraph=True)
    assert [1, 2] == [run(z(1, 4)).shape[0] for _ in range(2)]

    def assign(obj, value):
        obj.w = value * 2

    torch.compile(assign, backend="eager", fullgraph=True)(plain, torch.ones(3, 1))
    assert torch.equal(torch.full((3, 1), 2.0), plain.w)
    with pytest.raises(torch._dynamo.exc.Unsupported, match="`w` does not fit"):
        torch.compile(assign, backend="eager", fullgraph=True)(plain, torch.ones(3))
    with pytest.raises(ShapeError):
        plain.w = z(2)
