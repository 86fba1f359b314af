"""`shaped(layer, "B T F -> B T H")`: the spec held against the layer before anything runs."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core import dim as d, spec as sp
from shapetypes.core.dtype import GROUPS, disjoint
from shapetypes.core.fault import AnnotationError, Fault, ShapeError
from shapetypes.core.judge import Side
from shapetypes.core.parse import parse_layer_spec
from shapetypes.core.shape import TensorSpec, Unknown, Var, unknown_var
from shapetypes.core.spec import Item, LayerSpec, Spec
from shapetypes.ops.apply import Layer
from shapetypes.static import calls
from shapetypes.static.engine import Frame
from shapetypes.static.values import Modules, is_open


def shaped(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The layer itself; a spec that it cannot do is reported, at the spec."""
    text = kwargs.get("spec", args[1] if len(args) > 1 else None)
    layer = args[0]
    if not isinstance(text, str) or not isinstance(layer, (Layer, Modules)):
        return layer
    at = node
    if isinstance(node, ast.Call):
        at = next((a for a in (*node.args[1:], *(k.value for k in node.keywords)) if isinstance(a, ast.expr)), node)
    try:
        spec = parse_layer_spec(text)
    except AnnotationError as error:
        assert error.fault is not None
        frame.report(error.fault, at)
        return layer
    before = frame.state.judge
    frame.state.judge = before.fork()
    frame.state.judge.here = frame.origin(node, "shaped()")
    fault = _Comparison(frame, node, layer, spec).fault()
    frame.state.judge.here = before.here
    if fault is not None:
        frame.state.judge = before
        frame.report(fault, at)
    return layer


def _assigned(frame: Frame, node: ast.AST) -> bool:
    """Whether a layer is made for an attribute of the object under construction: its names are the object's."""
    if not frame.in_init or frame.func is None:
        return False
    return any(
        isinstance(part, (ast.Assign, ast.AnnAssign))
        and part.value is node
        and isinstance(part.targets[0] if isinstance(part, ast.Assign) else part.target, ast.Attribute)
        for part in ast.walk(frame.func.node)
    )


class _Comparison:
    """The inputs of a spec go through the layer, and the result is held against its outputs."""

    def __init__(self, frame: Frame, node: ast.AST, layer: Layer | Modules, spec: LayerSpec) -> None:
        self.frame = frame
        self.node = node
        self.layer = layer
        self.spec = spec
        self.name = layer.stub.name if isinstance(layer, Layer) else layer.kind
        self.owner = frame.owner if _assigned(frame, node) else f"{frame.owner}#{d.fresh()}"

    def fault(self) -> Fault | None:
        """Why the layer cannot do what the spec says, or None."""
        args = tuple(self._value(item) for item in self.spec.inputs if not item.name)
        kwargs = {item.name: self._value(item) for item in self.spec.inputs if item.name}
        try:
            with self.frame.engine.capture():
                result = calls.call_object(self.frame, self.node, self.layer, args, kwargs)
        except ShapeError as error:
            assert error.fault is not None
            if error.fault.kind != "axis":
                return error.fault
            return error.fault.but(code="layer-spec", kind="spec", subject=self.name, spec=self.spec.text)
        items = self.spec.outputs
        if len(items) == 1:
            if isinstance(result, tuple) and result and not items[0].items:
                result = result[0]
            return self._output("return", items[0], result)
        return self._each("return", items, result) if isinstance(result, tuple) else None

    def _each(self, label: str, items: tuple[Item, ...], values: tuple[Any, ...]) -> Fault | None:
        if len(items) != len(values):
            return self._wrong(items[-1], f"it returns {len(values)} values, and the spec has {len(items)}")
        found = (self._output(f"{label}[{i}]", *pair) for i, pair in enumerate(zip(items, values, strict=True)))
        return next((fault for fault in found if fault is not None), None)

    def _output(self, label: str, item: Item, value: Any) -> Fault | None:
        if item.unchecked:
            return None
        if item.axes is None:
            return self._each(label, item.items, value) if isinstance(value, tuple) and not is_open(value) else None
        if not isinstance(value, TensorSpec):
            return None
        if item.dtype and disjoint(value.dtype, GROUPS[item.dtype]):
            return self._wrong(item, f"it does not return {item.dtype}, as the spec has")
        have: tuple[Any, ...] = value.parts
        want = self._shape(item.axes)
        if any(isinstance(p, Var) for p in (*have, *want)):
            return None
        if len(have) != len(want):
            return self._wrong(item, f"it returns {len(have)} axes, and the spec has {len(want)}")
        judge = self.frame.state.judge
        for i, (got, wanted) in enumerate(zip(have, want, strict=True)):
            conflict = judge.same(got, wanted, Side(have, i), Side(want, i))
            if conflict is not None:
                axis = item.axes.axes[i]
                return Fault(
                    "layer-spec", "spec", self.name, label, i, axis.text if axis.kind == sp.NAME else None,
                    judge.reduce(got), judge.reduce(wanted), spec=self.spec.text, column=axis.column,
                    origins=conflict.origins,
                )  # fmt: skip
        return None

    def _wrong(self, item: Item, detail: str) -> Fault:
        return Fault("layer-spec", "spec", self.name, spec=self.spec.text, column=item.column, detail=detail)

    # -- the spec as symbols ------------------------------------------------------------------------------------

    def _value(self, item: Item) -> Any:
        if item.unchecked:
            return Unknown("not checked")
        if item.axes is None:
            return tuple(self._value(inner) for inner in item.items)
        return TensorSpec(self._shape(item.axes), GROUPS[item.dtype] if item.dtype else None)

    def _atom(self, name: str) -> d.Dim:
        return d.name(name, self.owner)

    def _shape(self, spec: Spec) -> tuple[Any, ...]:
        out: list[Any] = []
        for axis in spec.axes:
            if axis.kind == sp.VAR:
                out.append(Var(axis.name, self.owner) if axis.name and not axis.broadcast else unknown_var())
            elif axis.broadcast or axis.holes or axis.kind not in (sp.FIXED, sp.NAME, sp.EXPR):
                out.append(d.unknown(axis.text))
            elif axis.kind == sp.EXPR and axis.expr is not None:
                out.append(self._computed(axis.expr))
            else:
                out.append(axis.size if axis.kind == sp.FIXED else self._atom(axis.name))
        return tuple(out)

    def _computed(self, expr: ast.expr) -> d.Dim:
        try:
            return sp.evaluate(expr, self._atom)
        except ZeroDivisionError:
            return d.unknown("division by zero")
