"""Keras: attention."""

from __future__ import annotations

from typing import Any

from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.keras_parts import built_axis, tensor_list
from shapetypes.ops.rules.layer_parts import option


def _keys(
    call: Call, self: Layer, query: TensorSpec, value: TensorSpec, key: Any, ranks: tuple[int, ...], scores: Any
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Query, value and key agree in batch and length, and have the widths of when the layer was built.

    Returns:
        The batch of the output, and that of the scores, as axes: where Keras multiplies itself, 1 fits every batch.
    """
    given = [("query", query), ("value", value)] + ([("key", key)] if isinstance(key, TensorSpec) else [])
    for name, x in given:
        if x.shape is not None:
            call.rank(x, *ranks)
        built_axis(call, self, x, -1, name)
    fused = scores is False and option(self, "dropout", 0.0) == 0 and query.rank == 3
    for _, x in given[1:] if fused else ():
        call.match(query, 0, x, 0)
    if isinstance(key, TensorSpec):
        call.match(value, 1, key, 1)
    batches = [TensorSpec((call.at(x, 0),), None, x.label) for _, x in given]
    return call.broadcast(*batches), call.broadcast(batches[0], batches[-1])


def _mask(call: Call, mask: Any, query: TensorSpec, value: TensorSpec) -> None:
    """An attention mask is `"b t s"`, or with 1 in a place, or with an axis for heads."""
    if isinstance(mask, TensorSpec) and mask.rank == 3 and query.rank == 3 and value.rank == 3:
        call.expand_to(mask, (call.at(query, 0), call.at(query, 1), call.at(value, 1)))


@rule
def keras_attention(
    call: Call,
    self: Layer,
    query: TensorSpec,
    value: TensorSpec,
    key: Any,
    attention_mask: Any,
    return_attention_scores: Any,
) -> Any:
    """`"b *t q", "b *s v", "b *s k"? -> "b *t q"`, scores `"b heads *t *s"`.

    Source: `keras.layers.MultiHeadAttention`.
    """
    if query.rank is not None:
        call.least(query, 3)
    ranks = () if query.rank is None else (query.rank,)
    batch, scored = _keys(call, self, query, value, key, ranks, return_attention_scores)
    axes, width = option(self, "attention_axes"), option(self, "output_shape")
    if isinstance(axes, Unknown) or isinstance(width, Unknown):
        raise Unclear("`attention_axes` or `output_shape` is not known")
    rank = call.rank(query)
    axes = (axes,) if isinstance(axes, int) else axes
    over = tuple(range(1, rank - 1)) if axes is None else tuple(call.axis(query, a) for a in axes)
    rest = [i for i in range(1, rank - 1) if i not in over]
    for i in rest:
        call.match(query, i, value, i)
    _mask(call, attention_mask, query, value)
    ends = (call.at(query, -1),) if width is None else call.sizes(width)
    out = TensorSpec((*batch, *query.parts[1:-1], *ends))
    if not call.flag(return_attention_scores):
        return out
    lead = (*scored, *(call.at(query, i) for i in rest))
    lengths = (call.at(x, i) for x in (query, value) for i in over)
    return out, TensorSpec((*lead, call.size(option(self, "num_heads")), *lengths))


@rule
def keras_grouped_attention(
    call: Call,
    self: Layer,
    query: TensorSpec,
    value: TensorSpec,
    key: Any,
    attention_mask: Any,
    return_attention_scores: Any,
) -> Any:
    """`"b t q", "b s v", "b s k"? -> "b t q"`, scores `"b heads t s"`. Source: `keras.layers.GroupQueryAttention`."""
    batch, scored = _keys(call, self, query, value, key, (3,), return_attention_scores)
    _mask(call, attention_mask, query, value)
    call.rank(query)
    out = TensorSpec((*batch, *query.parts[1:]))
    if not call.flag(return_attention_scores):
        return out
    heads = call.size(option(self, "num_query_heads"))
    return out, TensorSpec((*scored, heads, call.at(query, 1), call.at(value, 1)))


@rule
def keras_attention_init(call: Call, num_query_heads: Any, num_key_value_heads: Any) -> None:
    """The heads of keys divide those of queries. Source: `keras.layers.GroupQueryAttention`."""
    call.divides(call.size(num_key_value_heads), call.size(num_query_heads), name="num_query_heads")


@rule
def keras_dot_attention(call: Call, self: Layer, inputs: Any, return_attention_scores: Any) -> Any:
    """`["*b t d", "*b s e", "*b s d"?] -> "*b t e"`, scores `"*b t s"`. Source: `keras.layers.Attention`."""
    tensors = tensor_list(call, inputs, (2, 3))
    query, value = tensors[:2]
    key = tensors[2] if len(tensors) == 3 else value
    for x in tensors:
        call.least(x, 2)
    added = self.stub.name == "AdditiveAttention" or option(self, "score_mode", "dot") != "dot"
    if not added:
        call.match(query, -1, key, -1)
    elif query.rank is not None and key.rank is not None:
        call.fit(query, query.rank - 1, key, key.rank - 1)
    call.match(value, -2, key, -2)
    for x in tensors:
        call.rank(x)
    lead = call.broadcast(*(TensorSpec(x.parts[:-2], None, x.label) for x in (query, key, value)))
    out = TensorSpec((*lead, call.at(query, -2), call.at(value, -1)))
    if not call.flag(return_attention_scores):
        return out
    both = call.broadcast(*(TensorSpec(x.parts[:-2], None, x.label) for x in (query, key)))
    return out, TensorSpec((*both, call.at(query, -2), call.at(key, -2)))
