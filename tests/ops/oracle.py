"""The oracle: a shape function and the framework get the same call, and must agree on the result or on refusing it."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from shapetypes.core.dtype import canonical
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops import infer

REFUSALS = (RuntimeError, ValueError, IndexError, TypeError, AssertionError, NotImplementedError)
"""What a framework raises when it refuses a call."""


def spec(*shape: int, dtype: str = "float32") -> TensorSpec:
    """A tensor of known shape."""
    return TensorSpec(shape, dtype)


def real(value: Any, device: str = "cpu", ones: bool = False) -> Any:
    """The value with a tensor for each TensorSpec: zeros for integers (always a valid index), ones for floats.

    Args:
        value: The value.
        device: Where the tensors are.
        ones: Whether integers are ones too (divisors).
    """
    if isinstance(value, TensorSpec):
        dtype = getattr(torch, str(value.dtype or "float32"))
        fill = torch.ones if ones or dtype.is_floating_point or dtype.is_complex else torch.zeros
        return fill(tuple(value.shape or ()), dtype=dtype, device=device)
    if isinstance(value, (list, tuple)):
        return type(value)(real(v, device, ones) for v in value)
    if isinstance(value, dict):
        return {k: real(v, device, ones) for k, v in value.items()}
    return value


def shown(value: Any) -> Any:
    """A framework's result as `infer` gives it."""
    if isinstance(value, torch.Tensor) or hasattr(value, "dtype"):
        return TensorSpec(tuple(value.shape), canonical(str(value.dtype)))
    if isinstance(value, (list, tuple)):
        return [shown(v) for v in value]
    return value


def find(name: str) -> Any:
    """The framework's object at a public path."""
    module, _, rest = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), rest)
    except ModuleNotFoundError:
        return getattr(find(module), rest)


def framework(
    name: str, args: Sequence[Any], kwargs: Mapping[str, Any], call: Any, device: str, ones: bool = False
) -> Any:
    """What the framework returns, or the exception with which it refuses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            out = find(name)(*real(tuple(args), device, ones), **real(dict(kwargs), device, ones))
            if call is not None:
                out = out(*real(tuple(call[0]), device), **real(dict(call[1]), device))
            return shown(out)
        except REFUSALS as error:
            return error


def same(ours: Any, theirs: Any) -> bool:
    """Whether two results agree; a dtype that we do not know agrees with any."""
    if isinstance(theirs, TensorSpec):
        if not isinstance(ours, TensorSpec) or ours.shape is None:
            return False
        return tuple(ours.shape) == theirs.shape and ours.dtype in (None, theirs.dtype)
    if isinstance(theirs, list):
        return isinstance(ours, (list, tuple)) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    return isinstance(ours, Unknown) or bool(ours == theirs)


def check(
    name: str,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    call: tuple[Sequence[Any], Mapping[str, Any]] | None = None,
    *,
    stricter: str | None = None,
    dtype: bool = True,
    device: str = "cpu",
    ones: bool = False,
) -> bool:
    """Compare `infer` with the framework on one call.

    Args:
        name: The public path.
        args: Positional arguments, tensors as `TensorSpec`.
        kwargs: Keyword arguments.
        call: For a class, the arguments of the call of its object.
        stricter: A code with which we may refuse what the framework accepts.
        dtype: Whether the result's dtype must be known.
        device: Where the framework runs.
        ones: Whether integer tensors hold ones instead of zeros.

    Returns:
        Whether the framework accepted the call.
    """
    theirs = framework(name, args, kwargs or {}, call, device, ones)
    where = f"{name}{tuple(args)} {dict(kwargs or {})} {call or ''}"
    ours = _ours(name, args, kwargs, call)
    if isinstance(ours, ShapeError):
        assert ours.fault is not None and str(ours), where
        refused = isinstance(theirs, Exception) or ours.fault.code == stricter
        assert refused, f"{where}: refused ({ours}), but the framework gives {theirs}"
        return not isinstance(theirs, Exception)
    assert not isinstance(theirs, Exception), f"{where}: gives {ours}, but the framework refuses: {theirs}"
    assert same(ours, theirs), f"{where}: gives {ours}, but the framework {theirs}"
    known = not dtype or not isinstance(ours, TensorSpec) or ours.dtype is not None
    assert known, f"{where}: the dtype is not known"
    return True


def _ours(name: str, args: Sequence[Any], kwargs: Mapping[str, Any] | None, call: Any) -> Any:
    try:
        return infer(name, args, kwargs, call)
    except ShapeError as error:
        return error
