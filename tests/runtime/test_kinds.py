"""Every kind of callable: methods, coroutines, generators, forward references."""

import asyncio
import functools
import inspect
import sys
import types
from collections.abc import AsyncIterator, Generator, Iterator

import pytest
import torch
from torch import Tensor

from shapetypes import AnnotationError, Float, ShapeError, ShapeWarning, shapecheck


def z(*shape):
    return torch.zeros(shape)


class Plain:
    scale = 2

    def __init__(self, width):
        self.width = width

    @shapecheck
    def method(self, x: Float[Tensor, "b {self.width}"]) -> Float[Tensor, "b"]:
        return x[:, 0]

    @shapecheck
    @staticmethod
    def static(x: Float[Tensor, "b"], y: Float[Tensor, "b"]): ...

    @staticmethod
    @shapecheck
    def static_below(x: Float[Tensor, "b"], y: Float[Tensor, "b"]): ...

    @shapecheck
    @classmethod
    def of_class(cls, x: Float[Tensor, "b {cls.scale}"]):
        return cls

    @shapecheck
    @property
    def weight(self) -> Float[Tensor, "3"]:
        return z(self.width)

    @weight.setter
    @shapecheck
    def weight(self, value: Float[Tensor, "3"]):
        self.width = value.shape[0]

    @shapecheck
    @functools.cached_property
    def cached(self) -> Float[Tensor, "3"]:
        return z(self.width)


def test_methods_of_every_kind(refused):
    three, four = Plain(3), Plain(4)
    three.method(z(2, 3))
    refused("dim-mismatch", three.method, z(2, 4))
    for fn in (three.static, Plain.static, three.static_below):
        fn(z(2), z(2))
        refused("dim-mismatch", fn, z(2), z(3))
    assert Plain is Plain.of_class(z(1, 2))
    refused("dim-mismatch", three.of_class, z(1, 3))
    assert (3,) == three.weight.shape
    refused("dim-mismatch", lambda: four.weight)
    three.weight = z(3)
    refused("dim-mismatch", setattr, three, "weight", z(4))
    assert three.cached is three.cached
    refused("dim-mismatch", lambda: four.cached)


# -- coroutines and generators ----------------------------------------------------------------------------------------


B = Float[Tensor, "b"]


@shapecheck
async def fetch(x: Float[Tensor, "b"], cut: bool = False) -> Float[Tensor, "b"]:
    await asyncio.sleep(0)
    return x[1:] if cut else x


@shapecheck
def stream(
    x: Float[Tensor, "b"], sizes
) -> Generator[Float[Tensor, "b k"], Float[Tensor, "b"] | None, Float[Tensor, "b"]]:
    got = []
    for size in sizes:
        sent = yield z(*size)
        got += [sent]
    return x if all(g is None for g in got) else got[-1][:1]


@shapecheck
async def astream(x: Float[Tensor, "b"], sizes) -> AsyncIterator[Float[Tensor, "b k"]]:
    for size in sizes:
        try:
            yield z(*size)
        except KeyError:
            yield z(x.shape[0], 99)


def test_coroutines(refused):
    assert inspect.iscoroutinefunction(fetch)
    assert (3,) == asyncio.run(fetch(z(3))).shape
    refused("dim-mismatch", lambda: asyncio.run(fetch(z(3), cut=True)))
    refused("rank-mismatch", lambda: asyncio.run(fetch(z(3, 3))))


def test_generators(refused):
    assert inspect.isgeneratorfunction(stream)
    assert [(2, 3), (2, 5)] == [y.shape for y in stream(z(2), [(2, 3), (2, 5)])]
    refused("dim-mismatch", list, stream(z(2), [(2, 3), (3, 3)]))
    refused("rank-mismatch", list, stream(z(2, 2), []))


def test_what_is_sent_and_returned(refused):
    def collect(sent):
        out = yield from run
        results.append(out)

    results = []
    run = stream(z(2), [(2, 3)])
    list(collect(None))
    assert (2,) == results[0].shape

    run = stream(z(2), [(2, 3), (2, 3)])
    next(run)
    refused("dim-mismatch", run.send, z(3))
    run = stream(z(2), [(2, 3)])
    next(run)
    refused("dim-mismatch", run.send, z(2))  # what is returned then has one element


def test_exceptions_and_closing_reach_the_generator():
    log = []

    @shapecheck
    def f(x: Float[Tensor, "b"]) -> Iterator[Float[Tensor, "b"]]:
        try:
            yield x
        except KeyError:
            log.append("thrown")
            yield x
        finally:
            log.append("closed")

    run = f(z(2))
    next(run)
    run.throw(KeyError)
    run.close()
    assert ["thrown", "closed"] == log


def test_asynchronous_generators(refused):
    async def collect(*args):
        return [y.shape async for y in astream(*args)]

    async def throw():
        run = astream(z(2), [(2, 3), (2, 4)])
        await anext(run)
        thrown = await run.athrow(KeyError)
        after = await anext(run)
        await run.aclose()
        return thrown.shape, after.shape

    assert inspect.isasyncgenfunction(astream)
    assert [(2, 3), (2, 4)] == asyncio.run(collect(z(2), [(2, 3), (2, 4)]))
    refused("dim-mismatch", lambda: asyncio.run(collect(z(2), [(2, 3), (3, 4)])))
    refused("rank-mismatch", lambda: asyncio.run(collect(z(2, 2), [])))
    assert ((2, 99), (2, 4)) == asyncio.run(throw())


def test_a_generator_that_yields_what_does_not_fit_is_closed():
    closed = []

    @shapecheck
    def f(x: Float[Tensor, "b"]) -> Iterator[Float[Tensor, "b"]]:
        try:
            yield z(9)
        finally:
            closed.append(True)

    with pytest.raises(ShapeError):
        next(f(z(2)))
    assert [True] == closed


# -- names that come later --------------------------------------------------------------------------------------------


def module(source, name="made_for_test"):
    """A module with this source, known to `sys.modules` and to `linecache`."""
    import linecache

    made = types.ModuleType(name)
    made.__file__ = f"/nowhere/{name}.py"
    sys.modules[name] = made
    linecache.cache[made.__file__] = (len(source), None, source.splitlines(keepends=True), made.__file__)
    exec(compile(source, made.__file__, "exec"), vars(made))
    return made


HEAD = "from __future__ import annotations\nfrom shapetypes import shapecheck, Float\nfrom torch import Tensor\n"


def test_a_name_that_is_defined_later(refused):
    made = module(f"{HEAD}@shapecheck\ndef f(x: BT, y: list[BT]) -> BT:\n    return y[0]\nBT = Float[Tensor, 'b t']\n")

    for _ in range(2):
        made.f(z(2, 3), [z(2, 3)])
        refused("dim-mismatch", made.f, z(2, 3), [z(2, 4)])


def test_a_name_imported_for_type_checkers_only(refused):
    made = module(
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING\nfrom shapetypes import shapecheck\n"
        "if TYPE_CHECKING:\n    from jaxtyping import Float as F\n    import torch\n    import torch as th\n"
        "@shapecheck\ndef f(x: F[torch.Tensor, 'b'], y: F[th.Tensor, 'b']): ...\n"
    )

    made.f(z(2), z(2))
    refused("dim-mismatch", made.f, z(2), z(3))


def test_local_aliases(refused):
    made = module(
        f"{HEAD}def make():\n    BT = Float[Tensor, 'b t']\n    class C:\n        @shapecheck\n"
        "        def f(self, x: BT, y: BT): ...\n    @shapecheck\n    def f(x: BT, y: BT): ...\n"
        "    @shapecheck\n    def late(x: LT, y: LT): ...\n    LT = BT\n    return C().f, f, late\n"
    )

    for fn in made.make():
        fn(z(2, 3), z(2, 3))
        refused("dim-mismatch", fn, z(2, 3), z(2, 4))


@pytest.mark.parametrize("hint", ["Flaot[Tensor, 'b']", "list[Missing]", "Float[Missing, 'b']", "typing.Any"])
def test_what_cannot_be_resolved_is_an_error_that_names_it(hint):
    made = module(f"{HEAD}@shapecheck\ndef f(x: {hint}): ...\n")

    with pytest.raises(AnnotationError, match="cannot be resolved") as caught:
        made.f(z(2))
    assert "unresolved-annotation" == caught.value.fault.code
    assert "x" == caught.value.fault.argument
    assert hint.partition("[")[0] in str(caught.value)
    assert "made_for_test.py:4" in str(caught.value) or "made_for_test.py:5" in str(caught.value)


def test_coroutines_and_generators_resolved_late(refused):
    made = module(
        f"{HEAD}from typing import Iterator, AsyncIterator\n"
        "@shapecheck\nasync def co(x: B) -> B:\n    return x[1:]\n"
        "@shapecheck\ndef gen(x: B) -> Iterator[B]:\n    yield x\n    yield x[1:]\n"
        "@shapecheck\nasync def agen(x: B) -> AsyncIterator[B]:\n    yield x\n    yield x[1:]\n"
        "B = Float[Tensor, 'b']\n"
    )

    async def collect():
        return [y async for y in made.agen(z(2))]

    assert inspect.iscoroutinefunction(made.co)
    assert inspect.isgeneratorfunction(made.gen)
    refused("dim-mismatch", lambda: asyncio.run(made.co(z(2))))
    refused("dim-mismatch", list, made.gen(z(2)))
    refused("dim-mismatch", lambda: asyncio.run(collect()))


LATE = """
from __future__ import annotations
class Operator:
    Row = Float[Tensor, "n"]
    def float(self): ...
    @property
    def type(self): ...
    @shapecheck
    def scaled(self, x: Row, by: Tensor | float, *, kind: tuple[type, ...] = (), any: any = None) -> Row:
        return x * by
"""


def test_methods_hide_no_types(refused):
    names = {"Float": Float, "Tensor": Tensor, "shapecheck": shapecheck}
    exec(LATE, names)
    scaled = names["Operator"]().scaled
    assert (2,) == scaled(torch.zeros(2), 0.5, kind=(int,)).shape
    refused("rank-mismatch", scaled, torch.zeros(2, 2), 0.5)
    refused("dtype-mismatch", scaled, torch.zeros(2), "2")


BOUND = """
from typing import TypeVar
T = TypeVar("T", bound="Base")
V = TypeVar("V", "Row", "Vector")
Row = Float[Tensor, "1 n"]
Vector = Float[Tensor, "n"]
class Base:
    @shapecheck
    def same(self: T, x: V, y: V) -> T:
        return self
@shapecheck
def chained(x: T) -> T:
    return x
"""


def test_type_variables_with_strings(refused, monkeypatch):
    module = types.ModuleType("bound_by_strings")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    vars(module).update(Float=Float, Tensor=Tensor, shapecheck=shapecheck)
    exec(BOUND, vars(module))
    base = module.Base()
    assert base is module.chained(base.same(torch.zeros(2), torch.zeros(2)))
    refused("dim-mismatch", base.same, torch.zeros(2), torch.zeros(3))
    refused("dtype-mismatch", module.chained, 3)


def test_modules_that_import_each_other(refused, monkeypatch):
    half = types.ModuleType("half_ready")
    names = {"half": half, "Float": Float, "Tensor": Tensor, "shapecheck": shapecheck}
    exec("from __future__ import annotations\n@shapecheck\ndef f(x: Float[Tensor, 'n'], y: half.Later): ...", names)
    with pytest.raises(AnnotationError, match=r"`half\.Later` cannot be resolved"):
        names["f"](torch.zeros(2), 3)
    half.Later = Float[Tensor, "n"]
    names["f"](torch.zeros(2), torch.zeros(2))
    refused("dim-mismatch", names["f"], torch.zeros(2), torch.zeros(3))


def test_under_warn_an_annotation_that_cannot_be_used_is_a_warning(monkeypatch):
    monkeypatch.setenv("SHAPETYPES", "warn")
    for hint in ("Float[Tensor, 'b t,']", "Missing"):

        def f(x):
            return x

        f.__annotations__ = {"x": hint}
        with pytest.warns(ShapeWarning, match=r"annotation\]: `.*f\(\)` argument `x`"):
            assert 3 == shapecheck(f)(3)
