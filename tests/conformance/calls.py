"""Turns entries of torch's operator database into public calls: a name, arguments before the call, the real result."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import torch
from torch.overrides import TorchFunctionMode, resolve_name
from torch.testing._internal.common_methods_invocations import op_db

from shapetypes.core.dtype import canonical
from shapetypes.core.shape import TensorSpec

SAMPLES = 30
"""Samples of one operator at most."""


@dataclass(frozen=True)
class Made:
    """One call of a public function with what came out of it; `error` says why the framework refused it."""

    op: str
    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    result: Any = None
    error: str = ""


def spec(value: Any) -> Any:
    """A value of the real call with a TensorSpec for each tensor."""
    if isinstance(value, torch.Tensor):
        return TensorSpec(tuple(value.shape), canonical(str(value.dtype)))
    if isinstance(value, torch.Size):
        return tuple(value)
    if isinstance(value, (list, tuple)):
        return [spec(v) for v in value] if isinstance(value, list) else tuple(spec(v) for v in value)
    if isinstance(value, dict):
        return {k: spec(v) for k, v in value.items()}
    if isinstance(value, slice):
        return slice(spec(value.start), spec(value.stop), spec(value.step))
    return value


class Recorder(TorchFunctionMode):
    """Notes every torch function that is called: its name, its arguments as they were, its result."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any], Any]] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given, named = spec(tuple(args)), spec(dict(kwargs or {}))
        name = resolve_name(func) or getattr(func, "__name__", str(func))
        at = len(self.calls)
        self.calls.append((name, given, named, None))
        out = func(*args, **(kwargs or {}))
        self.calls[at] = (name, given, named, spec(out))
        return out


def public(name: str) -> str:
    """The public path of a recorded function: `torch.functional.einsum` is `torch.einsum`, a getter its attribute."""
    name = name.replace("torch.functional.", "torch.")
    if name.startswith("aten."):
        return "torch.ops." + ".".join(name.split(".")[:2])
    return name.removesuffix(".__get__")


def base(name: str) -> str:
    """What is compared of two names: the last component, in-place forms as the plain ones."""
    last = public(name).rpartition(".")[2]
    return last if last.startswith("__") else last.strip("_")


def resolve(path: str) -> Any:
    """The object at a public path of torch, or None."""
    found: Any = torch
    for part in path.split(".")[1:]:
        found = getattr(found, part, None)
    return found


def own_name(op: Any) -> str:
    """The public path of an operator by its name in the database."""
    return op.name if op.name.startswith("torch.") else f"torch.{op.name}"


def dtype_of(op: Any) -> torch.dtype | None:
    """float32 if the operator takes it on a CPU, otherwise the first that it takes."""
    if torch.float32 in op.dtypes:
        return torch.float32
    return min(op.dtypes, key=str, default=None)


def _low_rank(op: Any, sample: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The database passes two factors, of which its wrapper makes the matrix."""
    return (sample.input @ sample.args[0].mT, *sample.args[1:]), dict(sample.kwargs)


_WRAPPED = {"svd_lowrank": _low_rank, "pca_lowrank": _low_rank}
"""Operators whose wrapper does more than to reorder, and whose function does not show in a recording."""


def run(op: Any, sample: Any) -> Made:
    """Call an operator on a sample: the call is the function of its name that ran first, with its arguments.

    Where none was recorded, the sample's own arguments are those of the function.
    """
    name = own_name(op)
    args, kwargs = (sample.input, *sample.args), dict(sample.kwargs)
    if op.name in _WRAPPED:
        args, kwargs = _WRAPPED[op.name](op, sample)
        given, named = spec(args), spec(kwargs)
        return Made(op.name, name, given, named, spec(resolve(name)(*args, **kwargs)))
    given, named = spec(args), spec(kwargs)
    recorder = Recorder()
    error, out = "", None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with recorder:
                out = op.op(*args, **kwargs)
        except Exception as found:
            error = f"{type(found).__name__}: {found}"
    if op.op is not resolve(name):
        for called, its_args, its_kwargs, its_result in recorder.calls:
            if base(called) == base(name):
                known = public(called) if public(called).startswith("torch.") else f"torch.{called}"
                return Made(op.name, known, its_args, its_kwargs, its_result, error)
    return Made(op.name, name, given, named, spec(out), error)


def samples(op: Any) -> Iterator[Any]:
    """The first samples of an operator, always the same."""
    dtype = dtype_of(op)
    if dtype is None or op.name.startswith("jiterator"):  # CUDA only
        return
    torch.manual_seed(0)
    with suppress(NotImplementedError):
        yield from islice(op.sample_inputs("cpu", dtype), SAMPLES)


def refusals(op: Any) -> Iterator[tuple[Made, str]]:
    """The calls that the database says torch refuses, with torch's reason."""
    if op.error_inputs_func is None or dtype_of(op) is None:
        return
    torch.manual_seed(0)
    for item in op.error_inputs("cpu"):
        made = run(op, item.sample_input)
        if made.error:
            yield made, made.error


def operators() -> list[Any]:
    """Every entry of the database."""
    return list(op_db)
