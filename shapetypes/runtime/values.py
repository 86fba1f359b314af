"""Reading values of any framework: what shape and dtype they have. Frameworks are found in `sys.modules`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from shapetypes.core.dtype import canonical
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.runtime.nodes import TensorNode

_NO_SHAPE = object()


def module(name: str) -> Any:
    """A framework's module if the program has loaded it, else None."""
    return sys.modules.get(name)


def compiling() -> Callable[[], bool]:
    """A function that tells whether torch is compiling; known to Dynamo, which folds it away."""
    compiler = module("torch.compiler")
    return compiler.is_compiling if compiler is not None else _never


def _never() -> bool:
    return False


def untraced(fn: Any, text: str) -> Any:
    """Have Dynamo leave the graph before this function, and AutoGraph not rewrite it.

    Args:
        fn: The function.
        text: What Dynamo tells where it may not leave the graph (`fullgraph`).
    """
    fn._torchdynamo_disable = True
    fn._torchdynamo_disable_msg = text
    fn.autograph_info__ = {}
    frames = module("torch._C._dynamo.eval_frame")
    if hasattr(frames, "set_code_exec_strategy"):  # otherwise Dynamo tries to compile it after the break, and warns
        skip = frames._FrameAction.SKIP
        frames.set_code_exec_strategy(fn.__code__, frames._FrameExecStrategy(skip, frames._FrameAction.DEFAULT))
    return fn


_eager: dict[Any, Any] = {}


def eagerly(fn: Callable[..., Any], *args: Any) -> Any:
    """Call a function with everything in it hidden from Dynamo, if that is loaded."""
    dynamo = module("torch._dynamo")
    if dynamo is None or not hasattr(dynamo, "disable"):
        return fn(*args)
    if fn not in _eager:
        _eager[fn] = dynamo.disable(fn)
    return _eager[fn](*args)


def is_placeholder(value: object) -> bool:
    """Whether this stands for a value of which nothing is known: a node of a graph being traced."""
    fx = module("torch.fx")
    return fx is not None and isinstance(value, fx.Proxy)


def is_tensor_like(value: object) -> bool:
    """Whether a value has a shape and a dtype. Classes do not count."""
    if isinstance(value, type):
        return False
    try:
        return hasattr(value, "shape") and hasattr(value, "dtype")
    except Exception:  # noqa: BLE001  a property of a foreign object may raise anything
        return False


def fits_type(value: object, node: TensorNode) -> bool:
    """Whether a value is of an array type that the annotation names.

    TensorFlow's and Keras' symbolic tensors and variables stand for their arrays.
    """
    if not node.types:
        return is_tensor_like(value)
    try:
        if isinstance(value, node.types):
            # NumPy's `ArrayLike` allows strings; the shape of a nested tensor raises.
            return hasattr(type(value), "shape") or is_tensor_like(value)
    except TypeError:  # a type that refuses isinstance
        return is_tensor_like(value)
    return any(_stands_for(value, cls) for cls in node.types) and is_tensor_like(value)


def _stands_for(value: object, cls: type) -> bool:
    keras, tf = module("keras"), module("tensorflow")
    home = getattr(cls, "__module__", "").partition(".")[0]
    if keras is not None and isinstance(value, (_attr(keras, "KerasTensor"), _attr(keras, "Variable"))):
        return home in ("tensorflow", "keras", "torch", "jax", "jaxlib")
    return tf is not None and home == "tensorflow" and isinstance(value, _attr(tf, "Variable"))


def _attr(owner: Any, name: str) -> type:
    found = getattr(owner, name, None)
    return found if isinstance(found, type) else _Nothing


class _Nothing:
    """A class without instances."""


def describe(value: Any) -> TensorSpec:
    """What is known of a tensor's shape and dtype. Unknown sizes are `Unknown`, an unknown rank is None."""
    if is_placeholder(value):
        return TensorSpec(None)
    return TensorSpec(_shape(value), _dtype(value))


def _shape(value: Any) -> tuple[Any, ...] | None:
    try:
        shape = value.shape
        return None if shape is None else tuple(size(s) for s in shape)
    except Exception:  # noqa: BLE001  TensorFlow raises ValueError for an unknown rank; others have their own ways
        return None


def size(value: Any) -> Any:
    """A size as core knows it (elements): an int, or `Unknown`."""
    if type(value) is int:
        return value
    if value is None:
        return Unknown("not known yet")
    if isinstance(value, int):
        return int(value)
    node = getattr(value, "node", None)  # SymInt: read the hint, which installs no guard
    if node is not None and hasattr(node, "has_hint"):
        return int(node.hint) if node.has_hint() else Unknown("symbolic")
    try:
        return int(value)
    except Exception:  # noqa: BLE001
        return Unknown("not a number")


def _dtype(value: Any) -> str | None:
    try:
        return dtype_name(value.dtype)
    except Exception:  # noqa: BLE001
        return None


def dtype_name(dtype: Any) -> str | None:
    """The canonical name of a framework's dtype object (`float32`)."""
    if isinstance(dtype, str):
        return canonical(dtype)
    name = getattr(dtype, "name", None)
    text = name if isinstance(name, str) else str(dtype)
    if is_placeholder(dtype):
        return None
    if text.startswith("key<"):
        return "prng_key"
    if getattr(dtype, "names", None):  # a structured array's
        return canonical(str(dtype))
    return canonical(text.removesuffix("_ref"))


def is_unknown(size: Any) -> bool:
    """Whether a size that was bound is not a number (or, for a variadic name, holds one that is not)."""
    return any(map(is_unknown, size)) if isinstance(size, tuple) else not isinstance(size, int)


def integer(value: Any) -> Any:
    """A `Dim` integer as core knows it; None if the value is no integer. A bool is none."""
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "SymBool"):
        return None
    if isinstance(value, int):
        return int(value)
    if is_placeholder(value):
        return Unknown("traced")
    if type(value).__name__ == "SymInt":
        return size(value)
    if hasattr(value, "__index__") and not getattr(value, "shape", ()):
        try:
            return value.__index__()
        except Exception:  # noqa: BLE001
            return None
    return None


# -- beartype ---------------------------------------------------------------------------------------------------------

_bearable: Callable[[Any, Any], bool] | None = None


def bearable(value: Any, hint: Any) -> bool:
    """Whether a value fits a hint that is not about tensors. Loads beartype."""
    global _bearable
    if _bearable is None:
        _bearable = _load_beartype()
    return _bearable(value, hint)


def _load_beartype() -> Callable[[Any, Any], bool]:
    from beartype import BeartypeConf
    from beartype.door import is_bearable

    conf = BeartypeConf(is_pep484_tower=True)  # an int fits float, as type checkers have it

    def check(value: Any, hint: Any) -> bool:
        return bool(is_bearable(value, hint, conf=conf))

    return check


def refused_by_beartype(hint: Any) -> tuple[str, bool]:
    """Why beartype cannot check this (empty if it can), and whether it is a hint at all."""
    try:
        bearable(None, hint)
    except Exception as error:  # noqa: BLE001
        from beartype.roar import BeartypeDecorHintNonpepException

        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        return first, isinstance(hint, type) or not isinstance(error, BeartypeDecorHintNonpepException)
    return "", True
