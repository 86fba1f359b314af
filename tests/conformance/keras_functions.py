"""Functions of `keras.ops` and TensorFlow, called for real, against the op database."""

from __future__ import annotations

import os
import random
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf

from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec
from shapetypes.ops import infer
from tests.conformance.half_known import Blur, blurred
from tests.conformance.keras_configs import Data
from tests.conformance.keras_kinds import KINDS, spatial_count
from tests.conformance.keras_layers import STUBS, Tally, shown

SAMPLES = 2


@dataclass
class Case:
    """One call."""

    path: str
    args: list[Any]
    kwargs: dict[str, Any] = field(default_factory=dict)
    symbolic: bool = False


MODULES = {
    "keras.ops": ["keras.ops", "keras.ops.image", "keras.random", "keras.utils", "keras.activations"],
    "tensorflow": ["tensorflow", *(f"tensorflow.{part}" for part in ("nn", "math", "linalg", "image", "random"))],
}


def functions(library: str) -> Iterator[tuple[str, str]]:
    """The path of each function that a stub describes, with its rule."""
    for module in MODULES[library]:
        table = STUBS.module(module)
        assert table is not None, module
        for name, (signature, *_) in sorted(table.functions.items()):
            yield f"{module}.{name}", signature.returns[2]


def real_function(path: str) -> Any:
    """The function at a public path."""
    out: Any = keras if path.startswith("keras.") else tf
    for name in path.split(".")[1:]:
        out = getattr(out, name)
    return out


def _real(case: Case) -> Any:
    try:
        out = real_function(case.path)(*_values(case.args, _tensor), **_values(case.kwargs, _tensor))
        return tuple(out) if case.path == "keras.ops.shape" else shown(out)
    except Exception as error:  # Keras and its backends refuse with errors of every kind
        return error


def _ours(case: Case, blur: Blur | None = None) -> Any:
    args, kwargs = _values(case.args, _spec), _values(case.kwargs, _spec)
    if blur is not None:
        count = [0]
        args, kwargs = blurred(args, blur, count), blurred(kwargs, blur, count)
    try:
        return infer(case.path, args, kwargs)
    except ShapeError as error:
        return error


def _tensor(data: Data) -> Any:
    return tf.ones(data.shape, "bool") if data.dtype == "bool" else tf.constant(data.array())


def _spec(data: Data) -> Any:
    return TensorSpec(data.shape, data.dtype)


def _values(value: Any, make: Callable[[Data], Any]) -> Any:
    if isinstance(value, Data):
        return make(value)
    if isinstance(value, (list, tuple)):
        return type(value)(_values(v, make) for v in value)
    if isinstance(value, dict):
        return {k: _values(v, make) for k, v in value.items()}
    return value


def _mutants(case: Case) -> Iterator[Case]:
    """The same call with one axis longer, fewer axes, and one more."""
    for i, arg in enumerate(case.args):
        if isinstance(arg, list) and arg and all(isinstance(a, Data) for a in arg):
            yield from (_with(case, i, [*arg[:-1], other]) for other in _others(arg[-1]))
        elif isinstance(arg, Data):
            mutants = (_with(case, i, other) for other in _others(arg))
            yield from (m for m in mutants if not _deadly(m))


def _others(data: Data) -> list[Data]:
    shapes = [(*data.shape[:i], n + 1, *data.shape[i + 1 :]) for i, n in enumerate(data.shape)]
    return [replace(data, shape=s) for s in [*shapes, data.shape[1:], (2, *data.shape)]]


def _deadly(case: Case) -> bool:
    """Whether TensorFlow's kernel may end the process instead of refusing."""
    window = case.path.startswith("tensorflow.nn.") and ("conv" in case.path or "pool" in case.path)
    return "scatter" in case.path or (window and len(case.args[0].shape) < spatial_count(case.path) + 2)


def _with(case: Case, i: int, value: Any) -> Case:
    return replace(case, args=[*case.args[:i], value, *case.args[i + 1 :]])


def tally(library: str, only: str = "") -> Tally:
    """Run all functions of a library, or one."""
    out = Tally(library)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path, rule in functions(library):
            for i in range(SAMPLES if not only or path == only else 0):
                args, kwargs = KINDS[rule](random.Random(f"{path} {i}"), path)
                _sample(out, Case(path, args, kwargs))
    return out


def _sample(out: Tally, case: Case) -> None:
    theirs = _real(case)
    if isinstance(theirs, Exception):
        out.failed.append((case.path, case, _ours(case), theirs))
        return
    out.judge(case.path, case, _ours(case), theirs)
    out.half_known(case.path, case, lambda blur: _ours(case, blur), theirs)
    for mutant in _mutants(case):
        out.refusal(case.path, mutant, _ours(mutant), _real(mutant))
