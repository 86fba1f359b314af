"""Every layer of Keras, made and run for real, against the op database."""

from __future__ import annotations

import os
import random
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from shapetypes.core.dtype import canonical
from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec
from shapetypes.ops import infer
from shapetypes.ops.apply import Layer, call_function, construct
from shapetypes.ops.infer import as_argument as unknown_as_atoms, as_result
from shapetypes.ops.stubs import ClassStub, default_stubs
from tests.conformance.compare import EXACT, UNKNOWN, WRONG, verdict
from tests.conformance.half_known import BLURS, Blur, blurred, true_of
from tests.conformance.keras_configs import ABSTRACT, FOREIGN, IMAGES, LAYERS, Config, Data, Make

STUBS = default_stubs()
SAMPLES = 3
LENIENT = {"EinsumDense", "keras.ops.einsum", "keras.ops.rearrange"}
"""What takes some wrong shapes: on TensorFlow, `einsum` reshapes (4, 2, 4) to what a kernel for (..., 3) can take."""


def classes() -> set[str]:
    """The public layer classes, each under one name."""
    found: dict[type, str] = {}
    for name in sorted(dir(keras.layers)):
        cls = getattr(keras.layers, name)
        if isinstance(cls, type) and issubclass(cls, keras.Layer) and (cls not in found or cls.__name__ == name):
            found[cls] = name
    return set(found.values())


# -- the real layer ---------------------------------------------------------------------------------------------------


def real_value(value: Any, symbolic: bool = False) -> Any:
    """A value of a configuration as Keras takes it."""
    if isinstance(value, Make):
        kwargs = {k: real_value(v) for k, v in value.kwargs.items()}
        return getattr(keras.layers, value.name)(**kwargs)
    if isinstance(value, Data):
        return keras.KerasTensor(value.shape, value.dtype) if symbolic else _tensor(value)
    if isinstance(value, (list, tuple)):
        return type(value)(real_value(v, symbolic) for v in value)
    return value


def _tensor(data: Data) -> Any:
    array = data.array()
    return keras.ops.convert_to_tensor(array) if data.dtype != "string" else tf.constant(array)


def shown(value: Any) -> Any:
    """A real result as `infer` gives it."""
    if isinstance(value, (list, tuple)):
        return [shown(v) for v in value]
    return TensorSpec(tuple(value.shape), canonical(keras.backend.standardize_dtype(value.dtype)))


def real_call(layer: Any, config: Config) -> Any:
    """What the layer returns, or the exception with which it refuses."""
    try:
        args = [real_value(a, config.symbolic) for a in config.args]
        return shown(layer(*args, **config.kwargs))
    except Exception as error:  # Keras and its backends refuse with errors of every kind
        return error


# -- ours -------------------------------------------------------------------------------------------------------------


def our_value(value: Any) -> Any:
    """A value of a configuration as the op database takes it."""
    if isinstance(value, Make):
        stub = STUBS.find(f"keras.layers.{value.name}")
        assert isinstance(stub, ClassStub), value.name
        return construct(Judge(), STUBS, stub, (), {k: our_value(v) for k, v in value.kwargs.items()})
    if isinstance(value, Data):
        return TensorSpec(value.shape, None if value.dtype == "string" else value.dtype)
    if isinstance(value, (list, tuple)):
        return type(value)(our_value(v) for v in value)
    return value


def our_call(layer: Any, config: Config, blur: Blur | None = None) -> tuple[Any, Any]:
    """What the op database says, or its refusal, and the layer as it is after the call."""
    if not isinstance(layer, Layer):
        return layer, layer
    method = STUBS.method(layer.stub, "call")
    assert method is not None
    try:
        args = tuple(our_value(a) for a in config.args)
        if blur is not None:
            args = unknown_as_atoms(blurred(args, blur, [0]))
        done = call_function(Judge(), STUBS, method, args, config.kwargs, owner=layer)
        return as_result(done.value), done.owner or layer
    except ShapeError as error:
        return error, layer


def stated(ours: Any, theirs: Any) -> Any:
    """Our result with the real dtype where we state none: layers have the dtype of a policy that is set elsewhere."""
    if isinstance(ours, TensorSpec) and isinstance(theirs, TensorSpec) and ours.dtype is None:
        return TensorSpec(ours.shape, theirs.dtype)
    if isinstance(ours, (list, tuple)) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [stated(a, b) for a, b in zip(ours, theirs, strict=True)]
    return ours


# -- comparing --------------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What came out, by layer."""

    title: str
    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    wrong: list[Any] = field(default_factory=list)
    refused: int = 0
    accepted: list[Any] = field(default_factory=list)
    failed: list[Any] = field(default_factory=list)
    untrue: list[Any] = field(default_factory=list)

    def judge(self, name: str, case: Any, ours: Any, theirs: Any) -> None:
        """Count one call that the framework accepts."""
        found = WRONG if isinstance(ours, ShapeError) else verdict(stated(ours, theirs), theirs)
        self.verdicts.setdefault(name, Counter())[found] += 1
        if found == WRONG:
            self.wrong.append((name, case, ours, theirs))

    def refusal(self, name: str, case: Any, ours: Any, theirs: Any) -> None:
        """Count one call with other shapes than a layer takes, or that may be."""
        if not isinstance(theirs, Exception):
            # A symbolic call computes a shape by formula, and may accept what the layer itself refuses.
            refused = isinstance(ours, ShapeError) or verdict(stated(ours, theirs), theirs) == WRONG
            if refused and not case.symbolic and name not in LENIENT:
                self.wrong.append((name, case, ours, theirs))
        elif isinstance(ours, ShapeError):
            self.refused += 1
        else:
            self.accepted.append((name, case, ours, theirs))

    def half_known(self, name: str, case: Any, said: Callable[[Blur], Any], theirs: Any) -> None:
        """Ask again with less known of the tensors: what is said must leave room for the real result."""
        for title, blur in BLURS.items():
            ours = said(blur)
            if isinstance(ours, ShapeError) or not true_of(ours, theirs):
                self.untrue.append((name, title, case, ours, theirs))

    def count(self, what: str) -> int:
        """Calls with this verdict."""
        return sum(c[what] for c in self.verdicts.values())

    @property
    def exact_ratio(self) -> float:
        """Exact among all."""
        return self.count(EXACT) / max(sum(sum(c.values()) for c in self.verdicts.values()), 1)

    @property
    def refused_ratio(self) -> float:
        """Refused among the calls that the framework refuses."""
        return self.refused / max(self.refused + len(self.accepted), 1)

    def line(self) -> str:
        """The result in one line."""
        total = sum(sum(c.values()) for c in self.verdicts.values())
        open_ = sorted(n for n, c in self.verdicts.items() if c[UNKNOWN])
        return (
            f"{self.title}: {total} calls of {len(self.verdicts)}: exact {self.count(EXACT)} ({self.exact_ratio:.1%}), "
            f"Unknown {self.count(UNKNOWN)} ({', '.join(open_)}), wrong {len(self.wrong)}; "
            f"wrong shapes refused {self.refused}/{self.refused + len(self.accepted)} ({self.refused_ratio:.1%})"
        )


def mutants(config: Config) -> list[tuple[str, Config]]:
    """The same call with another rank, and with another size on one axis of each input."""
    out: list[tuple[str, Config]] = []
    for place, data in _places(config.args):
        if data.dtype == "string":
            continue
        if data.shape:
            out.append(("rank", _put(config, place, replace(data, shape=data.shape[1:]))))
        out.append(("rank", _put(config, place, replace(data, shape=(2, *data.shape)))))
        for i in range(len(data.shape)):
            larger = (*data.shape[:i], data.shape[i] + 1, *data.shape[i + 1 :])
            out.append(("size", _put(config, place, replace(data, shape=larger))))
    return out


def _places(values: list[Any], at: tuple[int, ...] = ()) -> list[tuple[tuple[int, ...], Data]]:
    out: list[tuple[tuple[int, ...], Data]] = []
    for i, value in enumerate(values):
        if isinstance(value, Data):
            out.append(((*at, i), value))
        elif isinstance(value, list):
            out += _places(value, (*at, i))
    return out


def _put(config: Config, place: tuple[int, ...], data: Data) -> Config:
    return replace(config, args=_with(config.args, place, data))


def _with(values: list[Any], place: tuple[int, ...], data: Data) -> list[Any]:
    new = data if len(place) == 1 else _with(values[place[0]], place[1:], data)
    return [*values[: place[0]], new, *values[place[0] + 1 :]]


def tally(only: str = "", mutate: bool = True) -> Tally:
    """Run all layers, or one."""
    out = Tally("keras.layers")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in sorted(classes() - ABSTRACT - FOREIGN):
            if not only or name == only:
                for i in range(SAMPLES):
                    r = random.Random(f"{name} {i}")
                    np.random.seed(0)
                    _sample(out, name, LAYERS[name](r, name), mutate and (i == 0 or name not in IMAGES))
    return out


def _sample(out: Tally, name: str, config: Config, mutate: bool) -> None:
    layer = real_value(config.make)
    if name == "InputLayer":
        out.judge(name, config, infer("keras.Input", (), config.make.kwargs), shown(layer.output))
        return
    known = our_value(config.make)
    theirs = real_call(layer, config)
    if isinstance(theirs, Exception):
        out.failed.append((name, config, theirs))
        return
    ours, after = our_call(known, config)
    out.judge(name, config, ours, theirs)
    out.half_known(name, config, lambda blur: our_call(known, config, blur)[0], theirs)
    out.half_known(name, config, lambda blur: our_call(after, config, blur)[0], theirs)
    if not mutate:
        return
    for kind, mutant in mutants(config):
        # A mutant of the rank goes into a new layer; one with another size into the one that is built by now.
        if kind == "rank":
            got = real_call(real_value(config.make), mutant)
            out.refusal(name, mutant, our_call(known, mutant)[0], got)
        else:
            out.refusal(name, mutant, our_call(after, mutant)[0], real_call(layer, mutant))


if __name__ == "__main__":
    result = tally(sys.argv[1] if len(sys.argv) > 1 else "")
    print(result.line())
    for title in ("failed", "wrong", "untrue", "accepted"):
        for item in getattr(result, title):
            print(title, *item, sep="\n    ")
