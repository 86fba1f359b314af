"""Trees (`PyTree[leaf, "T"]`), built as nodes: jaxtyping itself makes such a hint only where JAX is installed."""

import typing

import pytest
import torch
from jaxtyping import Float
from torch import Tensor

from shapetypes import AnnotationError
from shapetypes.core.scope import Scope
from shapetypes.runtime import explain
from shapetypes.runtime.nodes import ANY, TreeNode, UnionNode
from shapetypes.runtime.plan import build
from shapetypes.runtime.trees import refuse_misplaced


def z(*shape):
    return torch.zeros(shape)


def fault(*pairs):
    entries = [(name, node, value) for name, (node, value) in zip("xyz", pairs, strict=False)]
    return explain.check(entries, Scope(), "f()")[0]


MATRIX = TreeNode(build(Float[Tensor, "b c"]))


@pytest.mark.parametrize("value", [z(2, 3), [z(2, 3), {"a": (z(2, 3),)}, None], {}, []])
def test_leaves_that_fit(value):
    assert fault((MATRIX, value)) is None


@pytest.mark.parametrize(
    ("value", "where"),
    [([z(2, 3), z(2, 4)], "x[1]"), ({"a": [z(2, 3), z(2)]}, "x['a'][1]"), ([z(2, 3), 3], "x[1]"), (3, "x")],
)
def test_every_leaf_counts(value, where):
    assert where == fault((MATRIX, value)).argument


def test_what_may_be_a_leaf_is_not_looked_into():
    pairs = TreeNode(build(tuple[int, int]))

    assert fault((pairs, [(1, 1), {"a": (1, 1)}])) is None
    assert "x[1]" == fault((pairs, [(1, 1), 3])).argument


def test_a_record_is_a_leaf():
    class Pair(typing.NamedTuple):
        x: Float[Tensor, "b"]
        y: Float[Tensor, "b"]

    tree = TreeNode(build(Pair))
    assert fault((tree, [Pair(z(2), z(2)), Pair(z(3), z(3))])) is None
    assert fault((tree, [Pair(z(2), z(3))])) is not None


INTS, TEXTS = (build(int), build(str))


def test_a_structure_is_one_wherever_its_name_stands():
    def f(x, y):
        return fault((TreeNode(INTS, "T"), x), (TreeNode(TEXTS, "T"), y))

    assert f(1, "a") is None
    assert f((1, [2, {"k": 3}]), ("a", ["b", {"k": "c"}])) is None
    found = f(1, ("a",))
    assert ("y", "(*,)", "*") == (found.argument, found.got, found.want)
    assert f({"k": 1}, {"m": "a"}) is not None
    assert f([1, 2], ("a", "b")) is not None


@pytest.mark.parametrize(
    ("structure", "y", "fits"),
    [
        ("T ...", ({"k": "a"}, ["b"]), True),
        ("T ...", ("a", "b", "c"), False),
        ("... T", [("a", "b"), {"k": ("c", "d")}], True),
        ("... T", [("a", "b"), "c"], False),
    ],
)
def test_the_beginning_and_the_end_of_a_structure(structure, y, fits):
    assert fits is (fault((TreeNode(INTS, "T"), (1, 2)), (TreeNode(TEXTS, structure), y)) is None)


def test_structures_put_together():
    def f(z):
        return fault((TreeNode(INTS, "S"), {"k": 1}), (TreeNode(INTS, "T"), (1, 2)), (TreeNode(TEXTS, "S T"), z))

    assert f({"k": ("a", "b")}) is None
    assert f(({"k": "a"}, {"k": "b"})) is not None
    assert "unresolved-annotation" == fault((TreeNode(INTS, "S T"), 1)).code


@pytest.mark.parametrize("axis", ["?n", "*?n"])
def test_sizes_that_belong_to_a_place_in_the_tree(axis):
    leaf = build(Float[Tensor, axis])
    for one in (leaf, UnionNode((leaf, INTS))):
        tree = TreeNode(one, "T")
        refuse_misplaced(tree)
        assert fault((tree, (z(2), z(3))), (tree, (z(2), z(3)))) is None
        found = fault((tree, (z(2), z(3))), (tree, (z(2), z(4))))
        assert ("y[1]", 0) == (found.argument, found.axis)


@pytest.mark.parametrize("tree", [build(Float[Tensor, "?n"]), TreeNode(build(Float[Tensor, "?n"]))])
def test_such_a_size_needs_one_tree_with_a_name(tree):
    with pytest.raises(AnnotationError, match="outside"):
        refuse_misplaced(tree)
    with pytest.raises(AnnotationError, match="in several"):
        refuse_misplaced(TreeNode(TreeNode(build(Float[Tensor, "?n"]), "S"), "T"))


def test_any_leaf():
    assert fault((TreeNode(ANY), [1, object()])) is None
    assert fault((TreeNode(ANY, "T"), [1, object()]), (TreeNode(ANY, "T"), [1])) is not None
