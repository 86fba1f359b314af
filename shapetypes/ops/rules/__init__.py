"""The shape functions, by family. Importing this package registers them all."""

from shapetypes.ops.rules import (
    activations,
    affine,
    attention,
    conv,
    einops,
    einops_sum,
    embeddings,
    linear,
    losses,
    losses_class,
    losses_pair,
    norms,
    pool,
    pool_adaptive,
    recurrent,
    reduce,
)

__all__ = [
    "activations",
    "affine",
    "attention",
    "conv",
    "einops",
    "einops_sum",
    "embeddings",
    "linear",
    "losses",
    "losses_class",
    "losses_pair",
    "norms",
    "pool",
    "pool_adaptive",
    "recurrent",
    "reduce",
]
