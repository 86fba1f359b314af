"""Annotated locals in checked functions."""

import inspect
import linecache

import pytest
import torch
from torch import Tensor

from shapetypes import AnnotationError, Float, ShapeError, ShapeWarning, shapecheck
from shapetypes.runtime import locals as annotated

BT = Float[Tensor, "b t"]


def z(*shape):
    return torch.zeros(shape)


@shapecheck
def f(x: Float[Tensor, "b t"], cut: int = 0) -> Float[Tensor, "b u"]:
    y: Float[Tensor, "b u"] = x[:, 1:]
    n: int = 3
    w: Float[Tensor, "b u"] = x[:, 1 + cut :]
    return y if n else w


def test_locals_are_held_to_the_names_of_the_call(refused):
    assert (2, 3) == f(z(2, 4)).shape
    error = refused("dim-mismatch", f, z(2, 4), 1)
    assert ("w", 1, "u", 2, 3) == tuple(getattr(error.fault, x) for x in ("argument", "axis", "name", "got", "want"))


def test_the_message_points_at_the_assigned_expression():
    with pytest.raises(ShapeError) as caught:
        f(z(2, 4), 1)

    line = next(i for i, text in enumerate(linecache.getlines(__file__), 1) if "1 + cut :]" in text)
    column = linecache.getline(__file__, line).index("x[:") + 1
    assert f"test_locals.py:{line}:{column}" in str(caught.value)
    assert "binds u = 3" in str(caught.value)


def test_names_of_locals_hold_for_the_result(refused):
    @shapecheck
    def g(x: Float[Tensor, "b"], n) -> Float[Tensor, "u"]:
        y: Float[Tensor, "u"] = z(n)
        return z(4) + y.sum()

    g(z(2), 4)
    assert "return" == refused("dim-mismatch", g, z(2), 5).fault.argument


def test_aliases_and_containers(refused):
    @shapecheck
    def g(x: Float[Tensor, "b t"], n):
        ys: list[BT] = [z(2, 3), z(2, n)]
        pair: tuple[BT, int] = (z(2, 3), 1)
        return ys, pair

    g(z(2, 3), 3)
    assert "ys[1]" == refused("dim-mismatch", g, z(2, 3), 4).fault.argument


def test_an_alias_that_is_local_to_the_body(refused):
    @shapecheck
    def g(x: Float[Tensor, "b"], n):
        alias = Tensor
        y: Float[alias, "b"] = z(n)
        return y

    g(z(2), 2)
    refused("dim-mismatch", g, z(2), 3)


def test_closures_nonlocal_and_cells(refused):
    count = 0
    width = 3

    @shapecheck
    def g(x: Float[Tensor, "b"]):
        nonlocal count
        count += 1
        y: Float[Tensor, "b {width}"] = z(x.shape[0], width)

        def inner():
            return y.shape

        return inner()

    assert (2, 3) == g(z(2))
    width = 4
    assert (2, 4) == g(z(2))
    assert 2 == count


def test_functions_inside_are_left_alone():
    @shapecheck
    def g(x: Float[Tensor, "b"]):
        y: Float[Tensor, "b"] = x

        def inner():
            b: Float[Tensor, "b"] = z(99)
            return b

        return inner(), y

    g(z(2))


def test_a_function_without_annotated_parameters(refused):
    @shapecheck
    def g(n):
        x: Float[Tensor, "b"] = z(2)
        y: Float[Tensor, "b"] = z(n)
        return x, y

    g(2)
    refused("dim-mismatch", g, 3)


def test_coroutines_and_generators(refused):
    import asyncio

    @shapecheck
    async def co(x: Float[Tensor, "b"], n):
        await asyncio.sleep(0)
        y: Float[Tensor, "b"] = z(n)
        return y

    @shapecheck
    def gen(x: Float[Tensor, "b"], n):
        yield 1
        y: Float[Tensor, "b"] = z(n)
        yield y

    asyncio.run(co(z(2), 2))
    refused("dim-mismatch", lambda: asyncio.run(co(z(2), 3)))
    assert 2 == len(list(gen(z(2), 2)))
    refused("dim-mismatch", list, gen(z(2), 3))


def test_concurrent_calls_do_not_mix():
    @shapecheck
    def gen(x: Float[Tensor, "b"]):
        y: Float[Tensor, "k"] = z(x.shape[0] + 1)
        yield
        w: Float[Tensor, "k"] = z(x.shape[0] + 1)
        yield y, w

    runs = [gen(z(n)) for n in range(1, 200)]
    for _ in range(2):
        for run in runs:
            next(run)


def test_lines_defaults_and_source_stay():
    @shapecheck
    def g(x: Float[Tensor, "b"], a=1, *, c=[2]):  # noqa: B006
        """Doc."""
        y: Float[Tensor, "b"] = x
        raise KeyError(a, c, y)

    with pytest.raises(KeyError) as caught:
        g(z(2))
    trace = caught.traceback[-1]
    assert "raise KeyError" in linecache.getline(str(trace.path), trace.lineno + 1)
    assert ("Doc.", (1,), {"c": [2]}) == (g.__doc__, g.__defaults__, g.__kwdefaults__)
    assert "y: Float" in inspect.getsource(g)


def test_a_bad_annotation_is_an_error_at_decoration():
    with pytest.raises(AnnotationError, match=r"\*\*"):

        @shapecheck
        def g(x: Float[Tensor, "b"]):
            y: Float[Tensor, "b**"] = x
            return y


def test_an_annotation_that_is_not_about_shapes_may_be_anything():
    @shapecheck
    def g(x: Float[Tensor, "b"]):
        y: Unknown = x
        w: "list[NoSuchClass]" = [y]
        return w

    g(z(2))


def test_a_function_without_source_says_so_once(monkeypatch):
    monkeypatch.setattr(annotated, "_told", [])
    names = {"Float": Float, "Tensor": Tensor, "shapecheck": shapecheck}
    code = compile("@shapecheck\ndef g(x: Float[Tensor, 'b']):\n    y: Float[Tensor, 'b'] = x\n", "<gone>", "exec")

    with pytest.warns(ShapeWarning, match="source of `g` is not to be had"):
        exec(code, names)
    exec(code, names)  # a second warning would be an error here
    names["g"](z(2))


def test_the_traceback_of_a_local_has_no_other_error_in_it():
    @shapecheck
    def f(x: Float[Tensor, "b"]):
        y: Float[Tensor, "b"] = x[1:]
        return y

    with pytest.raises(ShapeError) as caught:
        f(torch.zeros(3))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    frames = [entry.frame.code.name for entry in caught.traceback]
    assert ["f", "check"] == frames[-2:]
