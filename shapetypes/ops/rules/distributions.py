"""Probability distributions: a batch of them, each over an event of some shape."""

from __future__ import annotations

from typing import Any

from shapetypes.core.dtype import FLOATS, as_set
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.call import Call, Unclear, rule

DTypeLike = str | frozenset[str] | None

_BATCH, _EVENT, _DTYPE, _DRAWN = "\0batch", "\0event", "\0dtype", "\0drawn"
"""Where a distribution keeps its shapes (elements), its parameters' dtype and that of its samples."""


def _keep(self: Any, batch: tuple[Any, ...], event: tuple[Any, ...], dtype: DTypeLike, drawn: DTypeLike = None) -> None:
    """Give a distribution its shapes, and the attributes that follow from them."""
    self.args.update({_BATCH: batch, _EVENT: event, _DTYPE: dtype, _DRAWN: drawn or dtype})
    if not any(isinstance(p, Var) for p in (*batch, *event)):
        self.args.update(batch_shape=batch, event_shape=event)
    moments = TensorSpec((*batch, *event), dtype)
    self.args.update(mean=moments, mode=TensorSpec(moments.shape, drawn or dtype), variance=moments, stddev=moments)


def _shapes(value: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The batch and the event shape of a distribution.

    Raises:
        Unclear: they are not known.
    """
    args = getattr(value, "args", None) if not isinstance(value, (Unknown, TensorSpec)) else None
    if not isinstance(args, dict) or _BATCH not in args:
        raise Unclear("the shapes of the distribution are not known")
    return args[_BATCH], args[_EVENT]


def _float_of(*tensors: TensorSpec) -> DTypeLike:
    """The dtype that parameters share, if it is a floating one; numbers take it over."""
    found = {t.dtype for t in tensors if t.label}
    dtype = found.pop() if len(found) == 1 else None if found else "float32"
    names = as_set(dtype)
    return dtype if names is not None and names <= FLOATS else None


def _parameter(call: Call, given: dict[str, Any], *names: str) -> TensorSpec:
    """The parameter that was given under one of these names, which has all its axes.

    Raises:
        Unclear: its rank is not known.
    """
    name = next((n for n in names if given.get(n) is not None), names[0])
    value = call.tensor(given.get(name)).labelled(name)
    if value.rank is None:
        raise Unclear("the rank is not known")
    call.least(value, 1)
    return value


@rule
def univariate_init(call: Call, self: Any, validate_args: Any = None, lims: Any = None, **given: Any) -> None:
    """Parameters `"*batch"` that broadcast; the event is `""`. Source: `torch.distributions.Normal` and its like."""
    named = {n: v for n, v in given.items() if v is not None}
    tensors = [call.tensor(v).labelled(n if isinstance(v, TensorSpec) else "") for n, v in named.items()]
    batch, dtype = call.broadcast(*tensors), _float_of(*tensors)
    for name in given:  # numbers too
        self.args[name] = TensorSpec(batch, dtype)
    _keep(self, batch, (), dtype)


@rule
def categorical_init(call: Call, self: Any, probs: Any = None, logits: Any = None) -> None:
    """`"*batch n"`; the event is `""`, an index. Source: `torch.distributions.Categorical`."""
    x = _parameter(call, {"probs": probs, "logits": logits}, "probs", "logits")
    dtype = _float_of(x)
    self.args.update(probs=TensorSpec(x.parts, dtype), logits=TensorSpec(x.parts, dtype))
    _keep(self, x.parts[:-1], (), dtype, "int64")
    self.args.update(dict.fromkeys(("mean", "variance", "stddev"), TensorSpec(x.parts[:-1], dtype)))


@rule
def vector_init(call: Call, self: Any, probs: Any = None, logits: Any = None, concentration: Any = None) -> None:
    """`"*batch n"`; the event is `"n"`. Source: `torch.distributions.Dirichlet`, `OneHotCategorical`, `Multinomial`."""
    given = {"probs": probs, "logits": logits, "concentration": concentration}
    x = _parameter(call, given, "probs", "logits", "concentration")
    dtype = _float_of(x)
    for name in given.keys() & self.args.keys():
        self.args[name] = TensorSpec(x.parts, dtype)
    _keep(self, x.parts[:-1], x.parts[-1:], dtype)


@rule
def multivariate_normal_init(
    call: Call, self: Any, loc: Any, covariance_matrix: Any = None, precision_matrix: Any = None, scale_tril: Any = None
) -> None:
    """`"*batch n"`, `"*batch n n"`; the event is `"n"`. Source: `torch.distributions.MultivariateNormal`."""
    mean = _parameter(call, {"loc": loc}, "loc")
    given = {"covariance_matrix": covariance_matrix, "precision_matrix": precision_matrix, "scale_tril": scale_tril}
    matrix = _parameter(call, given, *given)
    call.least(matrix, 2)
    n = mean.rank or 0
    call.equal_axes(matrix, len(matrix.parts) - 2, len(matrix.parts) - 1)
    call.match(mean, n - 1, matrix, len(matrix.parts) - 1)
    batch = call.broadcast(TensorSpec(mean.parts[:-1], None, "loc"), TensorSpec(matrix.parts[:-2], None, matrix.label))
    event, dtype = mean.parts[-1:], _float_of(mean, matrix)
    self.args.update(loc=TensorSpec((*batch, *event), dtype))
    self.args.update(dict.fromkeys(given, TensorSpec((*batch, *event, *event), dtype)))
    _keep(self, batch, event, dtype)


@rule
def independent_init(call: Call, self: Any, base_distribution: Any, reinterpreted_batch_ndims: Any) -> None:
    """The last axes of the batch belong to the event. Source: `torch.distributions.Independent`."""
    batch, event = _shapes(base_distribution)
    count = call.integer(reinterpreted_batch_ndims)
    if any(isinstance(p, Var) for p in batch):
        raise Unclear("the rank is not known")
    if count > len(batch):
        call.fail("rank-mismatch", "count", got=len(batch), want=count, detail="axes of the batch")
    at = len(batch) - count
    _keep(self, batch[:at], (*batch[at:], *event), base_distribution.args[_DTYPE], base_distribution.args[_DRAWN])


@rule
def mixture_init(call: Call, self: Any, mixture_distribution: Any, component_distribution: Any) -> None:
    """A choice among components `"*batch k"`. Source: `torch.distributions.MixtureSameFamily`."""
    batch, event = _shapes(component_distribution)
    weights = self.args["mixture_distribution"].args.get("logits") if _shapes(mixture_distribution) else None
    if any(isinstance(p, Var) for p in batch) or not batch or not isinstance(weights, TensorSpec):
        raise Unclear("the rank is not known")
    call.broadcast(weights.labelled("mixture_distribution"), TensorSpec(batch, None, "component_distribution"))
    args = component_distribution.args
    _keep(self, batch[:-1], event, args[_DTYPE], args[_DRAWN])


@rule
def distribution_sample(call: Call, self: Any, sample_shape: Any = ()) -> TensorSpec:
    """`-> "*sample_shape *batch *event"`. Source: `torch.distributions.Distribution.sample`, `rsample`."""
    batch, event = _shapes(self)
    return TensorSpec((*call.sizes(sample_shape), *batch, *event), self.args[_DRAWN])


@rule
def distribution_log_prob(call: Call, self: Any, value: TensorSpec) -> TensorSpec:
    """`"*more *batch *event" -> "*more *batch"`. Source: `torch.distributions.Distribution.log_prob`, `cdf`, `icdf`."""
    batch, event = _shapes(self)
    if value.rank is None or any(isinstance(p, Var) for p in event):
        raise Unclear("the rank is not known")
    call.least(value, len(event))
    whole = TensorSpec((*batch, *event), None, "distribution")
    at = value.rank - len(event)
    for i in range(len(event)):
        call.match(whole, len(whole.parts) - len(event) + i, value, at + i)
    out = call.broadcast(TensorSpec(batch, None, "distribution"), TensorSpec(value.parts[:at], None, "value"))
    return TensorSpec(out, self.args[_DTYPE] if value.dtype in (self.args[_DTYPE], "int64") else None)


@rule
def distribution_entropy(call: Call, self: Any) -> TensorSpec:
    """`-> "*batch"`. Source: `torch.distributions.Distribution.entropy`, `perplexity`."""
    return TensorSpec(_shapes(self)[0], self.args[_DTYPE])


@rule
def kl_divergence(call: Call, p: Any, q: Any) -> TensorSpec:
    """`"*batch"` of both, broadcast. Source: `torch.distributions.kl_divergence`."""
    first, second = _shapes(p), _shapes(q)
    out = call.broadcast(TensorSpec(first[0], None, "p"), TensorSpec(second[0], None, "q"))
    return TensorSpec(out, p.args[_DTYPE] if p.args[_DTYPE] == q.args[_DTYPE] else None)
