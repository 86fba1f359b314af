"""What other checkers let through, or wrongly refuse: each hole has a test that shows it closed here."""

import asyncio
import subprocess
import sys

import jaxtyping
import numpy as np
import pytest
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from shapetypes import AnnotationError, Dim, ShapeError, scope, shapecheck, shaped


def z(*shape):
    return torch.zeros(shape)


@shapecheck
def attend(q: Float[Tensor, "B T F"], k: Float[Tensor, "B T F"]) -> Float[Tensor, "B T F"]:
    return q + k


def test_1_a_correct_call_under_compile_is_no_error():
    torch._dynamo.reset()
    for options in ({}, {"fullgraph": True}):
        assert (4, 7, 16) == torch.compile(attend, backend="eager", **options)(z(4, 7, 16), z(4, 7, 16)).shape


def test_2_the_price_is_no_interpretation(monkeypatch):
    """The hot path asks nothing of this package: it works with all of it taken away."""
    from shapetypes.runtime import calls, explain

    monkeypatch.setattr(calls, "Call", None)
    monkeypatch.setattr(explain, "check", None)

    assert (4, 7, 16) == attend(z(4, 7, 16), z(4, 7, 16)).shape


def test_3_an_error_under_compile_keeps_its_type():
    torch._dynamo.reset()
    with pytest.raises(ShapeError):
        torch.compile(attend, backend="eager")(z(4, 7, 16), z(4, 9, 16))


def test_4_every_item_of_lists_and_dicts():
    @shapecheck
    def f(xs: list[Float[Tensor, "B C"]], d: dict[str, Float[Tensor, "B C"]]): ...

    for _ in range(200):
        with pytest.raises(ShapeError):
            f([z(2, 3), z(2, 3), z(2, 4), z(2, 3)], {})
        with pytest.raises(ShapeError):
            f([], {"a": z(2, 3), "b": z(2, 4)})


@pytest.mark.parametrize("hint", ["Flaot[Tensor, 'B']", "Missing", "Float[Tensor, '*a *b']", "Local"])
def test_5_a_string_that_cannot_be_resolved_is_an_error(hint):
    names = {"Float": Float, "Tensor": Tensor, "shapecheck": shapecheck}
    source = f"from __future__ import annotations\n@shapecheck\ndef f(x: {hint}): ...\n"

    with pytest.raises(AnnotationError):
        exec(f"{source}f(None)", names)


def test_5_local_aliases_are_resolved():
    names = {"Float": Float, "Tensor": Tensor, "shapecheck": shapecheck}
    exec(
        "from __future__ import annotations\ndef make():\n    Local = Float[Tensor, 'B']\n    @shapecheck\n"
        "    def f(x: Local, y: Local): ...\n    return f\nf = make()",
        names,
    )

    names["f"](z(2), z(2))
    with pytest.raises(ShapeError):
        names["f"](z(2), z(3))


def test_6_coroutines_and_yields():
    @shapecheck
    async def f(x: Float[Tensor, "B T"]) -> Float[Tensor, "B"]:
        await asyncio.sleep(0)
        assert isinstance(x, Float[Tensor, "B T"])
        assert not isinstance(z(9, 9), Float[Tensor, "B T"])
        return x[:, 0]

    assert (2,) == asyncio.run(f(z(2, 3))).shape


def test_6_tasks_that_take_turns_do_not_mix():
    @shapecheck
    async def f(n: int, x: Float[Tensor, "B"]) -> Float[Tensor, "B"]:
        for _ in range(3):
            await asyncio.sleep(0)
            assert isinstance(z(n), Float[Tensor, "B"])
            assert not isinstance(z(n + 1), Float[Tensor, "B"])
        return x

    async def every():
        return await asyncio.gather(*(f(n, z(n)) for n in range(1, 1001)))

    assert 1000 == len(asyncio.run(every()))


def test_8_expressions_do_not_depend_on_the_order():
    @shapecheck
    def f(x: Float[Tensor, "n-1"], y: Float[Tensor, "n"]): ...

    f(z(2), z(3))
    with pytest.raises(ShapeError):
        f(z(3), z(3))


# -- a drop-in for jaxtyping ------------------------------------------------------------------------------------------


def test_the_arguments_of_jaxtyped_are_taken():
    @shapecheck(typechecker=object())
    def f(x: Float[Tensor, "b"], y: Float[Tensor, "b"]): ...

    with pytest.raises(ShapeError):
        f(z(2), z(3))


def test_isinstance_sees_the_names_of_the_call():
    @shapecheck
    def f(x: Float[Tensor, "*s b"], y, w) -> Float[Tensor, "c"]:
        assert isinstance(y, Float[Tensor, "b c"] | Int[Tensor, "b"])
        assert isinstance(y, Float[Tensor, "*s"]) is (y.shape == x.shape[:-1])
        return w

    f(z(7, 2), z(2, 3), z(3))
    with pytest.raises(AssertionError):
        f(z(7, 2), z(3, 3), z(3))
    with pytest.raises(ShapeError, match=r"axis 0 \(`c`\) is 4, expected 3"):
        f(z(7, 2), z(2, 3), z(4))


def test_generators_that_ask_isinstance_do_not_mix():
    @shapecheck
    def f(x: Float[Tensor, "b"]):
        while True:
            yield isinstance(z(2), Float[Tensor, "b"])

    two, three = f(z(2)), f(z(3))
    assert [True, False] * 3 == [next(run) for _ in range(3) for run in (two, three)]
    assert isinstance(z(9), Float[Tensor, "b"])


def test_braces_of_isinstance():
    @shapecheck
    def f(x: Float[Tensor, "b"], n: int):
        return isinstance(x, Float[Tensor, "{n}"])

    assert [True, False] == [f(z(2), 2), f(z(2), 3)]


def test_only_functions_that_ask_pay_for_it():
    def source(fn):
        import linecache

        return "".join(linecache.getlines(fn.__code__.co_filename))

    @shapecheck
    def asks(x: Float[Tensor, "b"]):
        return isinstance(x, Float[Tensor, "b"])

    @shapecheck
    def does_not(x: Float[Tensor, "b"]):
        return isinstance(x, Tensor)

    assert "_shapetypes_scope" in source(asks)
    assert "_shapetypes_scope" not in source(does_not)


# -- what is loaded ---------------------------------------------------------------------------------------------------


def test_frameworks_and_checkers_are_loaded_only_when_they_are_needed():
    code = """
import sys
import shapetypes
@shapetypes.shapecheck
def f(n: int, x: "list[int]" = None, y: shapetypes.Dim[int, "n"] = 3): return n
heavy = [m for m in ("jaxtyping", "torch", "numpy", "keras", "tensorflow") if m in sys.modules]
assert not heavy, heavy
@shapetypes.shapecheck
def g(n: shapetypes.Dim[int, "n"], kind: str): return n
assert g(3, "x") == 3
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert 0 == run.returncode, run.stderr


@shapecheck
def project(x: Float[Tensor, "*lambda in"], w: Float[Tensor, "out in"]) -> Float[Tensor, "*lambda out"]:
    return x @ w.T


def test_words_of_python_are_names_like_any_other():
    assert (2, 7, 4) == project(z(2, 7, 3), z(4, 3)).shape
    with pytest.raises(ShapeError, match=r"axis 1 \(`in`\) is 5, expected 3"):
        project(z(2, 3), z(4, 5))
    with scope("in *lambda"):
        project(z(2, 3), z(4, 3))
        project(z(2, 3), z(4, 3))
        with pytest.raises(ShapeError, match=r"number of axes is 3 in \(7, 2, 3\), expected 2"):
            project(z(7, 2, 3), z(4, 3))


def test_a_class_whose_name_is_no_word_of_python():
    odd = type("library.Array", (), {"shape": (2,), "dtype": torch.float32})

    @shapecheck
    def f(x: Float[odd, "2"], y: odd): ...

    f(odd(), odd())
    with pytest.raises(ShapeError, match=r"expected `library\.Array`"):
        f(odd(), 3)


def test_structured_arrays():
    kind = np.dtype([("first", np.uint8), ("second", bool)])
    other = np.dtype([("second", bool), ("first", np.uint8)])
    label = jaxtyping.make_numpy_struct_dtype(kind, "Label")

    @shapecheck
    def f(x: label[np.ndarray, "n"]): ...

    f(np.zeros(3, kind))
    with pytest.raises(ShapeError, match="expected `Label`"):
        f(np.zeros(3, other))


def test_what_is_no_array_is_none_of_any_type():
    @shapecheck
    def f(x: Float[np.typing.ArrayLike, ""]): ...

    f(1.0)
    f(np.array(1.0))
    for wrong in ("text", np.zeros(3), 1j):
        with pytest.raises(ShapeError):
            f(wrong)


def test_a_variadic_name_that_is_known_says_how_many_axes_are_needed():
    @shapecheck
    def f(x: Float[Tensor, "*b t"], y: Float[Tensor, "*b"]): ...

    with pytest.raises(ShapeError, match=r"(?s)is 2 in \(2, 4\), expected 1.*binds b = \(2,\)"):
        f(z(2, 3), z(2, 4))
    with pytest.raises(ShapeError, match=r"(?s)axis 1 is 5, expected 3.*binds b = \(2, 3\)"):
        f(z(2, 3, 4), z(2, 5))


def test_7_names_hold_across_calls_layers_and_objects():
    class Net(nn.Module):
        @shapecheck
        def __init__(self, d: Dim[int, "D"]):
            super().__init__()
            self.layer = shaped(nn.Linear(d, 3), "B D -> B C")

        @shapecheck
        def decode(self, y: Float[Tensor, "B C"]) -> Float[Tensor, "B D"]:
            return z(y.shape[0], 4)

    net = Net(4)
    with scope("B"):
        net.decode(net.layer(z(2, 4)))
        with pytest.raises(ShapeError, match=r"`B`\) is 5, expected 2"):
            net.decode(z(5, 3))
    with pytest.raises(ShapeError, match=r"(?s)`C`\) is 7, expected 3.*nn\.Linear"):
        net.decode(z(5, 7))
    other = Net(6)
    with pytest.raises(ShapeError, match=r"(?s)`D`\) is 4, expected 6.*d = 6"):
        other.decode(z(5, 3))
