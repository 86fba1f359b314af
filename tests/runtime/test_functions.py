"""`@shapecheck` on functions: the notation, arguments of every kind, results, messages."""

import copy
import functools
import inspect
import linecache
import pickle
import traceback
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor

from shapetypes import AnnotationError, Bool, Dim, Float, Float32, Int, Shaped, ShapeError, ShapeWarning, shapecheck


def z(*shape, dtype=torch.float32):
    return torch.zeros(shape, dtype=dtype)


@shapecheck
def attend(q: Float[Tensor, "B T D"], k: Float[Tensor, "B S D"], v: Float[Tensor, "B S D"]) -> Float[Tensor, "B T D"]:
    """Attend."""
    return torch.softmax(q @ k.mT, -1) @ v


def test_a_call_that_fits_gives_the_result():
    assert (2, 3, 4) == attend(z(2, 3, 4), z(2, 5, 4), v=z(2, 5, 4)).shape


def test_names_hold_across_arguments(refused):
    error = refused("dim-mismatch", attend, z(2, 3, 4), z(2, 5, 6), z(2, 5, 6))

    assert ("attend()", "k", 2, "D", 6, 4) == tuple(
        getattr(error.fault, f) for f in ("subject", "argument", "axis", "name", "got", "want")
    )
    (origin,) = error.fault.origins
    assert ("argument", "q", 2, 4) == (origin.what, origin.name, origin.axis, origin.size)


@pytest.mark.parametrize(
    ("code", "k"),
    [
        ("rank-mismatch", z(2, 5)),
        ("dtype-mismatch", z(2, 5, 4, dtype=torch.int64)),
        ("dtype-mismatch", None),
        ("dtype-mismatch", [1.0]),
        ("dtype-mismatch", np.zeros((2, 5, 4), np.float32)),
        ("dtype-mismatch", torch.Tensor),
    ],
)
def test_rank_dtype_and_type(refused, code, k):
    error = refused(code, attend, z(2, 3, 4), k, z(2, 5, 4))

    assert "k" == error.fault.argument


def test_an_object_that_only_looks_like_a_tensor_is_refused(refused):
    class Impostor:
        shape = (2, 3, 4)
        dtype = torch.float32

    refused("dtype-mismatch", attend, Impostor(), z(2, 5, 4), z(2, 5, 4))


def test_results_are_checked(refused):
    @shapecheck
    def drop(x: Float[Tensor, "B T D"]) -> Float[Tensor, "B D"]:
        return x[:, 0, : x.shape[1]]

    assert (2, 4) == drop(z(2, 4, 4)).shape
    error = refused("dim-mismatch", drop, z(2, 3, 4))
    assert ("return", 1, 3, 4) == tuple(getattr(error.fault, f) for f in ("argument", "axis", "got", "want"))


def test_a_name_that_only_the_result_has_is_bound_there(refused):
    @shapecheck
    def pair(x: Float[Tensor, "b"], same: bool) -> tuple[Float[Tensor, "k"], Float[Tensor, "k"]]:
        return x, x if same else x[1:]

    pair(z(3), same=True)
    pair(z(4), same=True)
    assert "return[1]" == refused("dim-mismatch", pair, z(3), same=False).fault.argument


# -- notation ---------------------------------------------------------------------------------------------------------


def one(spec, *shapes, result=None):
    """Call a function of tensors with these annotations: `one("a b", (2, 3))` or `one(["a", "a"], (2,), (2,))`."""
    specs = [spec] if isinstance(spec, str) else spec
    parameters = ", ".join(f"x{i}: Float[Tensor, {text!r}]" for i, text in enumerate(specs))
    names = {"Float": Float, "Tensor": Tensor}
    exec(f"def f({parameters}): return x0", names)
    return shapecheck(names["f"])(*(z(*shape) for shape in shapes))


FITS = [
    ("", ()),
    ("3", (3,)),
    ("n=3", (3,)),
    ("_ _", (3, 4)),
    ("...", ()),
    ("...", (1, 2)),
    ("... d", (5,)),
    ("*b d", (1, 2, 3)),
    ("a *b c", (1, 2)),
    (["*b", "*b d"], (2, 3), (2, 3, 7)),
    (["#c", "c"], (1,), (5,)),
    (["c", "#c"], (5,), (1,)),
    (["#c", "#c", "c"], (1,), (5,), (5,)),
    (["*#b", "*b"], (1, 3), (2, 3)),
    (["*b", "*#b"], (2, 3), (3,)),
    (["*#b", "*#b"], (4, 1), (3,)),
    (["n-1", "n"], (2,), (3,)),
    (["h*w", "h w"], (6,), (2, 3)),
    (["(t-4)//2+1", "t"], (3,), (8,)),
    (["min(a,b)", "a", "b"], (2,), (2,), (5,)),
    (["max(a,b)", "a b"], (5,), (2, 5)),
    (["t%3", "t"], (2,), (8,)),
    (["2**t", "t"], (8,), (3,)),
    (["#2*d", "d"], (1,), (5,)),
    (["a", "a a"], (0,), (0, 0)),
]

FAULTS = [
    ("", (1,)),
    ("3", (4,)),
    ("n=3", (4,)),
    ("_ _", (3,)),
    ("a *b c", (1,)),
    ("a a", (1, 2)),
    (["*b", "*b d"], (2, 3), (2, 4, 7)),
    (["*b", "*b"], (2, 3), (3,)),
    (["#c", "c"], (2,), (5,)),
    (["c", "#c"], (1,), (5,)),
    (["*#b", "*b"], (2, 3), (1, 3)),
    (["*#b", "*b"], (2, 3), (3,)),
    (["*b", "*#b"], (1, 3), (2, 3)),
    (["*b", "*#b"], (3,), (2, 3)),
    (["*#b", "*#b"], (4, 2), (3,)),
    (["n-1", "n"], (3,), (3,)),
    (["h*w", "h w"], (6,), (2, 4)),
    (["min(a,b)", "a", "b"], (5,), (2,), (5,)),
    (["#2*d", "d"], (5,), (5,)),
]


@pytest.mark.parametrize(("spec", "shapes"), [(spec, shapes) for spec, *shapes in FITS])
def test_notation_that_fits(spec, shapes):
    one(spec, *shapes)


@pytest.mark.parametrize(("spec", "shapes"), [(spec, shapes) for spec, *shapes in FAULTS])
def test_notation_that_does_not_fit(spec, shapes):
    with pytest.raises(ShapeError):
        one(spec, *shapes)


WIDTH = 4


def test_braces(refused):
    @shapecheck
    def f(x: Float[Tensor, "b {WIDTH}"], n: int, y: Float[Tensor, "{n+1} 2*{n}"]) -> Float[Tensor, "{x.shape[0]}"]:
        return z(x.shape[0] + (n == 3))

    f(z(2, 4), 5, z(6, 10))
    refused("dim-mismatch", f, z(2, 5), 5, z(6, 10))
    refused("dim-mismatch", f, z(2, 4), 5, z(5, 10))
    refused("dim-mismatch", f, z(2, 4), 3, z(4, 6))


def test_braces_see_the_names_around_the_function(refused):
    width = 7

    @shapecheck
    def f(x: Float[Tensor, "b {width}"]): ...

    assert 7 == width

    f(z(2, 7))
    refused("dim-mismatch", f, z(2, 6))


def test_braces_that_cannot_be_computed_say_so():
    @shapecheck
    def f(x: Float[Tensor, "{missing}"]): ...

    with pytest.raises(AnnotationError, match="missing"):
        f(z(2))


def test_nested_annotations(refused):
    frames = Float[Float[Tensor, "b c"], "t"]

    @shapecheck
    def f(x: frames, y: Float[Tensor, "c"]): ...

    f(z(5, 2, 3), z(3))
    refused("dim-mismatch", f, z(5, 2, 3), z(5))


def test_dtypes(refused):
    @shapecheck
    def f(x: Float32[Tensor, "b"], i: Int[Tensor, "b"], m: Bool[Tensor, "b"], s: Shaped[Tensor, "b"]): ...

    good = (z(2), z(2, dtype=torch.int32), z(2, dtype=torch.bool), z(2, dtype=torch.complex64))
    f(*good)
    for at in range(3):
        bad = list(good)
        bad[at] = z(2, dtype=torch.float64)
        assert at == "xim".index(refused("dtype-mismatch", f, *bad).fault.argument)


def test_other_array_types(refused):
    from typing import Any

    @shapecheck
    def f(x: Float[np.ndarray, "b"], y: Float[Any, "b"], u: Float[Tensor | np.ndarray, "b"]): ...

    n = np.zeros(3)
    f(n, n, n)
    f(n, z(3), z(3))
    refused("dtype-mismatch", f, z(3), n, n)
    refused("dtype-mismatch", f, n, [1.0], n)
    refused("dtype-mismatch", f, n, n, [1.0])
    refused("dim-mismatch", f, n, np.zeros(4), n)
    refused("dtype-mismatch", f, n, np.zeros(3, bool), n)


# -- integers ---------------------------------------------------------------------------------------------------------


@shapecheck
def sized(
    x: Float[Tensor, "b d"], d: Dim[int, "d"], n: Dim[int | None, "n"] = None, hw: Dim[tuple[int, ...], "b n"] = (2, 5)
): ...


def test_dim_integers(refused):
    sized(z(2, 3), 3)
    sized(z(2, 3), 3, 5)
    sized(z(2, 3), np.int64(3))
    error = refused("dim-mismatch", sized, z(2, 3), 4)
    assert ("d", None, 4, 3) == tuple(getattr(error.fault, f) for f in ("argument", "axis", "got", "want"))
    refused("dim-mismatch", sized, z(2, 3), 3, 6)
    refused("dim-mismatch", sized, z(2, 3), 3, None, (3, 5))
    assert "count" == refused("rank-mismatch", sized, z(2, 3), 3, None, (2,)).fault.kind


@pytest.mark.parametrize("value", [True, "3", 3.0, None, np.True_, torch.zeros(2)])
def test_what_is_no_integer_is_refused(refused, value):
    refused("dtype-mismatch", sized, z(2, 3), value)


def test_dim_expressions_and_variadic_sizes(refused):
    @shapecheck
    def f(x: Float[Tensor, "*s d"], size: Dim[tuple[int, ...], "*s"], twice: Dim[int, "2*d"]): ...

    f(z(2, 3, 4), (2, 3), 8)
    refused("dim-mismatch", f, z(2, 3, 4), (2, 4), 8)
    refused("dim-mismatch", f, z(2, 3, 4), (2, 3), 9)


# -- parameters of every kind -----------------------------------------------------------------------------------------


TWO = torch.zeros(2)


@shapecheck
def many(
    a: Float[Tensor, "n"], /, b: Float[Tensor, "n"] = TWO, *rest: Float[Tensor, "n"],
    c: Float[Tensor, "n"], d: Float[Tensor, "n"] = None, **more: Float[Tensor, "n"],
):  # fmt: skip
    return len(rest), sorted(more), d


def test_parameters_of_every_kind(refused):
    assert (0, [], None) == many(z(2), c=z(2))
    assert (2, ["e"], None) == many(z(3), z(3), z(3), z(3), c=z(3), e=z(3))
    assert inspect.signature(many).parameters.keys() == {"a", "b", "rest", "c", "d", "more"}
    for call in (
        lambda: many(z(3), c=z(3)),  # the default does not fit
        lambda: many(z(2), z(2), z(2), z(3), c=z(2)),
        lambda: many(z(2), c=z(3)),
        lambda: many(z(2), c=z(2), d=z(3)),
        lambda: many(z(2), c=z(2), e=z(2), f=z(3)),
    ):
        refused("dim-mismatch", call)


def test_python_itself_refuses_wrong_calls():
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument") as caught:
        many(z(2))
    assert not isinstance(caught.value, ShapeError)


def test_names_that_the_wrapper_uses_itself_may_be_parameters(refused):
    @shapecheck
    def f(B_: Float[Tensor, "B"], result_: Float[Tensor, "B"], _fn: int, f: int, shape_: int = 1, any_: int = 2):
        return B_, result_, _fn, f, shape_, any_

    x = z(2)
    assert (x, x, 1, 2, 1, 2) == f(x, x, 1, 2)
    refused("dim-mismatch", f, x, z(3), 1, 2)


def test_other_hints_are_checked(refused):
    from collections.abc import Callable
    from typing import Literal

    @shapecheck
    def f(n: int, scale: float, mode: Literal["a", "b"], act: Callable[[Tensor], Tensor], names: list[str]) -> str:
        return "" if n else n

    f(1, 1, "a", torch.relu, ["x"])
    f(True, 1.5, "b", torch.relu, [])
    for bad in (("1", 1, "a", torch.relu, []), (1, "1", "a", torch.relu, []), (1, 1, "c", torch.relu, []),
                (1, 1, "a", 3, []), (1, 1, "a", torch.relu, [3]), (0, 1, "a", torch.relu, [])):  # fmt: skip
        assert "type" == refused("dtype-mismatch", f, *bad).fault.kind


def test_nothing_to_check_returns_the_function_itself():
    def f(x, y):
        return x

    assert f is shapecheck(f)


def test_decorating_twice_is_decorating_once():
    assert attend is shapecheck(attend)


def test_a_cached_function(refused):
    calls = []

    @shapecheck
    @functools.lru_cache
    def f(n: Dim[int, "n"], m: Dim[int, "n"]) -> int:
        calls.append(n)
        return n

    assert [3, 3] == [f(3, 3), f(3, 3)]
    assert [3] == calls
    refused("dim-mismatch", f, 3, 4)


def test_what_cannot_be_decorated_is_told():
    with pytest.raises(TypeError, match="shapecheck takes a function or a class"):
        shapecheck(3)


# -- what is generated ------------------------------------------------------------------------------------------------


def test_the_wrapper_is_known_by_the_functions_name():
    assert ("attend", "attend", "Attend.", __name__) == (
        attend.__name__, attend.__qualname__, attend.__doc__, attend.__module__
    )  # fmt: skip
    assert f"<shapetypes {__name__}.attend>" == attend.__code__.co_filename
    assert any("def attend(q, k, v):" in line for line in linecache.getlines(attend.__code__.co_filename))
    assert inspect.unwrap(attend).__code__ is not attend.__code__


def test_every_function_has_a_code_object_of_its_own():
    def make():
        @shapecheck
        def f(x: Float[Tensor, "b"]): ...

        return f

    assert make().__code__ is not make().__code__


def test_the_users_own_frame_is_last_but_one(refused):
    error = refused("rank-mismatch", attend, z(2), z(2), z(2))

    last = traceback.extract_tb(error.__traceback__)
    assert [attend.__code__.co_filename] == [frame.filename for frame in last if frame.filename != __file__][-1:]
    assert not any("shapetypes/runtime" in frame.filename for frame in last)


def test_the_message_points_at_the_argument():
    with pytest.raises(ShapeError) as caught:
        attend(z(2, 3, 4), v=z(2, 5, 4), k=z(2, 5, 6))
    first, place, *_ = str(caught.value).splitlines()

    line = next(i for i, text in enumerate(linecache.getlines(__file__), 1) if "v=z(2, 5, 4), k=z" in text)
    column = linecache.getline(__file__, line).index("z(2, 5, 6)") + 1
    assert "error[dim-mismatch]: `attend()` argument `k`: axis 2 (`D`) is 6, expected 4" == first
    assert f"{line}:{column}" in place
    assert "binds D = 4 (axis 2)" in str(caught.value)


def test_values_are_never_shown():
    x, words = torch.full((2, 3), 100 + 23.25), ["sec" + "ret"]
    with pytest.raises(ShapeError) as tensor:
        attend(x, x, x)
    with pytest.raises(ShapeError) as other:
        attend(z(2, 3, 4), words, x)

    assert "123.25" not in str(tensor.value)
    assert "secret" not in str(other.value)


def test_errors_survive_pickling_and_copying(refused):
    error = refused("dim-mismatch", attend, z(2, 3, 4), z(2, 5, 6), z(2, 5, 6))

    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(error), str(error), error.fault) == (type(again), str(again), again.fault)


def test_an_error_of_the_function_itself_is_untouched():
    @shapecheck
    def f(x: Float[Tensor, "b"]) -> Float[Tensor, "b"]:
        raise KeyError("own")

    with pytest.raises(KeyError, match="own") as caught:
        f(z(2))
    assert caught.value.__context__ is None


# -- annotations that cannot be used ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hint", "said"),
    [
        ("Float[Tensor, 'a b**']", "b**"),
        ("Float[Tensor, '*a *b']", "second variadic"),
        ("Float[Tensor, 'a (b']", "unbalanced"),
        ("Float[Tensor, 'n+1']", "needs `n`"),
        ("Dim[int, 'a,b']", "commas"),
    ],
)
@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
def test_a_bad_string_is_an_error_at_decoration(hint, said, future):
    names = {"Float": Float, "Tensor": Tensor, "Dim": Dim, "shapecheck": shapecheck}
    if "*a *b" in hint and not future:
        with pytest.raises(ValueError, match="more than once"):  # jaxtyping's own, before we are asked
            exec(f"def f(x: {hint}): ...", names)
        return
    with pytest.raises(AnnotationError) as caught:
        exec(f"{future}def f(x: {hint}): ...\nshapecheck(f)", names)

    assert "bad-annotation" == caught.value.fault.code
    assert said in str(caught.value)
    assert any(set(line) == {" ", "^"} for line in str(caught.value).splitlines())


def test_a_name_only_in_expressions_may_be_bound_by_the_result():
    @shapecheck
    def f(x: Float[Tensor, "b"]) -> tuple[Float[Tensor, "2*k"], Float[Tensor, "k"]]:
        return z(4), z(2)

    f(z(1))


@pytest.mark.parametrize(("hint", "said"), [(3, "no type hint"), ("no expression at all", "not a Python expression")])
def test_what_is_no_hint_is_an_error(hint, said):
    def f(x): ...

    f.__annotations__ = {"x": hint}
    with pytest.raises(AnnotationError, match=said) as caught:
        shapecheck(f)
    assert "unresolved-annotation" == caught.value.fault.code


def test_a_function_in_the_place_of_a_hint_is_not_checked():
    class Operator:
        def float(self): ...

        @shapecheck
        def close(self, x: Float[Tensor, "n"], tolerance: float = 0.1, more: list[float] = ()): ...  # noqa: A003

    @shapecheck
    def f(x: Float[Tensor, "n"], y: any): ...

    f(torch.zeros(2), "x")
    Operator().close(torch.zeros(2), 0.5, "x")
    with pytest.raises(ShapeError):
        Operator().close(torch.zeros(2, 2), 0.5)


def test_a_hint_that_nothing_can_check_is_not_checked(refused):
    from typing import Protocol, Self

    class Shape(Protocol):
        def area(self) -> int: ...

    @shapecheck
    def f(x: Shape, y: list[Shape], x2: Self, z: Float[Tensor, "b"]): ...

    f(3, [], None, z(2))
    refused("rank-mismatch", f, 3, [], None, z(2, 2))


# -- the switch -------------------------------------------------------------------------------------------------------


def test_off_returns_the_function_itself(monkeypatch):
    monkeypatch.setenv("SHAPETYPES", "off")

    def f(x: Float[Tensor, "b"]): ...

    class C:
        def f(self, x: Float[Tensor, "b"]): ...

    inside = C.__dict__["f"]
    assert f is shapecheck(f)
    assert f is shapecheck()(f)
    assert C is shapecheck(C)
    assert inside is C.__dict__["f"]


def test_warn_warns_and_goes_on(monkeypatch):
    monkeypatch.setenv("SHAPETYPES", "warn")

    @shapecheck
    def f(x: Float[Tensor, "b"], y: Float[Tensor, "b"]) -> Float[Tensor, "b"]:
        return z(7)

    with pytest.warns(ShapeWarning, match="argument `y`: axis 0") as told:
        assert (7,) == f(z(2), z(3)).shape
    assert 1 == len(told)
    assert __file__ == told[0].filename


# -- where a result is told to come from ------------------------------------------------------------------------------


def place_of(error):
    """The line that a message points at, and what its caret line marks."""
    _, place, _, line, marks, *_ = str(error).splitlines()
    source = line.partition("| ")[2]
    shift = marks.partition("| ")[2]
    start = shift.index("^")
    return int(place.rsplit(":", 2)[1]), source[start : start + shift.count("^")]


@shapecheck
def one_return(x: Float[Tensor, "b"], k: int) -> Float[Tensor, "b"]:
    if k:
        x = x[k:]
    return x.clone()


@shapecheck
def two_returns(x: Float[Tensor, "b"], k: int) -> Float[Tensor, "b"]:
    if k:
        return x[k:]
    return x


@shapecheck
def none_or_more(x: Float[Tensor, "b"], k: int) -> Float[Tensor, "b"]:
    return None if k else x


@shapecheck
def yields(x: Float[Tensor, "b"], k: int) -> Iterator[Float[Tensor, "b"]]:
    yield x
    yield x[k:]


def test_a_fault_in_a_result_points_at_the_return(refused):
    error = refused("dim-mismatch", one_return, z(3), 1)
    assert "x.clone()" == place_of(error)[1]
    assert "`b` is 3" in str(error) or "binds b = 3" in str(error)


def test_of_several_returns_none_is_blamed(refused):
    assert 'Float[Tensor, "b"]' == place_of(refused("dim-mismatch", two_returns, z(3), 1))[1]
    assert 'Float[Tensor, "b"]' == place_of(refused("dtype-mismatch", none_or_more, z(3), 1))[1]


def test_a_fault_in_what_is_yielded_points_at_the_yield(refused):
    assert "yield x[k:]" == place_of(refused("dim-mismatch", list, yields(z(3), 1)))[1]


def test_a_lambda_and_a_function_without_source(refused):
    f = lambda x: x[1:]  # noqa: E731
    f.__annotations__ = {"x": Float[Tensor, "b"], "return": Float[Tensor, "b"]}
    assert "x[1:]" == place_of(refused("dim-mismatch", shapecheck(f), z(3)))[1]
    names = {"Float": Float, "Tensor": Tensor}
    exec("def g(x: Float[Tensor, 'b']) -> Float[Tensor, 'b']: return x[1:]", names)
    assert "fn(*args, **kwargs)" in str(refused("dim-mismatch", shapecheck(names["g"]), z(3)))


def test_an_integer_has_no_axis(refused):
    @shapecheck
    def f(n: Dim[int, "n"], hw: Dim[tuple[int, ...], "h w"], x: Float[Tensor, "n h w"]): ...

    for wrong in ((4, 2, 5), (3, 2, 4)):
        error = refused("dim-mismatch", f, 3, (2, 5), torch.zeros(wrong))
        assert [None] == [origin.axis for origin in error.fault.origins]
