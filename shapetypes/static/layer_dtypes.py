"""The dtype of layers: the default one, where the same run made a layer and nothing changed it since."""

from __future__ import annotations

import ast
import re
from typing import Any

from shapetypes.ops.apply import Layer
from shapetypes.ops.promotion import DEFAULT
from shapetypes.static.engine import Frame
from shapetypes.static.values import Builtin, Method, Modules, Obj

_ELSEWHERE = re.compile(r"set_default_dtype|set_default_tensor_type|autocast|\bamp\b|deepspeed|accelerate|_apply\b")
"""What changes dtypes where no call on a layer shows it."""
_CASTS = frozenset({"half", "double", "bfloat16", "type", "to", "to_empty", "apply", "load_state_dict"})
_DEVICES = re.compile(r"device|cuda|cpu|mps|rank|gpu|non_blocking", re.IGNORECASE)


def root(frame: Frame) -> Frame:
    """The run that this one is a part of: the function whose own run followed the calls."""
    return frame.chain[0].frame if frame.chain else frame


def settled(frame: Frame, layer: Layer) -> Layer:
    """The layer, with the default dtype if that is what its parameters surely have."""
    run = root(frame)
    if layer.args.get("dtype", 0) is not None or layer.maker is not run or run.recast or _open(frame):
        return layer
    out = Layer(layer.stub, {**layer.args, "dtype": DEFAULT}, layer.scope)
    out.maker = layer.maker
    return out


def _open(frame: Frame) -> bool:
    """Whether something in the files that take part may change dtypes."""
    modules = {id(m): m for m in (frame.module, *(c.frame.module for c in frame.chain))}
    known = frame.engine.recasting
    for key, module in modules.items():
        if key not in known:
            known[key] = _ELSEWHERE.search(module.source) is not None
    return any(known[key] for key in modules)


def watch(frame: Frame, node: ast.AST, function: Any) -> None:
    """Note a method call that may change the dtype of layers."""
    if not isinstance(function, (Method, Builtin)) or not isinstance(function.owner, (Layer, Modules, Obj)):
        return
    name = function.name.rpartition(".")[2]
    if name in _CASTS and not (name == "to" and _to_device(node)):
        root(frame).recast = True


def _to_device(node: ast.AST) -> bool:
    given = (
        [*node.args, *(k.value for k in node.keywords if k.arg != "non_blocking")] if isinstance(node, ast.Call) else []
    )
    return bool(given) and all(_DEVICES.search(ast.unparse(g)) for g in given)


def handed_out(frame: Frame, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Note that an outside function of which nothing is known gets a layer."""
    if any(isinstance(v, (Layer, Modules, Obj)) for v in (*args, *kwargs.values())):
        root(frame).recast = True


__all__ = ["handed_out", "root", "settled", "watch"]
