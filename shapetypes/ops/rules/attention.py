"""Attention: scaled dot products, heads, and the layers of a Transformer."""

from __future__ import annotations

from typing import Any

from shapetypes.core.dim import Dim
from shapetypes.core.dtype import BOOLS, FLOATS, as_set
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, Unclear, rule


@rule
def scaled_dot_product_attention(
    call: Call,
    query: TensorSpec,
    key: TensorSpec,
    value: TensorSpec,
    attn_mask: Any = None,
    enable_gqa: Any = False,
) -> TensorSpec:
    """`"*b l e", "*b s e", "*b s v" -> "*b l v"`; the mask broadcasts to `"*b l s"`.

    With `enable_gqa` the heads of key and value (axis -3) divide those of the query.
    Source: `scaled_dot_product_attention`.
    """
    for t in (query, key, value):
        call.least(t, 2)
        call.dtype(t, "Float")
    call.same_dtype(query, key)
    call.same_dtype(query, value)
    call.match(query, -1, key, -1)
    call.match(key, -2, value, -2)
    batch = _batch(call, query, key, value, call.flag(enable_gqa))
    scores = (*batch, call.at(query, -2), call.at(key, -2))
    if isinstance(attn_mask, TensorSpec):
        _mask_dtype(call, attn_mask)
        call.least(attn_mask, 2)
        call.expand_to(attn_mask, scores)
    return TensorSpec((*batch, call.at(query, -2), call.at(value, -1)), query.dtype)


def _batch(call: Call, query: TensorSpec, key: TensorSpec, value: TensorSpec, grouped: bool) -> tuple[Any, ...]:
    """The axes before the last two."""
    if not grouped:
        return call.broadcast(*(TensorSpec(call.lead(t, 2), None, t.label) for t in (query, key, value)))
    for t in (query, key, value):
        call.least(t, 3)
    for t in (key, value):
        call.divides(call.at(t, -3), call.at(query, -3), query, -3 if query.rank is None else query.rank - 3)
    outer = call.broadcast(*(TensorSpec(call.lead(t, 3), None, t.label) for t in (query, key, value)))
    return (*outer, call.at(query, -3))


def _mask_dtype(call: Call, mask: TensorSpec) -> None:
    names = as_set(mask.dtype)
    if names is not None and names.isdisjoint(BOOLS | FLOATS):
        call.fail("dtype-mismatch", "dtype", argument=mask.label or None, got=mask.dtype, want="Bool")


class Heads:
    """The sizes that a multi-head attention fixes.

    Attributes:
        embed_dim: The features of query and output; `kdim` and `vdim` those of key and value.
        num_heads: The number of heads.
        batch_first: Whether the batch comes before the sequence.
    """

    def __init__(
        self,
        embed_dim: Any,
        num_heads: Any,
        batch_first: Any,
        kdim: Any = None,
        vdim: Any = None,
        name: str = "embed_dim",
    ) -> None:
        self.name = name
        self.embed_dim = embed_dim
        self.num_heads = num_heads
        self.kdim, self.kname = _or(kdim, "kdim", embed_dim, name)
        self.vdim, self.vname = _or(vdim, "vdim", embed_dim, name)
        self.batch_first = batch_first


def _or(size: Any, name: str, other: Any, other_name: str) -> tuple[Any, str]:
    return (other, other_name) if size is None else (size, name)


def _features(call: Call, x: TensorSpec, size: Any, name: str) -> None:
    if not isinstance(size, Unknown) and size is not None:
        call.expect(x, -1, call.size(size), name)


def _attend(
    call: Call,
    heads: Heads,
    query: TensorSpec,
    key: TensorSpec,
    value: TensorSpec,
    key_padding_mask: Any,
    attn_mask: Any,
) -> tuple[Any, Dim, Dim]:
    """Check one attention; the batch size (None without a batch), the target and the source length."""
    rank = _ranks(call, query, key, value)
    _features(call, query, heads.embed_dim, heads.name)
    _features(call, key, heads.kdim, heads.kname)
    _features(call, value, heads.vdim, heads.vname)
    batch_axis, time = (None, 0) if rank == 2 else (0, 1) if call.flag(heads.batch_first) else (1, 0)
    if batch_axis is not None:
        call.match(query, batch_axis, key, batch_axis)
        call.match(key, batch_axis, value, batch_axis)
    call.match(key, time, value, time)
    batch = None if batch_axis is None else call.at(query, batch_axis)
    target, source = call.at(query, time), call.at(key, time)
    _padding(call, key_padding_mask, batch, source)
    _attention_mask(call, attn_mask, heads, batch, target, source)
    return batch, target, source


def _ranks(call: Call, query: TensorSpec, *others: TensorSpec) -> int:
    rank = call.rank(query, 2, 3)
    for t in others:
        call.rank(t, rank)
    return rank


def _padding(call: Call, mask: Any, batch: Any, source: Dim) -> None:
    """`"n s"`, or `"s"` without a batch."""
    if not isinstance(mask, TensorSpec):
        return
    _mask_dtype(call, mask)
    try:
        call.rank(mask, 1 if batch is None else 2)
    except Unclear:
        return
    if batch is not None:
        call.expect(mask, 0, batch)
    call.expect(mask, -1, source)


def _attention_mask(call: Call, mask: Any, heads: Heads, batch: Any, target: Dim, source: Dim) -> None:
    """`"l s"`, or `"n*num_heads l s"`."""
    if not isinstance(mask, TensorSpec):
        return
    _mask_dtype(call, mask)
    try:
        rank = call.rank(mask, 2, 3)
    except Unclear:
        return
    if rank == 3 and not isinstance(heads.num_heads, Unknown):
        call.expect(mask, 0, call.size(heads.num_heads) * (1 if batch is None else batch), "batch * num_heads")
    call.expect(mask, -2, target)
    call.expect(mask, -1, source)


@rule
def multihead_attention_init(call: Call, embed_dim: Any, num_heads: Any) -> None:
    """`embed_dim` is a multiple of `num_heads`. Source: `MultiheadAttention`."""
    if not isinstance(embed_dim, Unknown) and not isinstance(num_heads, Unknown):
        call.divides(call.size(num_heads), call.size(embed_dim), name="num_heads")


@rule
def multihead_attention(
    call: Call,
    self: Any,
    query: TensorSpec,
    key: TensorSpec,
    value: TensorSpec,
    key_padding_mask: Any = None,
    need_weights: Any = True,
    attn_mask: Any = None,
    average_attn_weights: Any = True,
) -> tuple[TensorSpec, Any]:
    """`"l n embed_dim", "s n kdim", "s n vdim" -> ("l n embed_dim", "n l s")`; `"n l ..."` with `batch_first`.

    Without a batch `"l e", "s k", "s v" -> ("l e", "l s")`; `"n heads l s"` without `average_attn_weights`.
    Source: `MultiheadAttention`.
    """
    heads = Heads(self.embed_dim, self.num_heads, self.batch_first, self.kdim, self.vdim)
    lengths = _attend(call, heads, query, key, value, key_padding_mask, attn_mask)
    out = query.with_shape(query.parts)
    extra = (self.add_bias_kv, self.add_zero_attn)
    return out, _weights(call, heads, lengths, query.dtype, need_weights, average_attn_weights, extra)


def _weights(
    call: Call,
    heads: Heads,
    lengths: tuple[Any, Dim, Dim],
    dtype: Any,
    need_weights: Any,
    average: Any,
    extra: tuple[Any, ...],
) -> Any:
    """The second result: `"n l s"`, `"n heads l s"` or None; each of `extra` adds one to the sources."""
    batch, target, source = lengths
    try:
        if not call.flag(need_weights):
            return None
        source = source + sum(call.flag(e) for e in extra)
        each = () if call.flag(average) else (call.size(heads.num_heads),)
    except Unclear as error:
        return Unknown(str(error))
    return TensorSpec((*(() if batch is None else (batch,)), *each, target, source), dtype)


@rule
def multi_head_attention_forward(
    call: Call,
    query: TensorSpec,
    key: TensorSpec,
    value: TensorSpec,
    embed_dim_to_check: Any,
    num_heads: Any,
    bias_k: Any,
    add_zero_attn: Any,
    out_proj_weight: Any,
    key_padding_mask: Any = None,
    need_weights: Any = True,
    attn_mask: Any = None,
    use_separate_proj_weight: Any = False,
    k_proj_weight: Any = None,
    v_proj_weight: Any = None,
    static_k: Any = None,
    average_attn_weights: Any = True,
) -> tuple[TensorSpec, Any]:
    """`"l n embed_dim", "s n k", "s n v" -> ("l n out", "n l s")`. Source: `multi_head_attention_forward`."""
    if static_k is not None:
        raise Unclear("static keys")
    kdim, vdim = (
        _second(call, w) if use_separate_proj_weight is True else None for w in (k_proj_weight, v_proj_weight)
    )
    heads = Heads(embed_dim_to_check, num_heads, False, kdim, vdim, "embed_dim_to_check")
    multihead_attention_init(call, embed_dim_to_check, num_heads)
    lengths = _attend(call, heads, query, key, value, key_padding_mask, attn_mask)
    out = call.at(call.tensor(out_proj_weight), 0)
    extra = (bias_k is not None, add_zero_attn)
    weights = _weights(call, heads, lengths, query.dtype, need_weights, average_attn_weights, extra)
    return query.with_shape((*query.parts[:-1], out)), weights


def _second(call: Call, weight: Any) -> Any:
    return call.at(weight, 1) if isinstance(weight, TensorSpec) else Unknown("a weight")


@rule
def transformer_layer_init(call: Call, d_model: Any, nhead: Any) -> None:
    """`d_model` is a multiple of `nhead`. Source: `Transformer` and its layers."""
    if not isinstance(d_model, Unknown) and not isinstance(nhead, Unknown):
        call.divides(call.size(nhead), call.size(d_model), name="nhead")


def _layer(layer: Any) -> Heads:
    """The sizes of a Transformer layer.

    Raises:
        Unclear: the layer is not a known one.
    """
    try:
        return Heads(layer.d_model, layer.nhead, layer.batch_first, name="d_model")
    except AttributeError:
        raise Unclear("the layer is not known") from None


@rule
def transformer_encoder_layer(
    call: Call, self: Any, src: TensorSpec, src_mask: Any = None, src_key_padding_mask: Any = None
) -> TensorSpec:
    """`"s n d_model" -> "s n d_model"`, or with `batch_first` `"n s d_model"`; masks `"s s"`, `"n s"`.

    Source: `TransformerEncoderLayer`.
    """
    _attend(call, _layer(self), src, src, src, src_key_padding_mask, src_mask)
    return src.with_shape(src.parts)


@rule
def transformer_encoder(
    call: Call, self: Any, src: TensorSpec, mask: Any = None, src_key_padding_mask: Any = None
) -> TensorSpec:
    """As its layers: `"s n d_model" -> "s n d_model"`. Source: `TransformerEncoder`."""
    _attend(call, _layer(self.encoder_layer), src, src, src, src_key_padding_mask, mask)
    return src.with_shape(src.parts)


def _decode(
    call: Call,
    heads: Heads,
    tgt: TensorSpec,
    memory: TensorSpec,
    tgt_mask: Any,
    memory_mask: Any,
    tgt_key_padding_mask: Any,
    memory_key_padding_mask: Any,
) -> TensorSpec:
    _attend(call, heads, tgt, tgt, tgt, tgt_key_padding_mask, tgt_mask)
    _attend(call, heads, tgt, memory, memory, memory_key_padding_mask, memory_mask)
    return tgt.with_shape(tgt.parts)


@rule
def transformer_decoder_layer(
    call: Call,
    self: Any,
    tgt: TensorSpec,
    memory: TensorSpec,
    tgt_mask: Any = None,
    memory_mask: Any = None,
    tgt_key_padding_mask: Any = None,
    memory_key_padding_mask: Any = None,
) -> TensorSpec:
    """`"t n d_model", "s n d_model" -> "t n d_model"`; masks `"t t"`, `"t s"`, `"n t"`, `"n s"`.

    Source: `TransformerDecoderLayer`.
    """
    masks = (tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)
    return _decode(call, _layer(self), tgt, memory, *masks)


@rule
def transformer_decoder(
    call: Call,
    self: Any,
    tgt: TensorSpec,
    memory: TensorSpec,
    tgt_mask: Any = None,
    memory_mask: Any = None,
    tgt_key_padding_mask: Any = None,
    memory_key_padding_mask: Any = None,
) -> TensorSpec:
    """As its layers: `"t n d_model", "s n d_model" -> "t n d_model"`. Source: `TransformerDecoder`."""
    masks = (tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)
    return _decode(call, _layer(self.decoder_layer), tgt, memory, *masks)


@rule
def transformer(
    call: Call,
    self: Any,
    src: TensorSpec,
    tgt: TensorSpec,
    src_mask: Any = None,
    tgt_mask: Any = None,
    memory_mask: Any = None,
    src_key_padding_mask: Any = None,
    tgt_key_padding_mask: Any = None,
    memory_key_padding_mask: Any = None,
) -> TensorSpec:
    """`"s n d_model", "t n d_model" -> "t n d_model"`, batch first with `batch_first`. Source: `Transformer`."""
    heads = _layer(self)
    _attend(call, heads, src, src, src, src_key_padding_mask, src_mask)
    return _decode(call, heads, tgt, src, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)


@rule
def square_mask(call: Call, sz: Any, dtype: Any = None) -> TensorSpec:
    """`"sz sz"`. Source: `Transformer.generate_square_subsequent_mask`."""
    size = call.size(sz)
    return TensorSpec((size, size), str(dtype) if isinstance(dtype, str) else None)
