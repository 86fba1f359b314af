"""Attention and Transformer layers against torch."""

from __future__ import annotations

import itertools
import random

import pytest

from shapetypes.core import dim as d
from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops import infer
from shapetypes.ops.apply import Layer, construct
from shapetypes.ops.stubs import ClassStub, default_stubs
from tests.ops.oracle import check, framework, same, spec

SDPA = "torch.nn.functional.scaled_dot_product_attention"
MHA = "torch.nn.MultiheadAttention"


def test_scaled_dot_products():
    rng = random.Random(1)
    accepted = 0
    for _ in range(600):
        batch = [rng.choice([(), (2,), (2, 4), (1, 4), (2, 1)]) for _ in range(3)]
        l, s, e, v = 5, 6, 8, 3
        q = (*batch[0], l, rng.choice([e, e, e, 7]))
        k = (*batch[1], s, e)
        value = (*batch[2], rng.choice([s, s, s, 4]), v)
        accepted += check(SDPA, (spec(*q), spec(*k), spec(*value)))
    assert accepted > 50


@pytest.mark.parametrize("dtype", ["float32", "bool"])
def test_masks(dtype):
    q, k, v = spec(2, 4, 5, 8), spec(2, 4, 6, 8), spec(2, 4, 6, 3)
    for mask in [(5, 6), (6,), (1, 6), (5, 1), (2, 1, 5, 6), (2, 4, 5, 6), (4, 5, 6), (6, 5), (2, 5, 6), (3, 1, 5, 6)]:
        check(SDPA, (q, k, v), {"attn_mask": spec(*mask, dtype=dtype)})
    for mask in [(1, 2, 4, 5, 6), (2, 2, 4, 5, 6)]:
        check(SDPA, (q, k, v), {"attn_mask": spec(*mask, dtype=dtype)}, stricter="rank-mismatch")
    check(SDPA, (q, k, v), {"attn_mask": spec(5, 6, dtype="int64")})


def test_grouped_queries():
    for heads, groups, values in itertools.product((8, 6), (8, 4, 2, 3, 1), (4, 2, 8)):
        case = (spec(2, heads, 5, 8), spec(2, groups, 6, 8), spec(2, values, 6, 3))
        check(SDPA, case, {"enable_gqa": True})
        check(SDPA, case)


def test_sdpa_dtypes():
    for a, b in itertools.product(("float32", "float16", "float64", "int64"), repeat=2):
        check(SDPA, (spec(2, 5, 8, dtype=a), spec(2, 6, 8, dtype=b), spec(2, 6, 8, dtype=a)))


SIZES = [(2, 5, 8), (5, 2, 8), (5, 8), (2, 6, 8), (6, 2, 8), (6, 8), (2, 5, 7), (1, 5, 8)]


@pytest.mark.parametrize("batch_first", [True, False])
def test_multihead_attention(batch_first):
    accepted = 0
    for q, k, v in itertools.product(SIZES, SIZES, SIZES):
        case = (spec(*q), spec(*k), spec(*v))
        accepted += check(MHA, (8, 2), {"batch_first": batch_first}, (case, {}))
    assert accepted >= 10


@pytest.mark.parametrize("batch_first", [True, False])
def test_multihead_attention_with_other_keys(batch_first):
    for q, k, v in itertools.product(
        [(2, 5, 8), (5, 8), (3, 5, 8)],
        [(2, 6, 4), (6, 4), (3, 6, 4), (2, 6, 8)],
        [(2, 6, 3), (6, 3), (3, 6, 3), (2, 7, 3)],
    ):
        for flip in ((0, 1, 2), (1, 0, 2)):
            shapes = [tuple(x[i] for i in flip) if len(x) == 3 else x for x in (q, k, v)]
            case = tuple(spec(*x) for x in shapes)
            check(MHA, (8, 2), {"kdim": 4, "vdim": 3, "batch_first": batch_first}, (case, {}))


OPTIONS = [
    {"need_weights": False},
    {"average_attn_weights": False},
    {"need_weights": True, "average_attn_weights": True},
]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("init", [{}, {"add_bias_kv": True}, {"add_zero_attn": True}, {"bias": False}])
def test_weights_of_attention(options, init):
    for q, k in [((2, 5, 8), (2, 6, 8)), ((5, 8), (6, 8))]:
        case = (spec(*q), spec(*k), spec(*k))
        check(MHA, (8, 2), {"batch_first": True, **init}, (case, options))


@pytest.mark.parametrize("dtype", ["bool", "float32", "int64"])
def test_masks_of_heads(dtype):
    for q, k in [((2, 5, 8), (2, 6, 8)), ((5, 8), (6, 8))]:
        case = (spec(*q), spec(*k), spec(*k))
        for mask in [(5, 6), (6, 5), (4, 5, 6), (2, 5, 6), (6,), (1, 4, 5, 6)]:
            check(MHA, (8, 2), {"batch_first": True}, (case, {"attn_mask": spec(*mask, dtype=dtype)}))
        for mask in [(2, 6), (6,), (6, 2), (2, 5), (5,), (2, 6, 1)]:
            check(MHA, (8, 2), {"batch_first": True}, (case, {"key_padding_mask": spec(*mask, dtype=dtype)}))


def test_heads_divide_the_features():
    for e, h in itertools.product((8, 9, 12), (1, 2, 3, 4, 5)):
        check(MHA, (e, h), {}, ((spec(5, 2, e),) * 3, {}))
        check("torch.nn.TransformerEncoderLayer", (e, h), {}, ((spec(5, 2, e),), {}))


@pytest.mark.parametrize("batch_first", [True, False])
def test_encoder_layer(batch_first):
    name = "torch.nn.TransformerEncoderLayer"
    for x in SIZES:
        check(name, (8, 2, 16), {"batch_first": batch_first}, ((spec(*x),), {}))
        for mask in [(5, 5), (2, 2), (4, 5, 5), (5, 6)]:
            check(name, (8, 2, 16), {"batch_first": batch_first}, ((spec(*x),), {"src_mask": spec(*mask)}))
        for mask in [(2, 5), (5, 2), (5,)]:
            kwargs = {"src_key_padding_mask": spec(*mask, dtype="bool")}
            check(name, (8, 2, 16), {"batch_first": batch_first}, ((spec(*x),), kwargs))


@pytest.mark.parametrize("batch_first", [True, False])
def test_decoder_layer_and_transformer(batch_first):
    options = {"batch_first": batch_first}
    for t, m in itertools.product(SIZES, SIZES):
        check("torch.nn.TransformerDecoderLayer", (8, 2, 16), options, ((spec(*t), spec(*m)), {}))
    for t, m in itertools.product(SIZES[:4], SIZES):
        check("torch.nn.Transformer", (8, 2, 1, 1, 16), options, ((spec(*t), spec(*m)), {}))


def test_masks_of_the_decoder():
    name, case = "torch.nn.TransformerDecoderLayer", (spec(2, 5, 8), spec(2, 6, 8))
    for key, masks in {
        "tgt_mask": [(5, 5), (5, 6), (4, 5, 5)],
        "memory_mask": [(5, 6), (6, 5), (4, 5, 6)],
        "tgt_key_padding_mask": [(2, 5), (2, 6), (5,)],
        "memory_key_padding_mask": [(2, 6), (2, 5)],
    }.items():
        for mask in masks:
            check(name, (8, 2, 16), {"batch_first": True}, (case, {key: spec(*mask)}))


def layer(name, *args, **kwargs):
    stub = default_stubs().find(name)
    assert isinstance(stub, ClassStub)
    out = construct(Judge(), default_stubs(), stub, args, kwargs)
    assert isinstance(out, Layer)
    return out


def test_stacks_take_layer_objects():
    import torch

    encoder = layer("torch.nn.TransformerEncoderLayer", 8, 2, batch_first=True)
    decoder = layer("torch.nn.TransformerDecoderLayer", 8, 2)
    out = infer("torch.nn.TransformerEncoder", (encoder, 3), call=((spec(2, 5, 8),), {}))
    theirs = torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(8, 2, batch_first=True), 1)
    assert out.shape == tuple(theirs(torch.ones(2, 5, 8)).shape)
    out = infer("torch.nn.TransformerDecoder", (decoder, 3), call=((spec(5, 2, 8), spec(6, 2, 8)), {}))
    assert out.shape == (5, 2, 8)
    with pytest.raises(ShapeError) as caught:
        infer("torch.nn.TransformerEncoder", (encoder, 3), call=((spec(2, 5, 9),), {}))
    assert caught.value.fault.name == "d_model"
    assert infer("torch.nn.TransformerEncoder", (Unknown("?"), 3), call=((spec(2, 5, 9),), {})).shape is None


FORWARD = "torch.nn.functional.multi_head_attention_forward"


def test_attention_as_a_function():
    for q, k in itertools.product([(5, 2, 8), (5, 8), (5, 3, 8), (5, 2, 7)], [(6, 2, 8), (6, 8), (6, 3, 8)]):
        for heads, bias in itertools.product((2, 3), (None, spec(1, 1, 8))):
            weights = (spec(24, 8), spec(24), bias, bias, False, 0.0, spec(8, 8), spec(8))
            case = (spec(*q), spec(*k), spec(*k), 8, heads, *weights)
            check(FORWARD, case)
            check(FORWARD, case, {"need_weights": False})


def test_square_mask():
    theirs = framework("torch.nn.Transformer.generate_square_subsequent_mask", (5,), {}, None, "cpu")
    assert same(infer("torch.nn.Transformer.generate_square_subsequent_mask", (5,)), theirs)


# -- symbols --------------------------------------------------------------------------------------------------------

B, L, S, E, V, H = (d.name(n) for n in "blsevh")


def test_symbolic_sdpa():
    q, k, v = TensorSpec((B, H, L, E)), TensorSpec((B, H, S, E)), TensorSpec((B, H, S, V))
    assert infer(SDPA, (q, k, v)).shape == (B, H, L, V)
    assert infer(SDPA, (q, k, v), {"attn_mask": TensorSpec((L, S))}).shape == (B, H, L, V)
    for wrong in [(S, L), (B, S)]:
        with pytest.raises(ShapeError):
            infer(SDPA, (q, k, v), {"attn_mask": TensorSpec(wrong)})
    with pytest.raises(ShapeError) as caught:
        infer(SDPA, (q, TensorSpec((B, H, E, S)), v))
    assert caught.value.fault.argument == "key"


def test_symbolic_heads():
    out, weights = infer(MHA, (64, 8), {"batch_first": True}, ((TensorSpec((B, L, 64)),) * 3, {}))
    assert (out.shape, weights.shape) == ((B, L, 64), (B, L, L))
    case = (TensorSpec((B, L, 64)), TensorSpec((B, S, 64)), TensorSpec((B, S, 64)))
    out, weights = infer(MHA, (64, 8), {"batch_first": True}, (case, {"average_attn_weights": False}))
    assert weights.shape == (B, 8, L, S)
    with pytest.raises(ShapeError) as caught:  # the default is "l b e"
        infer(MHA, (64, 8), {}, (case, {}))
    assert caught.value.fault.code == "dim-mismatch"
    padding = TensorSpec((L, B), "bool")
    with pytest.raises(ShapeError) as caught:
        infer(MHA, (64, 8), {"batch_first": True}, (case, {"key_padding_mask": padding}))
    assert caught.value.fault.argument == "key_padding_mask"


def test_unknown_options_keep_the_output():
    out, weights = infer(
        MHA, (64, 8), {"batch_first": True}, ((TensorSpec((B, L, 64)),) * 3, {"need_weights": Unknown("?")})
    )
    assert out.shape == (B, L, 64) and isinstance(weights, Unknown)
    out, _ = infer(MHA, (64, 8), {"batch_first": Unknown("?")}, ((TensorSpec((B, L, 64)),) * 3, {}))
    assert out.shape is None
