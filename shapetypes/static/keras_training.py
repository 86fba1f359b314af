"""Training of Keras models: `fit` and its like, with arrays, with datasets, and with a step of the project's own."""

from __future__ import annotations

import ast
from typing import Any, Final

from shapetypes.core import dim as d
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.apply import Layer, construct
from shapetypes.ops.call import Call
from shapetypes.ops.stubs import ClassStub, Function, public_path
from shapetypes.static import calls, keras_models, objects
from shapetypes.static.engine import Frame
from shapetypes.static.values import Func, Obj, PyDict, PyList, Ref, Samples

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
        data = batch if batch is not None else _rows(x) if y is None else (_rows(x), _rows(y))
        if data is not None and not (isinstance(data, tuple) and None in data):
            objects.call_method(frame, node, model, step, (data,), {})
        return
    if isinstance(batch, tuple) and len(batch) > 1:
        x, y = batch[:2]
    _train(frame, node, model, x, y, "y")
    more = kwargs.get("validation_data")
    if isinstance(more, tuple) and len(more) >= 2:
        _train(frame, node, model, more[0], more[1], "validation_data[1]")


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


def _rows(value: Any) -> Any:
    """Some of the samples of an array, as a tensor; None for anything else."""
    if not isinstance(value, TensorSpec):
        return None
    if not value.rank:
        return TensorSpec(None, library="tf")
    return TensorSpec((d.unknown("the size of a batch"), *value.parts[1:]), library="tf")


def _train(frame: Frame, node: ast.AST, model: Any, x: Any, y: Any, label: str) -> None:
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
    predicted = calls.call_object(frame, node, model, (x,), {})
    found = {0: predicted} if targets.get(0) is y else _outputs(frame, model, predicted, targets)
    losses = _by_place(frame.state.heap.get((model.id, LOSS)))
    if len(losses) == 1 and 0 in losses:
        losses = dict.fromkeys(targets, losses[0])
    for place, target in targets.items():
        out, loss = found.get(place), _loss(frame, losses.get(place))
        if loss is not None and isinstance(out, TensorSpec):
            true = TensorSpec(target.shape, library="tf")
            calls.call_value(frame, node, loss, (true, out.with_shape(out.shape)), {})


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


__all__ = ["LOSS", "fit"]
