"""Training of Keras models: `fit` and its like, with arrays, with datasets, and with a step of the project's own."""

from __future__ import annotations

import ast
from typing import Any, Final

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.apply import Layer, construct
from shapetypes.ops.call import Call
from shapetypes.ops.rules.keras_parts import same_rank
from shapetypes.ops.stubs import ClassStub, Function, public_path
from shapetypes.static import calls, keras_models, objects
from shapetypes.static.engine import Frame
from shapetypes.static.values import Bound, Func, Obj, PyDict, PyList, Ref, Samples

LOSS: Final = "\0loss"
_SEQUENCES: Final = ("keras.utils.PyDataset", "keras.utils.Sequence")
_STEPS: Final = {"fit": "train_step", "train_on_batch": "train_step"}


def fit(frame: Frame, node: ast.AST, model: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """`fit` and its like: as many samples in `x` as in `y`, and a prediction that the loss takes with `y`.

    Raises:
        ShapeError: they do not fit.
    """
    x = args[0] if args else kwargs.get("x")
    y = kwargs.get("y", args[1] if len(args) > 1 else None)
    batch = _batches(frame, node, x)
    step = _STEPS.get(name, "test_step")
    if isinstance(model, Obj) and isinstance(frame.names.method(model.info, step), Func):
        count = batch_size(kwargs, x.parts[0] if isinstance(x, TensorSpec) and x.rank else None)
        data = batch if batch is not None else rows(x, count) if y is None else (rows(x, count), rows(y, count))
        if data is not None and not (isinstance(data, tuple) and None in data):
            objects.call_method(frame, node, model, step, (data,), {})
        return
    if isinstance(batch, tuple) and len(batch) > 1:
        x, y = batch[:2]
    _train(frame, node, model, x, y, "y", kwargs)
    more = kwargs.get("validation_data")
    if isinstance(more, tuple) and len(more) >= 2:
        _train(frame, node, model, more[0], more[1], "validation_data[1]", kwargs)


def _batches(frame: Frame, node: ast.AST, x: Any) -> Any:
    """One batch of a dataset, of a sequence that the project writes, of a generator; None for arrays."""
    if isinstance(x, Samples):
        return x.item
    if isinstance(x, PyList) and not x.is_list and x.items is None and isinstance(x.element, tuple):
        return x.element
    if not isinstance(x, Obj) or not isinstance(frame.names.method(x.info, "__getitem__"), Func):
        return None
    if not any(isinstance(c, Ref) and public_path(c.path) in _SEQUENCES for c in frame.names.lineage(x.info)):
        return None
    return objects.call_method(frame, node, x, "__getitem__", (d.unknown("the number of a batch"),), {})


def batch_size(settings: dict[str, Any], count: Any) -> Dim:
    """The size of every batch, where all have the same (samples): 32 is what Keras takes."""
    size = settings.get("batch_size")
    size = 32 if size is None else size
    if isinstance(size, int) and isinstance(count, int) and 0 < size and 0 < count:
        if count % size == 0 or count < size:
            return min(size, count)
    return d.unknown("the size of a batch")


def rows(value: Any, count: Dim | None = None) -> Any:
    """Some of the samples of an array, or of several, as tensors; None for anything else.

    Args:
        value: The array, or a tuple, list or dict of arrays.
        count: How many samples (elements); a number that is not known where it is not given.
    """
    count = d.unknown("the size of a batch") if count is None else count
    if isinstance(value, PyDict) and value.items is not None:
        return PyDict({k: rows(v, count) for k, v in value.items.items()})
    if isinstance(value, PyList) and value.items is not None:
        return PyList(tuple(rows(v, count) for v in value.items))
    if isinstance(value, tuple):
        return tuple(rows(v, count) for v in value)
    if not isinstance(value, TensorSpec):
        return None
    if not value.rank:
        return TensorSpec(None, library="tf")
    return TensorSpec((count, *value.parts[1:]), library="tf")


def _train(frame: Frame, node: ast.AST, model: Any, x: Any, y: Any, label: str, settings: dict[str, Any]) -> None:
    first = next(iter(x.items.values() if isinstance(x, PyDict) and x.items else keras_models.flat(x) or []), None)
    targets = _by_place(y)
    if not isinstance(first, TensorSpec) or not targets or not all(isinstance(t, TensorSpec) for t in targets.values()):
        if isinstance(x, TensorSpec) and y is not None:
            calls.call_object(frame, node, model, (x,), {})
        return
    call = Call(frame.state.judge, "fit()")
    for place, target in targets.items():
        named = target.labelled(label if target is y else f"{label}[{place!r}]")
        call.operands = [first.labelled("x"), named]
        if first.rank and target.rank:
            call.match(call.operands[0], 0, named, 0)
    losses = _by_place(frame.state.heap.get((model.id, LOSS)))
    if len(losses) == 1 and 0 in losses:
        losses = dict.fromkeys(targets, losses[0])
    single = targets.get(0) is y
    if isinstance(model, Obj) or any(isinstance(loss, (Func, Bound)) for loss in losses.values()):
        count = batch_size(settings, first.parts[0] if first.rank else None)  # which its code may ask for
        x, targets = rows(x, count), {place: rows(target, count) for place, target in targets.items()}
    predicted = calls.call_object(frame, node, model, (x,), {})
    found = {0: predicted} if single else _outputs(frame, model, predicted, targets)
    for place, target in targets.items():
        out, loss = found.get(place), _loss(frame, losses.get(place))
        if loss is not None and isinstance(out, TensorSpec):
            true, given = TensorSpec(target.shape, library="tf"), out.with_shape(out.shape)
            if isinstance(loss, (Func, Bound)) and true.rank is not None and given.rank is not None:
                true, given = same_rank(Call(frame.state.judge, "fit()"), true, given)
            calls.call_value(frame, node, loss, (_as_tf(true), _as_tf(given)), {})


def _as_tf(x: TensorSpec) -> TensorSpec:
    """A tensor of TensorFlow."""
    return TensorSpec(x.shape, library="tf")


def _by_place(value: Any) -> dict[Any, Any]:
    """Targets or losses by their names or numbers."""
    if isinstance(value, PyDict):
        return dict(value.items or {})
    items = value.items if isinstance(value, PyList) else value
    return dict(enumerate(items)) if isinstance(items, tuple) else {0: value}


def _outputs(frame: Frame, model: Any, predicted: Any, targets: dict[Any, Any]) -> dict[Any, Any]:
    """What a model returns for each target: by number, or by the name of the layer that it comes from."""
    found = _by_place(predicted)
    if found.keys() == targets.keys():
        return found
    made = _by_place(getattr(model, "outputs", None))
    names = {place: frame.engine.outputs.get(id(out)) for place, out in made.items()}
    if len(made) != len(found) or any(kept is None or kept[0] is not made[p] for p, kept in names.items()):
        return {}
    return {kept[1]: found[place] for place, kept in names.items() if kept is not None and place in found}


_SHORT = {
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
    "kld": "KLDivergence",
    "kl_divergence": "KLDivergence",
}


def _loss(frame: Frame, given: Any) -> Any:
    """A loss of `compile` that can be called: an object, or the class that a name stands for."""
    if isinstance(given, Layer):
        return given if given.stub.path.startswith("keras.losses.") else None
    if isinstance(given, (Func, Bound)):
        return given
    if isinstance(given, Ref):
        found = frame.stubs.find(given.path)
        return given if isinstance(found, Function) else None
    if not isinstance(given, str):
        return None
    name = _SHORT.get(given.lower()) or "".join(part.capitalize() for part in given.split("_"))
    stub = frame.stubs.find(f"keras.losses.{name}")
    if not isinstance(stub, ClassStub):
        return None
    made = construct(frame.state.judge, frame.stubs, stub, (), {})
    return made if isinstance(made, Layer) else None


__all__ = ["LOSS", "batch_size", "fit", "rows"]
