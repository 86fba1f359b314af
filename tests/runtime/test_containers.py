"""Every item of every container is checked; unions are searched; records keep their names apart where they must."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple, NotRequired, Optional, TypedDict, TypeVar

import numpy as np
import pytest
import torch
from torch import Tensor

from shapetypes import Dim, Float, Int, shapecheck


def z(*shape, dtype=torch.float32):
    return torch.zeros(shape, dtype=dtype)


GOOD, BAD = z(2, 3), z(3, 3)
BC = Float[Tensor, "b c"]


class Pair(NamedTuple):
    x: Float[Tensor, "b c"]
    y: Float[Tensor, "b"]
    note: str = ""


class Batch(TypedDict):
    x: Float[Tensor, "b c"]
    y: NotRequired[Float[Tensor, "b"]]


@dataclasses.dataclass
class Data:
    x: Float[Tensor, "b c"]
    y: Float[Tensor, "b"]


CONTAINERS = [
    (list[BC], [GOOD, GOOD, GOOD, GOOD], [GOOD, GOOD, GOOD, BAD], "p[3]"),
    (tuple[BC, ...], (GOOD, GOOD), (GOOD, BAD), "p[1]"),
    (tuple[BC, int], (GOOD, 1), (GOOD, "1"), "p[1]"),
    (tuple[BC, BC], (GOOD, GOOD), (GOOD, BAD), "p[1]"),
    (Sequence[BC], [GOOD, GOOD], (GOOD, BAD), "p[1]"),
    (dict[str, BC], {"a": GOOD, "b": GOOD}, {"a": GOOD, "b": BAD}, "p['b']"),
    (Mapping[str, BC], {"a": GOOD}, {"a": GOOD, "b": BAD}, "p['b']"),
    (dict[str, list[BC]], {"a": [], "b": [GOOD]}, {"a": [GOOD], "b": [GOOD, BAD]}, "p['b'][1]"),
    (list[tuple[BC, Float[Tensor, "c"]]], [(GOOD, z(3))], [(GOOD, z(3)), (GOOD, z(2))], "p[1][1]"),
    (Pair, Pair(GOOD, z(2)), Pair(GOOD, z(3)), "p.y"),
    (list[Pair], [Pair(GOOD, z(2)), Pair(BAD, z(3))], [Pair(GOOD, z(2)), Pair(BAD, z(2))], "p[1].y"),
    (Batch, {"x": GOOD}, {"x": GOOD, "y": z(3)}, "p['y']"),
    (Data, Data(GOOD, z(2)), Data(GOOD, z(3)), "p.y"),
    (Optional[list[BC]], None, [GOOD, BAD], "p[1]"),  # noqa: UP045
]


@pytest.mark.parametrize(("hint", "good", "bad", "where"), CONTAINERS, ids=lambda v: None)
def test_every_item_counts(refused, hint, good, bad, where):
    @shapecheck
    def f(p: hint): ...

    for _ in range(3):
        f(good)
        error = refused("dim-mismatch" if "int" not in str(hint) else "dtype-mismatch", f, bad)
        assert where == error.fault.argument


@pytest.mark.parametrize(("hint", "good", "bad", "where"), CONTAINERS, ids=lambda v: None)
def test_every_item_of_a_result_counts(refused, hint, good, bad, where):
    @shapecheck
    def f(p) -> hint:
        return p

    f(good)
    error = refused("dim-mismatch" if "int" not in str(hint) else "dtype-mismatch", f, bad)
    assert where.replace("p", "return", 1) == error.fault.argument


@pytest.mark.parametrize(
    ("hint", "bad"),
    [(list[BC], (GOOD,)), (tuple[BC, BC], (GOOD,)), (dict[str, BC], [GOOD]), (Sequence[BC], "ab"), (Pair, (GOOD, z(2))),
     (dict[str, BC], {1: GOOD}), (Batch, [1])],
)  # fmt: skip
def test_the_container_itself_is_checked(refused, hint, bad):
    @shapecheck
    def f(p: hint): ...

    refused("dtype-mismatch", f, bad)


def test_items_share_names_with_the_other_arguments(refused):
    @shapecheck
    def f(xs: list[BC], y: Float[Tensor, "c"]) -> Float[Tensor, "b"]:
        return z(2)

    f([GOOD], z(3))
    f([], z(5))
    refused("dim-mismatch", f, [GOOD], z(4))
    refused("dim-mismatch", f, [BAD], z(3))


# -- unions -----------------------------------------------------------------------------------------------------------


def test_a_union_takes_what_one_option_takes(refused):
    @shapecheck
    def f(x: Float[Tensor, "b c"] | Int[Tensor, "b"] | None, y: Float[Tensor, "b"]): ...

    f(GOOD, z(2))
    f(z(2, dtype=torch.int64), z(2))
    f(None, z(9))
    refused("dim-mismatch", f, GOOD, z(3))
    refused("dim-mismatch", f, z(2, dtype=torch.int64), z(3))
    assert "Tensor" == refused("dtype-mismatch", f, z(2), z(2)).fault.got


def test_a_union_is_searched_when_a_later_argument_contradicts(refused):
    @shapecheck
    def f(x: Float[Tensor, "a b"] | Float[Tensor, "b a"], y: Float[Tensor, "a"], z: Float[Tensor, "b"]): ...

    f(z(2, 3), z(2), z(3))
    f(z(2, 3), z(3), z(2))
    refused("dim-mismatch", f, z(2, 3), z(2), z(2))


def test_a_failed_option_binds_nothing():
    @shapecheck
    def f(x: Float[Tensor, "a 7"] | Float[Tensor, "b 3"], y: Float[Tensor, "a"]): ...

    f(z(2, 3), z(5))


def test_many_unions_end(refused):
    either = Float[Tensor, "a b"] | Float[Tensor, "b a"]

    @shapecheck
    def f(xs: list[either], y: Float[Tensor, "a"]): ...

    f([z(2, 3)] * 40, z(2))
    refused("dim-mismatch", f, [z(2, 3)] * 40, z(7))


def test_array_types_in_a_union(refused):
    @shapecheck
    def f(x: Float[Tensor, "b"] | Float[np.ndarray, "b"] | list[float], n: Dim[int, "b"]): ...

    f(z(2), 2)
    f(np.zeros(2), 2)
    f([1.0], 9)
    refused("dim-mismatch", f, np.zeros(2), 3)
    refused("dtype-mismatch", f, ("a",), 3)


# -- records: whose names ---------------------------------------------------------------------------------------------


def test_a_record_that_stands_once_shares_the_names_of_the_signature(refused):
    @shapecheck
    def f(p: Pair, w: Float[Tensor, "c"]) -> Float[Tensor, "b"]:
        return p.y

    f(Pair(GOOD, z(2)), z(3))
    refused("dim-mismatch", f, Pair(GOOD, z(2)), z(4))


def test_a_cache_that_grows_is_no_contradiction():
    @shapecheck
    def step(cache: Pair, x: Float[Tensor, "1 c"]) -> Pair:
        return Pair(torch.cat([cache.x, x]), torch.cat([cache.y, x[:, 0]]))

    cache = Pair(GOOD, z(2))
    for n in (3, 4, 5):
        cache = step(cache, z(1, 3))
        assert n == cache.x.shape[0]


def test_two_records_of_one_class_have_their_own_names(refused):
    @shapecheck
    def f(a: Data, b: Data): ...

    f(Data(GOOD, z(2)), Data(BAD, z(3)))
    refused("dim-mismatch", f, Data(GOOD, z(2)), Data(BAD, z(2)))


def test_a_record_that_holds_itself():
    f = shapecheck(_uses_tree)

    f(Tree(z(2), Tree(z(3), None)))


@dataclasses.dataclass
class Tree:
    x: Float[Tensor, "b"]
    next: "Tree | None"


def _uses_tree(t: Tree): ...


# -- type variables ---------------------------------------------------------------------------------------------------

T = TypeVar("T")
Bound = TypeVar("Bound", bound=Float[Tensor, "b"])
Either = TypeVar("Either", Float[Tensor, "b"], Int[Tensor, "b"])


class Box(Generic[T]):
    pass


def test_type_variables(refused):
    @shapecheck
    def f(any_: T, x: Bound, y: Either, box: Box[int] | None = None) -> T:
        return any_

    f("anything", z(2), z(2, dtype=torch.int32))
    refused("dim-mismatch", f, 1, z(2), z(3))
    refused("dtype-mismatch", f, 1, z(2), z(2, dtype=torch.bool))
    refused("dtype-mismatch", f, 1, z(2), z(2), 3)
