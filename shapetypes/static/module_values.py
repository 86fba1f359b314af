"""Top-level names of modules: constants are evaluated once; what code of other modules does to them counts."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core.judge import Judge
from shapetypes.core.shape import Unknown
from shapetypes.static import attributes, changes, expressions as ex
from shapetypes.static.engine import Frame
from shapetypes.static.join import State
from shapetypes.static.values import KerasModel, Modules, PyDict, PyList, Ref


def module_value(frame: Frame, module: Any, name: str) -> Any:
    """The value of a top-level name of a module, unless the module being checked gives it another one."""
    value = _own_value(frame, module, name)
    outer = changes.outermost(frame)
    if module is not outer and name in outer.patched:
        return Unknown(f"`{name}` is assigned from another module")
    if name in outer.reached and isinstance(value, (PyList, PyDict, Modules)):
        return changes.opened(value)
    return value


def _own_value(frame: Frame, module: Any, name: str) -> Any:
    """The value of a top-level name of a module; constants are evaluated there, once."""
    kept = module.values.get(name)
    if kept is not None:
        _bring(frame, kept[1])
        return kept[0]
    found = frame.names.definition(module, name)
    if found is None:
        if name in ("__name__", "__file__", "__doc__"):
            return Unknown(name)
        found = frame.names.static(ast.Name(name), module)
        if isinstance(found, Ref):
            return attributes.imported(frame, found)
        return found or Unknown(f"`{name}` is not known")
    if isinstance(found, Ref):
        found = attributes.imported(frame, found)
    if not (isinstance(found, tuple) and found[0] == "expr"):
        module.values[name] = found, {}
        return found
    alone = Frame(frame.engine, module, None, State({}, {}, Judge()))
    with frame.engine.aside(f"{module.name}:{name}"):
        value = ex.resolve(alone, found, name)
    if isinstance(value, KerasModel) and _grows(module, name):
        value = Unknown(f"layers are added to `{name}`")
    if isinstance(value, (PyList, PyDict, Modules)) and name in module.changed:
        value = changes.opened(value)
    module.values[name] = value, alone.state.heap
    _bring(frame, alone.state.heap)
    return value


def _grows(module: Any, name: str) -> bool:
    """Whether the module adds layers to a model after it was made."""
    found = module.inside(module.tree, ast.Attribute)
    return any(n.attr in ("add", "pop") and isinstance(n.value, ast.Name) and n.value.id == name for n in found)


def _bring(frame: Frame, heap: dict[Any, Any]) -> None:
    """Make the attributes of a module's own objects known here; one that may have been assigned since is not."""
    if heap:
        patched = changes.patched(frame)
        for key, value in heap.items():
            if key not in frame.state.heap:
                frame.state.heap[key] = Unknown("assigned elsewhere") if key[1] in patched else value
