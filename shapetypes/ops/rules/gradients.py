"""Gradients: of scalars, unless their own gradients are given."""

from __future__ import annotations

from typing import Any

from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.call import Call, Unclear, never_one, rule


def _backward(call: Call, x: Any, gradient: Any) -> None:
    """Require a scalar, or a gradient of the same shape.

    Raises:
        ShapeError: `x` surely has several elements and no gradient is given, or one of another shape.
    """
    if not isinstance(x, TensorSpec) or x.rank is None:
        return
    if isinstance(gradient, TensorSpec):
        call.same_shape(x, gradient)
    elif gradient is None and any(never_one(p) for p in x.parts if not isinstance(p, Var)):
        call.rank(x, 0)


def _each(values: Any) -> list[Any]:
    if isinstance(values, TensorSpec) or values is None:
        return [values]
    if isinstance(values, (list, tuple)):
        return list(values)
    raise Unclear("the tensors are not known")


def _backward_each(call: Call, outputs: Any, gradients: Any) -> None:
    """Judge each output of which something is known."""
    if isinstance(outputs, Unknown) or isinstance(gradients, Unknown):
        return
    found, given = _each(outputs), _each(gradients) if gradients is not None else None
    for i, x in enumerate(found):
        gradient = None if given is None else given[i] if i < len(given) else Unknown("not given")
        _backward(call, x, gradient)


@rule
def backward(call: Call, self: TensorSpec, gradient: Any = None) -> None:
    """`""`, or `"*a"` with a gradient `"*a"`. Source: `torch.Tensor.backward`."""
    _backward(call, self, gradient)


@rule
def backward_all(call: Call, tensors: Any, grad_tensors: Any = None, grad_variables: Any = None) -> None:
    """The same of several tensors. Source: `torch.autograd.backward`."""
    if grad_variables is None:
        _backward_each(call, tensors, grad_tensors)


@rule
def gradients(
    call: Call,
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    allow_unused: Any = None,
    is_grads_batched: Any = False,
    materialize_grads: Any = False,
) -> tuple[Any, ...]:
    """`"", ("*a", ...) -> ("*a", ...)`; outputs `"*o"` need gradients `"*o"`. Source: `torch.autograd.grad`."""
    if call.flag(is_grads_batched):
        raise Unclear("a batch of gradients")
    _backward_each(call, outputs, grad_outputs)
    found = [call.tensor(v) for v in _each(inputs)]
    if allow_unused is not None and call.flag(allow_unused) and not call.flag(materialize_grads):
        return tuple(Unknown("the gradient of what may be unused") for _ in found)
    return tuple(TensorSpec(v.shape, v.dtype) for v in found)
