"""`instrument`: every layer of an existing model that the op database knows is held to what the database says of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

from shapetypes.core.fault import Fault, ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer, call_function
from shapetypes.ops.stubs import ClassStub, Function, default_stubs
from shapetypes.runtime import report, values
from shapetypes.runtime.layer_construct import layer_of, not_ready, stub_of, unwrapped

_OPAQUE = ("PackedSequence",)


class Instrument:
    """The checks that `instrument` has put on a model; a context manager that takes them off again.

    Attributes:
        layers: The paths of the layers that are checked.
    """

    def __init__(self, removers: dict[str, Callable[[], None]]) -> None:
        self.layers = tuple(removers)
        self._removers = list(removers.values())

    def remove(self) -> None:
        """Take all checks off. A second time does nothing."""
        while self._removers:
            self._removers.pop()()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.remove()

    def __repr__(self) -> str:
        return f"<Instrument of {len(self.layers)} layers>"


def instrument(model: Any) -> Instrument:
    """Check every known layer of a model at each call, without touching the model's code.

    What a layer takes is what the op database says of its class and its own sizes: ranks, feature sizes, dtypes,
    divisibility. Layers that it does not know, and the insides of those that it knows, are left alone.

    Args:
        model: A `torch.nn.Module` or a `keras.Layer`.

    Returns:
        A handle; `remove()` takes the checks off, and so does leaving it as a context manager.

    Raises:
        TypeError: this is no model.

    Example:
        `with instrument(model): model(batch)`
    """
    if report.mode() == "off":
        return Instrument({})
    keras, nn = values.module("keras"), values.module("torch.nn")
    if keras is not None and isinstance(model, keras.Layer):
        return Instrument({path: _on_keras(layer, path) for path, layer in _keras_layers(model)})
    if nn is None or not isinstance(model, nn.Module):
        raise TypeError(f"instrument takes a torch.nn.Module or a keras.Layer, not {type(model).__name__}")
    return Instrument({path: _on_torch(layer, path) for path, layer in _known(unwrapped(model), "")})


def _known(module: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The outermost layers with a stub; what is inside of them is their own business."""
    if stub_of(module, default_stubs()) is not None:
        yield path or type(module).__name__, module
        return
    for name, child in module.named_children():
        yield from _known(child, f"{path}.{name}" if path else name)


def _on_torch(layer: Any, path: str) -> Callable[[], None]:
    hook = layer.register_forward_pre_hook(_Check(path), with_kwargs=True)
    return hook.remove  # type: ignore[no-any-return]


def _keras_layers(model: Any) -> Iterator[tuple[str, Any]]:
    for layer in model._flatten_layers():
        if stub_of(layer, default_stubs()) is not None:
            yield getattr(layer, "path", "") or layer.name, layer


def _on_keras(layer: Any, path: str) -> Callable[[], None]:
    from shapetypes.runtime.layers_keras import checked_call, quietly

    check = _Check(path)
    return checked_call(layer, lambda args, kwargs: quietly(check, layer, args, kwargs))


class _Check:
    """The check before one layer. What fits once is remembered by shapes and dtypes."""

    __slots__ = ("path", "seen")

    def __init__(self, path: str) -> None:
        self.path = path
        self.seen: set[Any] = set()

    def __call__(self, layer: Any, args: Any, kwargs: Any) -> None:
        """Check the arguments of a call.

        Raises:
            ShapeError: they do not fit the layer.
        """
        if values.compiling()():
            return
        __tracebackhide__ = True
        error = self.judge(layer, args, kwargs, sys._getframe(1))
        if error is not None:
            raise error

    def judge(self, layer: Any, args: Any, kwargs: Any, frame: Any) -> ShapeError | None:
        """Why a call does not fit, as the exception to raise, or None."""
        key = _key(layer, args, kwargs)
        if key in self.seen:
            return None
        given = tuple(_value(arg) for arg in args), {name: _value(arg) for name, arg in kwargs.items()}
        fault = _fault(layer, *given)
        if fault is None or _sharded(layer):
            if key is not None and len(self.seen) < 1000:
                self.seen.add(key)
            return None
        fault = fault.but(path=tuple(self.path.split(".")))
        return report.error_for(fault, frame, (), report.mode() == "warn")

    def __deepcopy__(self, memo: Any) -> _Check:
        return _Check(self.path)

    def __reduce__(self) -> tuple[Any, ...]:
        return _Check, (self.path,)


def _fault(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Fault | None:
    """What the op database has against a call."""
    stubs, judge = default_stubs(), Judge()
    found: tuple[ClassStub, Function] | None = stub_of(layer, stubs)
    if found is None or not_ready(layer):
        return None
    try:
        known = layer_of(judge, stubs, found[0], layer)
        if isinstance(known, Layer):
            call_function(judge, stubs, found[1], args, kwargs, owner=known)
    except ShapeError as error:
        return error.fault
    return None


def _value(arg: Any) -> Any:
    """An argument as the op database takes it."""
    if type(arg).__name__ in _OPAQUE or values.is_placeholder(arg):
        return Unknown("packed")
    if isinstance(arg, (list, tuple)):
        items = [_value(item) for item in arg]
        return items if isinstance(arg, list) else tuple(items)
    if values.is_tensor_like(arg):
        return TensorSpec(None) if getattr(arg, "is_nested", False) is True else values.describe(arg)
    if arg is None or isinstance(arg, (bool, int, float, str)):
        return arg
    return Unknown(f"a {type(arg).__name__}")


def _key(layer: Any, args: Any, kwargs: Any) -> Any:
    """What a verdict rests on, or None where that cannot be told quickly."""
    weight = getattr(layer, "weight", None)
    try:
        named = tuple((name, _brief(value)) for name, value in kwargs.items())
        key = type(layer), getattr(weight, "shape", None), _brief(args), named
        hash(key)
    except Exception:  # noqa: BLE001  symbolic sizes, objects of any kind
        return None
    return key


def _brief(arg: Any) -> Any:
    if isinstance(arg, (tuple, list)):
        return type(arg), *(_brief(item) for item in arg)
    if arg is None or isinstance(arg, (bool, int, float, str)):
        return arg
    if values.is_placeholder(arg):
        raise ValueError
    return type(arg), tuple(arg.shape), arg.dtype, getattr(arg, "is_nested", False)


def _sharded(layer: Any) -> bool:
    tensor = values.module("torch.distributed.tensor")
    if tensor is None or not hasattr(layer, "parameters"):
        return False
    return any(isinstance(p, tensor.DTensor) for p in layer.parameters())
