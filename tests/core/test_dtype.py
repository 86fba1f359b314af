"""dtype promotion is torch's own."""

import itertools

import jaxtyping
import pytest
import torch

from shapetypes.core.dtype import GROUPS, as_set, canonical, category, disjoint, promote, promote_names

TORCH = sorted({str(v).removeprefix("torch.") for v in vars(torch).values() if isinstance(v, torch.dtype)})
PLAIN = [t for t in TORCH if category(t) is not None and not t.startswith(("float8", "float4"))]


def truth(a, b):
    try:
        return str(torch.promote_types(getattr(torch, a), getattr(torch, b))).removeprefix("torch.")
    except RuntimeError:
        return None


@pytest.mark.parametrize("a", PLAIN)
def test_promotion(a):
    wrong = {b: (promote_names(a, b), truth(a, b)) for b in PLAIN if promote_names(a, b) != truth(a, b)}

    assert wrong == {}


def test_where_nothing_is_promoted_nothing_is_claimed():
    for a, b in itertools.product(TORCH, TORCH):
        said = promote_names(a, b)
        assert said is None or said == truth(a, b) or a == b, (a, b)


def test_sets_promote_element_by_element():
    assert promote(frozenset({"int64", "float16"}), "bfloat16") == frozenset({"bfloat16", "float32"})
    assert promote("int64", "float32") == "float32"
    assert promote("int64", None) is None
    assert promote("uint16", "int32") is None


def test_the_groups_are_jaxtyping_s():
    for name, names in GROUPS.items():
        theirs = getattr(getattr(jaxtyping, name, None), "dtypes", ())
        if names is not None:
            assert {canonical(t) for t in theirs if isinstance(t, str)} <= names, name


def test_names_of_one_dtype():
    assert canonical("torch.float") == canonical("float32") == "float32"
    assert canonical("numpy.bool_") == "bool"
    assert canonical("torch.chalf") == str(torch.chalf).removeprefix("torch.")
    for alias in ("float", "double", "half", "long", "int", "short", "cfloat", "cdouble"):
        assert canonical(alias) == str(getattr(torch, alias)).removeprefix("torch.")


def test_only_disjoint_sets_differ():
    assert disjoint("float32", GROUPS["Int"])
    assert not disjoint(None, "float32")
    assert not disjoint(GROUPS["Shaped"], "float32")
    assert not disjoint(frozenset({"float32", "int64"}), "int64")
    assert as_set(None) is None
