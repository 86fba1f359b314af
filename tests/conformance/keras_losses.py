"""Losses of Keras, called for real, against the op database."""

from __future__ import annotations

import functools
import os
import random
import warnings
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec
from shapetypes.ops import infer
from tests.conformance.half_known import Blur, blurred
from tests.conformance.keras_layers import Tally, shown

_SPARSE = {
    "CategoricalGeneralizedCrossEntropy",
    "SparseCategoricalCrossentropy",
    "categorical_generalized_cross_entropy",
    "sparse_categorical_crossentropy",
}
_LABELS = {"Circle", "circle"}


@dataclass(frozen=True)
class Case:
    """A loss, the arguments of its constructor or of the function beside the tensors, and the tensors' shapes."""

    name: str
    kwargs: dict[str, Any]
    shapes: tuple[tuple[int, ...], ...]
    symbolic: bool = False


def losses() -> list[str]:
    """The public classes and functions."""
    skipped = {"Loss", "deserialize", "serialize", "get"}
    return sorted(n for n in dir(keras.losses) if n[0] != "_" and n not in skipped)


def cases(name: str) -> list[Case]:
    """Shapes that belong together, and shapes that may not."""
    r = random.Random(name)
    out = []
    for i in range(3):
        true, pred = _shapes(r, name)
        kwargs: dict[str, Any] = {"q": 0.5} if name == "categorical_generalized_cross_entropy" else {}
        if name[0].isupper():
            kwargs = {"reduction": r.choice(["none", "none", "sum", "sum_over_batch_size"])}
        weights = ((true[0],),) if name[0].isupper() and i == 1 and len(true) < 3 else ()
        out.append(Case(name, kwargs, (true, pred, *weights)))
        others = ((*true, 1), true[:-1], (true[0] + 1, *true[1:]), (*true[:-1], true[-1] + 1))
        out += [Case(name, kwargs, (other, pred)) for other in others]
        out.append(Case(name, kwargs, (true, (*pred[:-1], 1))))
    return out


def _shapes(r: random.Random, name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    lead = tuple(r.randint(2, 4) for _ in range(r.randint(1, 2)))
    last = r.randint(2, 5)
    if name.lower() == "ctc":
        return (lead[0], 2), (lead[0], 5, 4)
    if name in _LABELS:
        return lead[:1], (lead[0], last)
    return (lead, (*lead, last)) if name in _SPARSE else ((*lead, last), (*lead, last))


def _real(case: Case) -> Any:
    true, *rest = case.shapes
    whole = case.name in _SPARSE | _LABELS or case.name.lower() == "ctc"
    arrays = [np.ones(true, "int32" if whole else "float32"), *(np.full(s, 0.5, "float32") for s in rest)]
    try:
        if case.name[0].isupper():
            return shown(getattr(keras.losses, case.name)(**case.kwargs)(*arrays))
        return shown(getattr(keras.losses, case.name)(*arrays, **case.kwargs))
    except Exception as error:  # Keras and its backends refuse with errors of every kind
        return error


def _ours(case: Case, blur: Blur | None = None) -> Any:
    specs = tuple(TensorSpec(s) for s in case.shapes)
    if blur is not None:
        specs = blurred(specs, blur, [0])
    path = f"keras.losses.{case.name}"
    try:
        if case.name[0].isupper():
            return infer(path, (), case.kwargs, (specs, {}))
        return infer(path, specs, case.kwargs)
    except ShapeError as error:
        return error


def tally() -> Tally:
    """Run all losses."""
    out = Tally("keras.losses")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in losses():
            for i, case in enumerate(cases(name)):
                theirs, ours = _real(case), _ours(case)
                if not isinstance(theirs, Exception):
                    out.half_known(name, case, functools.partial(_ours, case), theirs)
                if i % 6 or isinstance(theirs, Exception):
                    out.refusal(name, case, ours, theirs)
                else:
                    out.judge(name, case, ours, theirs)
    return out
