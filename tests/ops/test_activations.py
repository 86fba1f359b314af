"""Activations, dropout, embeddings and distances against torch."""

from __future__ import annotations

import itertools

import pytest

from shapetypes.core import dim as d
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops import infer
from tests.ops.oracle import check, framework, same, spec

F = "torch.nn.functional."
NN = "torch.nn."
SHAPES = [(), (3,), (4,), (2, 4), (2, 3), (2, 4, 6), (2, 3, 4, 4), (1, 2, 3, 4, 4), (0, 4)]

UNARY = {
    "celu": "CELU",
    "elu": "ELU",
    "gelu": "GELU",
    "glu": "GLU",
    "hardshrink": "Hardshrink",
    "hardsigmoid": "Hardsigmoid",
    "hardswish": "Hardswish",
    "hardtanh": "Hardtanh",
    "leaky_relu": "LeakyReLU",
    "logsigmoid": "LogSigmoid",
    "mish": "Mish",
    "relu": "ReLU",
    "relu6": "ReLU6",
    "rrelu": "RReLU",
    "selu": "SELU",
    "sigmoid": "Sigmoid",
    "silu": "SiLU",
    "softplus": "Softplus",
    "softshrink": "Softshrink",
    "softsign": "Softsign",
    "tanh": "Tanh",
    "tanhshrink": "Tanhshrink",
    "softmax": "Softmax",
    "log_softmax": "LogSoftmax",
    "softmin": "Softmin",
    "dropout": "Dropout",
    "dropout1d": "Dropout1d",
    "dropout2d": "Dropout2d",
    "dropout3d": "Dropout3d",
    "alpha_dropout": "AlphaDropout",
    "feature_alpha_dropout": "FeatureAlphaDropout",
}


@pytest.mark.parametrize("name", UNARY)
def test_unary(name):
    """F.feature_alpha_dropout does nothing unless it trains; then it wants two axes, which we always want."""
    accepted = 0
    for shape in SHAPES:
        kwargs = {"training": True} if name == "feature_alpha_dropout" else {}
        accepted += check(F + name, (spec(*shape),), kwargs)
        check(NN + UNARY[name], (), {}, ((spec(*shape),), {}))
    assert accepted >= 4


@pytest.mark.parametrize("name", UNARY)
def test_dtypes(name):
    """Never a wrong dtype, never a refusal of what torch takes."""
    for dtype in ("float32", "float64", "float16", "bfloat16", "int64", "int32", "uint8", "bool", "complex64"):
        case = (spec(2, 4, dtype=dtype),)
        theirs = framework(F + name, case, {}, None, "cpu")
        if not isinstance(theirs, Exception):
            assert same(infer(F + name, case), theirs), (name, dtype)
        elif "float" in dtype:
            check(F + name, case)


def test_refused_dtypes():
    for name in ("gelu", "elu", "softmax", "glu", "leaky_relu"):
        for dtype in ("int64", "bool", "complex64"):
            assert not check(F + name, (spec(2, 4, dtype=dtype),))


@pytest.mark.parametrize("name", ["glu", "softmax", "log_softmax", "softmin"])
def test_axes(name):
    for shape, dim in itertools.product(SHAPES, range(-4, 4)):
        check(F + name, (spec(*shape), dim))
        check(NN + UNARY[name], (dim,), {}, ((spec(*shape),), {}))


def test_softmax_with_another_dtype():
    import torch

    assert infer(F + "softmax", (spec(2, 4), 1), {"dtype": torch.float64}) == spec(2, 4, dtype="float64")
    assert infer(F + "softmax", (spec(2, 4, dtype="int64"), 1), {"dtype": torch.float16}) == spec(2, 4, dtype="float16")


def test_normalize_and_gumbel():
    for shape, dim in itertools.product(SHAPES, (-3, -1, 0, 1, 2, (0, 1), (0, 0))):
        check(F + "normalize", (spec(*shape),), {"dim": dim})
        if isinstance(dim, int):
            check(F + "gumbel_softmax", (spec(*shape),), {"dim": dim})


def test_softmax2d():
    for shape in SHAPES:
        check(NN + "Softmax2d", (), {}, ((spec(*shape),), {}))


def test_prelu():
    for shape, count in itertools.product(SHAPES, (1, 3, 4)):
        check(NN + "PReLU", (count,), {}, ((spec(*shape),), {}))
        check(F + "prelu", (spec(*shape), spec(count)))
    for weight in [(), (2, 2), (1, 1)]:
        check(F + "prelu", (spec(2, 4), spec(*weight)))


@pytest.mark.parametrize("name", ["threshold", "threshold_"])
def test_threshold(name):
    check(F + name, (spec(2, 4), 0.1, 20.0))
    check(NN + "Threshold", (0.1, 20.0), {}, ((spec(2, 4),), {}))
    check(F + name, (spec(2, 4, dtype="int64"), 1, 20))


# -- embeddings -----------------------------------------------------------------------------------------------------


def test_embedding():
    for shape, dtype in itertools.product(SHAPES, ("int64", "int32", "float32", "int16", "bool")):
        x = spec(*shape, dtype=dtype)
        check(NN + "Embedding", (10, 16), {}, ((x,), {}), dtype=False)
        for weight in [(10, 16), (16,), (10, 2, 16)]:
            check(F + "embedding", (x, spec(*weight, dtype="float64")))


def test_embedding_bag():
    for shape, offsets in itertools.product([(6,), (2, 3), (), (2, 3, 4)], [None, spec(2, dtype="int64"), spec(1, 2)]):
        x = spec(*shape, dtype="int64")
        check(NN + "EmbeddingBag", (10, 16), {}, ((x, offsets), {}), dtype=False)
        check(F + "embedding_bag", (x, spec(10, 16)), {"offsets": offsets})
    x = spec(6, dtype="int64")
    kwargs = {"offsets": spec(3, dtype="int64"), "mode": "sum"}
    for weights in [(6,), (5,), (2, 3)]:
        check(F + "embedding_bag", (x, spec(10, 16)), {**kwargs, "per_sample_weights": spec(*weights)})


@pytest.mark.parametrize("dtype", ["float32", None])
def test_embedding_bag_takes_the_table_first_as_it_once_did(dtype):
    import torch

    offsets = spec(2, dtype="int64")
    with pytest.warns(UserWarning, match="deprecated"):
        theirs = torch.nn.functional.embedding_bag(torch.zeros(10, 3), torch.arange(8), torch.tensor([0, 4]))

    ours = infer(F + "embedding_bag", (TensorSpec((10, 3), dtype), spec(8, dtype="int64")), {"offsets": offsets})

    assert tuple(theirs.shape) == ours.shape


def test_embedding_bag_with_last_offset():
    """The offsets are values: the last must be the length, so only shapes are compared here."""
    import torch

    theirs = torch.nn.functional.embedding_bag(
        torch.zeros(6, dtype=torch.int64), torch.ones(10, 16), torch.tensor([0, 3, 6]), include_last_offset=True
    )
    x, offsets = spec(6, dtype="int64"), spec(3, dtype="int64")
    ours = infer(F + "embedding_bag", (x, spec(10, 16)), {"offsets": offsets, "include_last_offset": True})
    assert ours.shape == tuple(theirs.shape)


def test_one_hot():
    for shape, dtype in itertools.product([(), (3,), (2, 4)], ("int64", "int32", "float32")):
        check(F + "one_hot", (spec(*shape, dtype=dtype), 7))
    counted = infer(F + "one_hot", (spec(2, 4, dtype="int64"),))
    assert counted.shape[:2] == (2, 4) and isinstance(counted.shape[2], Unknown)


# -- distances ------------------------------------------------------------------------------------------------------


def test_distances():
    for a, b in itertools.product(SHAPES[1:], SHAPES[1:]):
        case = (spec(*a), spec(*b))
        check(NN + "PairwiseDistance", (), {}, (case, {}))
        check(NN + "PairwiseDistance", (2.0,), {"keepdim": True}, (case, {}))
        check(F + "pairwise_distance", case)
        for dim in (0, 1, -1, 2):
            check(NN + "CosineSimilarity", (dim,), {}, (case, {}))
            check(F + "cosine_similarity", case, {"dim": dim})


def test_pdist():
    for shape in SHAPES:
        check(F + "pdist", (spec(*shape),))


# -- initialisers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["ones_", "zeros_", "normal_", "uniform_", "xavier_uniform_", "kaiming_normal_", "orthogonal_", "eye_", "dirac_"],
)
def test_init(name):
    for shape in [(3,), (3, 4), (3, 4, 5), (3, 4, 5, 6)]:
        check(NN + "init." + name, (spec(*shape),))


def test_parameter():
    check(NN + "Parameter", (spec(3, 4),))


# -- symbols --------------------------------------------------------------------------------------------------------

B, N, E = (d.name(n) for n in "bne")


def test_glu_halves_a_symbol():
    assert infer(F + "glu", (TensorSpec((B, 2 * N)),)).shape == (B, N)
    half = infer(F + "glu", (TensorSpec((B, N)),)).shape[1]
    values = dict.fromkeys(d.atoms_of(N), 6)
    assert d.evaluate(half, values) == 3
    with pytest.raises(ShapeError) as caught:
        infer(F + "glu", (TensorSpec((B, 2 * N + 1)),))
    assert caught.value.fault.code == "indivisible"


def test_unknown_rank_and_variadic_parts():
    batch = Var("batch")
    assert infer(F + "relu", (TensorSpec(None),)).shape is None
    assert infer(F + "softmax", (TensorSpec((batch, N)), -1)).shape is None  # shown as unknown, kept inside
    assert infer(NN + "Embedding", (10, 16), call=((TensorSpec((B, N), "int64"),), {})).shape == (B, N, 16)


def test_symbolic_channels():
    assert infer(NN + "PReLU", (8,), call=((TensorSpec((B, 8, N)),), {})).shape == (B, 8, N)
    with pytest.raises(ShapeError) as caught:
        infer(NN + "PReLU", (8,), call=((TensorSpec((B, 16, N)),), {}))
    fault = caught.value.fault
    assert (fault.code, fault.axis, fault.name, fault.got, fault.want) == ("dim-mismatch", 1, "num_parameters", 16, 8)
    with pytest.raises(ShapeError) as twin:
        infer(NN + "PReLU", (8,), call=((TensorSpec((B, N, 8)),), {}))
    assert twin.value.fault.code == "axis-order"


def test_symbolic_pdist():
    pairs = infer(F + "pdist", (TensorSpec((N, E), "float32"),)).shape[0]
    for n in range(6):
        assert d.evaluate(pairs, dict.fromkeys(d.atoms_of(N), n)) == n * (n - 1) // 2
