"""Losses against torch: what they accept, refuse and return."""

from __future__ import annotations

import itertools
import random

import pytest

from shapetypes.core import dim as d
from shapetypes.core.fault import Fault, ShapeError
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops import infer
from tests.ops.oracle import check, spec

F = "torch.nn.functional."
NN = "torch.nn."
REDUCTIONS = ("none", "mean", "sum")
SHAPES = [(), (3,), (1,), (3, 4), (3, 1), (1, 4), (4,), (2, 3, 4), (2, 3, 4, 2), (0, 4)]

ALIKE = {
    "mse_loss": "MSELoss",
    "l1_loss": "L1Loss",
    "smooth_l1_loss": "SmoothL1Loss",
    "huber_loss": "HuberLoss",
    "soft_margin_loss": "SoftMarginLoss",
    "hinge_embedding_loss": "HingeEmbeddingLoss",
    "kl_div": "KLDivLoss",
    "binary_cross_entropy": "BCELoss",
    "binary_cross_entropy_with_logits": "BCEWithLogitsLoss",
    "poisson_nll_loss": "PoissonNLLLoss",
}
"""Losses of two tensors of one shape, as function and as module."""


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", ALIKE)
def test_losses_of_one_shape(name, reduction):
    """We are stricter than torch on purpose: what it would broadcast is a target-mismatch."""
    accepted = 0
    for a, b in itertools.product(SHAPES, SHAPES):
        case = (spec(*a), spec(*b))
        accepted += check(F + name, case, {"reduction": reduction}, stricter="target-mismatch")
        check(NN + ALIKE[name], (), {"reduction": reduction}, (case, {}), stricter="target-mismatch")
    assert accepted >= len(SHAPES)


@pytest.mark.parametrize("name", ALIKE)
def test_silent_broadcasting_is_a_target_mismatch(name):
    for a, b in [((3, 1), (3,)), ((3, 4), (4,)), ((3, 4), (3, 1)), ((3,), ())]:
        with pytest.raises(ShapeError) as caught:
            infer(F + name, (spec(*a), spec(*b)))
        fault = caught.value.fault
        assert (fault.code, fault.argument, fault.other) == ("target-mismatch", "target", "input")


DTYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "bool", "complex64")


@pytest.mark.parametrize("reduction", ["none", "mean"])
@pytest.mark.parametrize("name", [*ALIKE, "multilabel_soft_margin_loss"])
def test_dtypes_of_losses(name, reduction):
    """The dtype of every result is torch's; what torch refuses for its dtypes we may let pass, never the reverse."""
    agreed = 0
    for a, b in itertools.product(DTYPES, DTYPES):
        case = (spec(3, 4, dtype=a), spec(3, 4, dtype=b))
        agreed += _agrees_on_dtype(F + name, case, {"reduction": reduction})
    assert agreed >= 4


def _agrees_on_dtype(name, case, kwargs):
    from tests.ops.oracle import framework, same

    theirs = framework(name, case, kwargs, None, "cpu")
    if isinstance(theirs, Exception):
        return 0
    ours = infer(name, case, kwargs)
    assert same(ours, theirs) and ours.dtype is not None, (name, case, kwargs, ours, theirs)
    return 1


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "huber_loss"])
def test_element_weights(name):
    for w in SHAPES:
        for shape in [(3, 4), (3,)]:
            check(F + name, (spec(*shape), spec(*shape)), {"weight": spec(*w), "reduction": "none"})


@pytest.mark.parametrize("name", ["binary_cross_entropy", "binary_cross_entropy_with_logits"])
def test_broadcast_weights(name):
    for w in SHAPES:
        check(F + name, (spec(3, 4), spec(3, 4)), {"weight": spec(*w), "reduction": "none"}, stricter="rank-mismatch")
    for w in SHAPES:
        case = (spec(3, 4), spec(3, 4)), {"pos_weight": spec(*w), "reduction": "none"}
        check(F + "binary_cross_entropy_with_logits", *case)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss"])
def test_class_indices(name, reduction):
    module = {"cross_entropy": "CrossEntropyLoss", "nll_loss": "NLLLoss"}[name]
    targets = [(), (1,), (3,), (4,), (3, 4), (3, 1), (3, 5), (3, 5, 6), (3, 4, 5), (3, 4, 5, 6), (2, 5)]
    for a in [(4,), (3, 4), (3, 4, 5), (3, 4, 5, 6), (1, 4), (0, 4)]:
        for b in targets:
            case = (spec(*a), spec(*b, dtype="int64"))
            check(F + name, case, {"reduction": reduction}, stricter="target-mismatch")
            check(NN + module, (), {"reduction": reduction}, (case, {}), stricter="target-mismatch")


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_class_probabilities(reduction):
    for a, b in itertools.product([(4,), (3, 4), (3, 4, 5), (3, 4, 5, 6)], [(4,), (3, 4), (3, 4, 5), (3, 5), (3, 1)]):
        case = (spec(*a), spec(*b))
        check(F + "cross_entropy", case, {"reduction": reduction, "label_smoothing": 0.1})


def test_dtypes_of_targets():
    for dtype in ("int64", "uint8", "int32", "int16", "bool", "float32", "float64"):
        check(F + "cross_entropy", (spec(3, 4), spec(3, dtype=dtype)))
        check(F + "nll_loss", (spec(3, 4), spec(3, dtype=dtype)))
        check(F + "cross_entropy", (spec(3, 4), spec(3, 4, dtype=dtype)))


def test_class_weights():
    for w in [(4,), (3,), (1,), (), (1, 4)]:
        weight = spec(*w)
        check(F + "cross_entropy", (spec(3, 4), spec(3, dtype="int64"), weight))
        # torch counts the elements of the weights only here: it takes "1 4" where it refuses it without axis 2
        check(F + "cross_entropy", (spec(3, 4, 5), spec(3, 5, dtype="int64"), weight), stricter="rank-mismatch")
        check(F + "cross_entropy", (spec(4), spec(dtype="int64"), weight))
        check(NN + "NLLLoss", (weight,), {}, ((spec(3, 4), spec(3, dtype="int64")), {}))
        check(F + "multi_margin_loss", (spec(3, 4), spec(3, dtype="int64")), {"weight": weight})
    check(F + "cross_entropy", (spec(3, 4), spec(3, dtype="int64"), spec(4, dtype="float64")))


@pytest.mark.parametrize("old", [{"reduce": False}, {"size_average": False}, {"reduce": True, "size_average": True}])
def test_older_spellings_of_reduction(old):
    check(F + "mse_loss", (spec(3, 4), spec(3, 4)), old)
    check(NN + "CrossEntropyLoss", (), old, ((spec(3, 4), spec(3, dtype="int64")), {}))


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", ["multi_margin_loss", "multilabel_margin_loss", "multilabel_soft_margin_loss"])
def test_margins(name, reduction):
    module = {
        "multi_margin_loss": "MultiMarginLoss",
        "multilabel_margin_loss": "MultiLabelMarginLoss",
        "multilabel_soft_margin_loss": "MultiLabelSoftMarginLoss",
    }[name]
    dtype = "float32" if "soft" in name else "int64"
    for a, b in itertools.product(
        [(), (4,), (3, 4), (1, 4), (2, 3, 4)], [(), (1,), (3,), (4,), (3, 4), (3, 1), (2, 3, 4)]
    ):
        case = (spec(*a), spec(*b, dtype=dtype))
        check(F + name, case, {"reduction": reduction}, stricter="target-mismatch")
        check(NN + module, (), {"reduction": reduction}, (case, {}), stricter="target-mismatch")


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_gaussian(reduction):
    for v in [(), (3,), (3, 4), (3, 1), (1, 4), (4,), (1, 1), (2, 3, 4)]:
        case = (spec(3, 4), spec(3, 4), spec(*v))
        check(F + "gaussian_nll_loss", case, {"reduction": reduction})
        check(NN + "GaussianNLLLoss", (), {"reduction": reduction}, (case, {}))
    check(F + "gaussian_nll_loss", (spec(3, 4), spec(3, 4), 1.0), {"reduction": reduction})
    for t in [(), (3,), (4,), (3, 1), (1, 4), (1, 1), (2, 3, 4)]:
        case = (spec(3, 4), spec(*t), spec(3, 4))
        check(F + "gaussian_nll_loss", case, {"reduction": reduction}, stricter="target-mismatch")


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_triplets(reduction):
    shapes = [(4,), (3, 4), (1, 4), (3, 1), (2, 3, 4), (3, 5)]
    for a, p, n in itertools.product(shapes, shapes, shapes):
        case = (spec(*a), spec(*p), spec(*n))
        check(F + "triplet_margin_loss", case, {"reduction": reduction})
        check(NN + "TripletMarginLoss", (), {"reduction": reduction}, (case, {}))
        check(NN + "TripletMarginWithDistanceLoss", (), {"reduction": reduction}, (case, {}))


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_pairs(reduction):
    shapes = [(), (4,), (3, 4), (1, 4), (3, 1)]
    for a, b, t in itertools.product(shapes, shapes, [(), (1,), (3,), (4,), (3, 4)]):
        case = (spec(*a), spec(*b), spec(*t))
        kwargs = {"reduction": reduction}
        check(F + "cosine_embedding_loss", case, kwargs, stricter="target-mismatch")
        check(NN + "CosineEmbeddingLoss", (), kwargs, (case, {}), stricter="target-mismatch")
        check(F + "margin_ranking_loss", case, kwargs, stricter="target-mismatch")
        check(NN + "MarginRankingLoss", (), kwargs, (case, {}), stricter="target-mismatch")


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_ctc(reduction):
    """Lengths are values: torch is given ones that fit, so that only shapes can be wrong."""
    for probs, targets, lengths in itertools.product(
        [(5, 2, 4), (5, 4), (5, 3, 4)], [(2, 3), (6,), (3,), (3, 3), (2, 2, 3)], [(2,), (), (3,)]
    ):
        n = lengths[0] if lengths else 1
        sizes = ([5] * n, [3] * n) if lengths else (spec(dtype="int64"), spec(dtype="int64"))
        _ctc(probs, targets, sizes, reduction)


def _ctc(probs, targets, sizes, reduction):
    import torch

    case = (spec(*probs), spec(*targets, dtype="int64"), *sizes)
    lengths = sizes if isinstance(sizes[0], list) else (torch.tensor(5), torch.tensor(targets[-1]))
    real = (torch.ones(probs), torch.ones(targets, dtype=torch.int64), *lengths)
    try:
        theirs = tuple(torch.nn.functional.ctc_loss(*real, reduction=reduction).shape)
    except (RuntimeError, ValueError, IndexError):
        theirs = None
    try:
        ours = infer(F + "ctc_loss", case, {"reduction": reduction}).shape
    except ShapeError:
        ours = None
    assert ours == theirs, (probs, targets, sizes)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_linear_cross_entropy(reduction):
    for x, w, t in itertools.product([(3, 5), (5,), (3, 4)], [(4, 5), (4, 2, 5), (5,)], [(3,), (), (3, 2), (4,)]):
        case = (spec(*x), spec(*w), spec(*t, dtype="int64"))
        check(F + "linear_cross_entropy", case, {"reduction": reduction})
    for b in [(4,), (3,)]:
        case = (spec(3, 5), spec(4, 5), spec(3, dtype="int64"))
        check(F + "linear_cross_entropy", case, {"linear_bias": spec(*b), "reduction": reduction})


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_linear_cross_entropy_layer(reduction):
    name = NN + "LinearCrossEntropyLoss"
    for x, t in itertools.product([(3, 5), (5,), (3, 4), (2, 3, 5)], [(3,), (), (4,), (3, 2)]):
        case = ((spec(*x), spec(*t, dtype="int64")), {})
        check(name, (5, 7), {"reduction": reduction}, case)
        check(name, (5, 7), {"reduction": reduction, "out_features": (2,)}, case)
    for w in [(7,), (5,), (7, 1)]:
        check(name, (5, 7), {"weight": spec(*w)}, ((spec(3, 5), spec(3, dtype="int64")), {}))


def test_adaptive_softmax():
    name = NN + "AdaptiveLogSoftmaxWithLoss"
    for x, t in itertools.product([(3, 8), (8,), (3, 7), (2, 3, 8)], [(3,), (), (2,), (3, 1)]):
        check(name, (8, 20, [5, 10]), {}, ((spec(*x), spec(*t, dtype="int64")), {}))
    check(name, (8, 10, [5, 10]), {}, ((spec(3, 8), spec(3, dtype="int64")), {}))


# -- symbols ------------------------------------------------------------------------------------------------------

B, C, H, W = (d.name(n) for n in "bchw")


def _fault(name, *args, **kwargs) -> Fault:
    with pytest.raises(ShapeError) as caught:
        infer(name, args, kwargs)
    assert caught.value.fault is not None
    return caught.value.fault


def test_symbolic_class_indices():
    logits, labels = TensorSpec((B, C, H, W), "float32"), TensorSpec((B, H, W), "int64")
    out = infer(F + "cross_entropy", (logits, labels), {"reduction": "none"})
    assert out == TensorSpec((B, H, W), "float32")
    swapped = _fault(F + "cross_entropy", logits, TensorSpec((B, W, H), "int64"))
    assert (swapped.code, swapped.axis, swapped.got, swapped.want) == ("target-mismatch", 1, W, H)
    channel = _fault(F + "cross_entropy", logits, TensorSpec((B, 1, H, W), "int64"))
    assert (channel.code, channel.axis, channel.want) == ("target-mismatch", None, (B, H, W))
    last = _fault(F + "cross_entropy", TensorSpec((B, H, W, C)), TensorSpec((B, H, W)))
    assert last.code == "target-mismatch"


def test_symbolic_same_shape():
    assert infer(F + "mse_loss", (TensorSpec((B, C)), TensorSpec((B, C))), {"reduction": "none"}).shape == (B, C)
    fault = _fault(F + "mse_loss", TensorSpec((B, 1)), TensorSpec((B,)))
    assert (fault.code, fault.got, fault.want) == ("target-mismatch", (B,), (B, 1))


def test_classes_in_the_last_axis_are_named():
    t = d.name("t")
    fault = _fault(F + "cross_entropy", TensorSpec((B, t, C)), TensorSpec((B, t)))
    assert fault.detail == "the classes are axis 1 of `input`, not axis 2"
    assert _fault(F + "cross_entropy", TensorSpec((B, C, t)), TensorSpec((B, C))).detail
    assert _fault(F + "cross_entropy", TensorSpec((B, C, t)), TensorSpec((B, B))).detail == ""


def test_half_known_operands():
    loss = infer(F + "mse_loss", (TensorSpec(None), TensorSpec((B, C))))
    assert loss.shape == ()
    assert infer(F + "cross_entropy", (TensorSpec((B, C)), TensorSpec(None))).shape == ()
    assert infer(F + "cross_entropy", (TensorSpec(None), TensorSpec((B,)))).shape == ()
    assert infer(F + "mse_loss", (TensorSpec((B,)), TensorSpec((B,))), {"reduction": Unknown("?")}).shape is None
    keeps = infer(F + "cross_entropy", (TensorSpec((B, Unknown("?"))), TensorSpec((B,))), {"reduction": "none"})
    assert keeps.shape == (B,)


def test_symbols_agree_with_numbers():
    """Sizes put into a symbolic answer give the concrete one."""
    rng = random.Random(0)
    for _ in range(40):
        rank = rng.randint(2, 4)
        atoms = [d.name(n) for n in "nchw"[:rank]]
        sizes = {a: rng.randint(1, 5) for p in atoms for a in p.atoms}
        reduction = rng.choice(REDUCTIONS)
        symbolic = infer(
            F + "nll_loss", (TensorSpec(atoms), TensorSpec((atoms[0], *atoms[2:]))), {"reduction": reduction}
        )
        numbers = tuple(d.evaluate(a, sizes) for a in atoms)
        concrete = infer(
            F + "nll_loss", (spec(*numbers), spec(numbers[0], *numbers[2:], dtype="int64")), {"reduction": reduction}
        )
        assert tuple(d.evaluate(s, sizes) for s in symbolic.shape) == concrete.shape
