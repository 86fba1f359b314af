"""Matrix products, einsum and reductions against torch: what they accept, refuse and return."""

from __future__ import annotations

import itertools
import random

import pytest

from shapetypes.core.dim import name
from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops import infer
from shapetypes.ops.apply import call_function
from shapetypes.ops.stubs import default_stubs
from tests.ops.oracle import check, spec
from tests.ops.symbolic import agrees

MATRICES = [(), (2,), (3,), (2, 3), (3, 2), (3, 3), (4, 2, 3), (4, 3, 2), (1, 3, 2), (5, 3, 2), (6, 1, 2, 3), (0, 3)]
TWO = ["matmul", "mm", "bmm", "mv", "dot", "vdot", "inner", "outer", "ger", "kron"]


@pytest.mark.parametrize("op", TWO)
def test_two_operands(op):
    accepted = sum(check(f"torch.{op}", (spec(*a), spec(*b))) for a, b in itertools.product(MATRICES, repeat=2))
    assert 0 < accepted < len(MATRICES) ** 2 or op == "kron"


@pytest.mark.parametrize("op", ["matmul", "mm", "dot", "mv"])
def test_dtypes_of_products(op):
    shapes = {"dot": ((3,), (3,)), "mv": ((2, 3), (3,))}.get(op, ((2, 3), (3, 4)))
    for a, b in itertools.product(["float32", "float64", "int64"], repeat=2):
        check(f"torch.{op}", (spec(*shapes[0], dtype=a), spec(*shapes[1], dtype=b)))


FUSED = {
    "addmm": ([(4,), (2, 4), (2, 1), (1, 1), (3, 4), (1, 2, 4), ()], (2, 3), (3, 4)),
    "addmv": ([(2,), (1,), (3,), (), (2, 2)], (2, 3), (3,)),
    "addr": ([(2, 3), (3,), (2,), (), (1, 2, 3)], (2,), (3,)),
    "addbmm": ([(2, 4), (4,), (5, 2, 4), (3,)], (5, 2, 3), (5, 3, 4)),
    "baddbmm": ([(5, 2, 4), (2, 4), (4,), (1, 2, 4), (3, 2, 4)], (5, 2, 3), (5, 3, 4)),
}


@pytest.mark.parametrize("op", FUSED)
def test_fused(op):
    added, a, b = FUSED[op]
    for shape in added:
        check(f"torch.{op}", (spec(*shape), spec(*a), spec(*b)))
        check(f"torch.Tensor.{op}_", (spec(*shape), spec(*a), spec(*b)))
    wrong = (*b[:-1], b[-1] + 1) if op == "addmv" else (*b[:-2], b[-2 if len(b) > 1 else -1] + 1, *b[-1:])
    if op != "addr":
        assert not check(f"torch.{op}", (spec(), spec(*a), spec(*wrong)))


def test_cdist_cross_tensordot():
    for a, b in itertools.product([(2, 3), (4, 3), (5, 2, 3), (1, 2, 3), (2, 4), (3,)], repeat=2):
        check("torch.cdist", (spec(*a), spec(*b)))
        check("torch.linalg.cross", (spec(*a), spec(*b)))
        check("torch.tensordot", (spec(*a), spec(*b)), {"dims": 1})
        check("torch.tensordot", (spec(*a), spec(*b)), {"dims": ([0], [-1])})
    assert check("torch.chain_matmul", (spec(2, 3), spec(3, 4), spec(4, 5)))
    assert not check("torch.chain_matmul", (spec(2, 3), spec(3, 4), spec(5, 4)))


EQUATIONS = """
i,i-> | ij,jk->ik | ij,jk | bij,bjk->bik | ...ij,...jk->...ik | ...ij,jk | ii->i | ii | ij-> | ij->ji | i,j->ij
bi,bj,bk->bijk | bhqd,bhkd->bhqk | b...,b...->b... | i...->... | ij,ij | ijk,ilm,njm,nlk,abc->ab | ...i,...i
iij->ij | ij,kj->ik | ij->ii | ij->k | i->j
""".replace("\n", "|").split("|")
NEVER, ALWAYS = {"ij->ii", "ij->k", "i->j"}, {"i...->..."}
"""Equations that no operand makes right, and one that every operand with an axis does."""


@pytest.mark.parametrize("equation", [e.strip() for e in EQUATIONS if e.strip()])
def test_einsum(equation):
    """Sizes that fit, sizes of 1, and sizes and ranks that do not."""
    chosen = random.Random(equation)
    terms = equation.partition("->")[0].split(",")
    outcomes = set()
    for _ in range(40):
        sizes = {letter: chosen.choice([2, 3, 4]) for letter in "abcdhijklmnpqr"}
        dots = tuple(chosen.choice([1, 2]) for _ in range(chosen.choice([0, 1, 2])))
        shapes = []
        for term in terms:
            before, dotted, after = term.partition("...")
            shape = [sizes[x] for x in before] + list(dots if dotted else ()) + [sizes[x] for x in after]
            if chosen.random() < 0.3 and shape:
                shape[chosen.randrange(len(shape))] = chosen.choice([1, 5])
            if chosen.random() < 0.1:
                shape.append(2)
            shapes.append(spec(*shape))
        outcomes.add(check("torch.einsum", (equation, *shapes)))
    assert outcomes == ({False} if equation in NEVER else {True} if equation in ALWAYS else {True, False})


def test_einsum_sublists():
    assert check("torch.einsum", (spec(2, 3), [0, 1], spec(3, 4), [1, 2], [0, 2]))
    assert check("torch.einsum", (spec(2, 3), [0, 1], spec(3, 4), [1, 2]))
    assert check("torch.einsum", (spec(5, 2, 3), [..., 0, 1], [..., 1, 0]))
    assert not check("torch.einsum", (spec(2, 3), [0, 1], spec(4, 4), [1, 2], [0, 2]))


def test_einsum_half_known():
    out = infer("torch.einsum", ("bij,bjk->bik", spec(2, 3, 4), TensorSpec(None)))
    assert out.shape[:2] == (2, 3)
    assert isinstance(out.shape[2], Unknown)
    out = infer("torch.einsum", ("ij,jk,kl->il", TensorSpec((2, Unknown("x"))), TensorSpec((7, 8)), TensorSpec(None)))
    assert out.shape[0] == 2
    with pytest.raises(ShapeError):
        infer("torch.einsum", ("bij,bjk,bl->bik", TensorSpec(None), spec(2, 3, 4), spec(3, 9)))


def run(op, *args, judge=None):
    """The call with symbols that may stand for any number of axes, as the engine makes it."""
    return call_function(judge or Judge(), default_stubs(), default_stubs().find(op), args, {}).value


def test_variadic_parts():
    batch, n, k, m = Var("batch"), name("n"), name("k"), name("m")
    assert run("torch.matmul", TensorSpec((batch, n, k)), TensorSpec((k, m))).shape == (batch, n, m)
    assert run("torch.matmul", TensorSpec((batch, n, k)), TensorSpec((batch, k, m))).shape == (batch, n, m)
    assert run("torch.matmul", TensorSpec((batch, k)), TensorSpec((k, m))).shape == (batch, m)
    assert run("torch.matmul", TensorSpec((batch, k)), TensorSpec((k,))).shape == (batch,)
    assert run("torch.einsum", "...i,ij->...j", TensorSpec((batch, n)), TensorSpec((n, m))).shape == (batch, m)
    assert run("torch.sum", TensorSpec((batch, n)), -1).shape == (batch,)
    with pytest.raises(ShapeError):
        run("torch.matmul", TensorSpec((batch, n, k)), TensorSpec((m, k)))


def test_symbolic_products():
    b, n, k, m = (name(x) for x in "bnkm")
    sizes = {"b": 2, "n": 3, "k": 4, "m": 5}
    assert agrees("torch.matmul", (TensorSpec((b, n, k)), TensorSpec((k, m))), **sizes).shape == (b, n, m)
    assert agrees("torch.einsum", ("bnk,bkm->bmn", TensorSpec((b, n, k)), TensorSpec((b, k, m))), **sizes).shape == (
        b,
        m,
        n,
    )
    assert agrees("torch.kron", (TensorSpec((n, k)), TensorSpec((m, 2))), **sizes).shape == (n * m, 2 * k)
    assert agrees("torch.topk", (TensorSpec((b, n)), 2), **sizes)[0].shape == (b, 2)
    assert agrees("torch.diff", (TensorSpec((b, n)),), **sizes).shape == (b, n - 1)
    assert agrees("torch.fft.rfft", (TensorSpec((b, 2 * n)),), **sizes).shape == (b, n + 1)
    assert agrees("torch.linalg.svd", (TensorSpec((b, n, n)),), **sizes)[1].shape == (b, n)


REDUCTIONS = [
    *("sum", "prod", "mean", "std", "var", "amax", "amin", "all", "any", "argmax", "argmin", "nansum", "nanmean"),
    *("logsumexp", "count_nonzero"),
]
DIMS = [None, 0, 1, -1, 2, -3, (0,), (0, 1), (0, -1), (0, 0), ()]


@pytest.mark.parametrize("op", REDUCTIONS)
def test_reductions(op):
    for shape, dim in itertools.product([(), (3,), (2, 3), (2, 3, 4), (0, 3)], DIMS):
        if not _takes(op, dim):
            continue
        check(f"torch.{op}", (spec(*shape),) if dim is None else (spec(*shape), dim))
        if op != "count_nonzero" and dim is not None:
            check(f"torch.{op}", (spec(*shape), dim), {"keepdim": True})


def _takes(op, dim):
    """Whether torch's parser takes this form of `dim`: another is no question of shapes."""
    if op in ("prod", "argmax", "argmin"):
        return not isinstance(dim, tuple)
    return not (op == "logsumexp" and dim is None)


@pytest.mark.parametrize("op", REDUCTIONS)
def test_dtypes_of_reductions(op):
    for dtype in ["bool", "uint8", "int64", "float32", "float64", "complex64"]:
        args = (spec(2, 3, dtype=dtype), 1) if op == "logsumexp" else (spec(2, 3, dtype=dtype),)
        check(f"torch.{op}", args)


PAIRS = ["max", "min", "median", "nanmedian", "mode", "cummax", "cummin", "sort", "aminmax", "kthvalue", "topk"]


@pytest.mark.parametrize("op", PAIRS)
def test_values_and_indices(op):
    for shape, dim in itertools.product([(), (3,), (2, 3), (2, 3, 4), (2, 0)], [0, 1, -1, -2, 2]):
        args = (spec(*shape), 1) if op in ("kthvalue", "topk") else (spec(*shape),)
        # the kernels of cummax and cummin return an empty tensor before they look at the axis
        stricter = "rank-mismatch" if op in ("cummax", "cummin") and 0 in shape else None
        check(f"torch.{op}", args, {"dim": dim}, stricter=stricter)
        if op not in ("cummax", "cummin", "sort", "topk"):
            check(f"torch.{op}", args, {"dim": dim, "keepdim": True})


def test_max_of_two():
    check("torch.max", (spec(2, 3), spec(3)))
    assert not check("torch.max", (spec(2, 3), spec(2)))
    assert check("torch.Tensor.max", (spec(2, 3),))
    assert check("torch.sum", (spec(2, 3),), {"axis": 1, "keepdims": True})


@pytest.mark.parametrize("op", ["softmax", "log_softmax", "cumsum", "cumprod", "logcumsumexp", "argsort", "diff"])
def test_along_an_axis(op):
    for shape, dim in itertools.product([(), (3,), (2, 3)], [0, 1, -1, -2, 2]):
        if not (op == "diff" and not shape):
            check(f"torch.{op}", (spec(*shape),), {"dim": dim})


def test_counts_along_an_axis():
    for k, dim in itertools.product([0, 1, 3, 4], [0, 1]):
        check("torch.topk", (spec(2, 3), k), {"dim": dim})
        check("torch.diff", (spec(2, 3),), {"n": k, "dim": dim})
        if k:
            check("torch.kthvalue", (spec(2, 3), k), {"dim": dim})
    for q in (0.5, spec(), spec(2), spec(2, 2)):
        check("torch.quantile", (spec(3, 4), q), {"dim": 1})


def test_search():
    for rows, values in itertools.product([(3,), (2, 3), (4, 3), ()], [(), (5,), (2, 5), (4, 2, 5)]):
        check("torch.searchsorted", (spec(*rows), spec(*values)))
        check("torch.bucketize", (spec(*values), spec(*rows)))
    assert check("torch.histc", (spec(3, 4),), {"bins": 7})
    assert not check("torch.histc", (spec(3, 4),), {"bins": 0})
    check("torch.isin", (spec(3, 4), spec(5)))
