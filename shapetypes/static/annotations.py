"""Annotations as contracts: what a parameter, a return, a local or a field declares."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shapetypes.core.dtype import GROUPS, DTypes
from shapetypes.core.fault import AnnotationError, Fault, Place
from shapetypes.core.parse import parse_axes
from shapetypes.core.spec import Spec
from shapetypes.ops.stubs import ClassStub, public_path
from shapetypes.static.values import ClassRef, Ref, Symbol

if TYPE_CHECKING:
    from shapetypes.static.modules import Module
    from shapetypes.static.names import Names


@dataclass(frozen=True, slots=True)
class Contract:
    """One annotation.

    Attributes:
        kind: `tensor`, `dim`, `int`, `float`, `bool`, `str`, `none`, `union`, `tuple`, `many` (a tuple of any length),
            `list`, `dict`, `class` (of the project), `stub` (of the op database), `any`.
        spec: The axes of a tensor, or None for a tensor of which nothing is declared.
        dtypes: The dtypes a tensor may have.
        group: What the user calls them.
        parts: The members of a union or tuple, the element of a list, the value of a dict.
        text: The string as written.
        place: Where the shape string stands.
        what: The class of `class` and `stub`; `numpy` for a `tensor` that is a NumPy array, `tf` for TensorFlow's;
            `dict` for an `any` that is a dict of which nothing is declared.
    """

    kind: str
    spec: Spec | None = None
    dtypes: DTypes = None
    group: str = ""
    parts: tuple[Contract, ...] = ()
    text: str = ""
    place: Place | None = None
    what: Any = None

    @property
    def shaped(self) -> bool:
        """Whether a shape string takes part."""
        return self.spec is not None or any(p.shaped for p in self.parts)

    def specs(self) -> list[Spec]:
        """Every shape string in it."""
        out = [self.spec] if self.spec is not None else []
        for part in self.parts:
            out += part.specs()
        return out


ANY = Contract("any")
_ORDER = 'the array type stands first: {}[Tensor, "..."]'
_PLAIN = {
    "builtins.int": "int",
    "builtins.float": "float",
    "builtins.bool": "bool",
    "builtins.str": "str",
    "builtins.None": "none",
}
_LISTS = (
    "list",
    "List",
    "Sequence",
    "Iterable",
    "Iterator",
    "Generator",
    "AsyncIterable",
    "AsyncIterator",
    "AsyncGenerator",
    "Collection",
    "MutableSequence",
    "set",
    "Set",
    "frozenset",
)
_DICTS = ("dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict")
_WRAPPERS = ("Annotated", "Final", "ClassVar", "Required", "NotRequired", "InitVar", "ReadOnly")
_TYPING = ("typing.", "typing_extensions.", "collections.", "collections.abc.", "builtins.")
_TENSORS = frozenset(
    {"torch.Tensor", "torch.nn.Parameter", "torch.nn.parameter.Parameter", "torch.FloatTensor", "torch.LongTensor"}
)


_TF_TENSORS = frozenset({"tensorflow.Tensor", "tensorflow.Variable", "keras.KerasTensor", "keras.Variable"})


class BadAnnotation(Exception):
    """A shape string that cannot be read, at its place."""

    def __init__(self, fault: Fault, place: Place) -> None:
        super().__init__()
        self.fault = fault
        self.place = place


class Annotations:
    """Reads annotations in one module.

    Args:
        names: What names stand for.
        module: The module they stand in.
    """

    def __init__(self, names: Names, module: Module, local: dict[str, Any] | None = None, depth: int = 0) -> None:
        self.names = names
        self.module = module
        self.local = local
        self.depth = depth

    def read(self, node: ast.expr | None) -> Contract:
        """The contract of an annotation.

        Raises:
            BadAnnotation: a shape string in it cannot be read.
        """
        if node is None or self.depth > 24:
            return ANY  # an alias may refer to itself
        self.depth += 1
        try:
            return self._read(node)
        finally:
            self.depth -= 1

    def _read(self, node: ast.expr) -> Contract:
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return _union([self.read(node.left), self.read(node.right)])
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self._name(node)
        return ANY

    def _constant(self, node: ast.Constant) -> Contract:
        if node.value is None:
            return Contract("none")
        if not isinstance(node.value, str):
            return ANY
        try:
            inner = ast.parse(node.value.strip(), mode="eval").body
        except SyntaxError:
            return ANY
        for sub in ast.walk(inner):
            ast.copy_location(sub, node)
        return self.read(inner)

    def _name(self, node: ast.Name | ast.Attribute) -> Contract:
        found = self.names.static(node, self.module, self.local)
        if isinstance(found, tuple) and len(found) == 3 and found[0] == "expr":
            _, module, expr = found
            return Annotations(self.names, module, None, self.depth).read(expr)
        if isinstance(found, ClassRef):
            return Contract("class", what=found.info)
        if isinstance(found, Ref):
            return self._outside(found.path)
        return ANY

    def _outside(self, path: str) -> Contract:
        if path in _PLAIN:
            return Contract(_PLAIN[path])
        if path.startswith(("tensorflow.", "keras.")) and public_path(path) in _TF_TENSORS:
            return Contract("tensor", what="tf")
        if path in _TENSORS or path.endswith(".Tensor"):
            return Contract("tensor")
        if path.endswith((".ndarray", ".NDArray")) or (path.startswith("jax") and path.endswith(".Array")):
            return Contract("tensor", what="numpy")
        if path.startswith(("jaxtyping.", "shapetypes.")) and path.rpartition(".")[2] in GROUPS:
            return Contract("tensor", dtypes=GROUPS[path.rpartition(".")[2]], group=path.rpartition(".")[2])
        if path.startswith(("jaxtyping.Scalar", "shapetypes.Scalar")):
            return Contract("tensor", spec=parse_axes(""), text="")
        if path in ("builtins.list", "builtins.tuple", "typing.List", "typing.Tuple"):
            return ANY
        if path.startswith(_TYPING) and path.rpartition(".")[2] in _DICTS:
            return Contract("any", what="dict")
        found = self.names.stubs.find(path)
        return Contract("stub", what=found) if isinstance(found, ClassStub) else ANY

    def _subscript(self, node: ast.Subscript) -> Contract:
        head = self.names.static(node.value, self.module, self.local)
        if isinstance(head, tuple) and len(head) == 3 and head[0] == "expr":
            head = self.names.static(head[2], head[1], None)
        args = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        if not isinstance(head, Ref):
            return self._wrapper(head, node, args)
        package, _, last = head.path.rpartition(".")
        if package in ("jaxtyping", "shapetypes") and last in GROUPS:
            return self._tensor(last, args)
        if (
            package == "shapetypes" and last in ("Dim", "annotations.Dim")
        ) or head.path == "shapetypes.annotations.Dim":
            return self._dim(args)
        if last == "Optional":
            return _union([self.read(args[0]), Contract("none")])
        if last == "Union":
            return _union([self.read(a) for a in args])
        if not head.path.startswith(_TYPING):
            return self._outside(head.path)
        if last in _WRAPPERS:
            return self.read(args[0])
        if last in ("tuple", "Tuple"):
            if len(args) == 2 and isinstance(args[1], ast.Constant) and args[1].value is ...:
                return Contract("many", parts=(self.read(args[0]),))
            parts = tuple(self.read(a) for a in args)
            # `tuple[int]` is mostly meant as `tuple[int, ...]`: how many there are is a type checker's affair.
            return Contract("many" if [p.kind for p in parts] == ["int"] else "tuple", parts=parts)
        if last in _LISTS:
            return Contract("list", parts=(self.read(args[0]),))
        if last in _DICTS and len(args) == 2:
            return Contract("dict", parts=(self.read(args[1]),))
        return ANY

    def _wrapper(self, head: Any, node: ast.Subscript, args: list[ast.expr]) -> Contract:
        """`Float["b n"]` of a project's own wrapper around a jaxtyping class, or a generic class of the project."""
        if isinstance(head, ClassRef):
            return Contract("class", what=head.info)
        group = self.names.wrapped_group(head)
        if group and len(args) == 1 and isinstance(args[0], ast.Constant) and isinstance(args[0].value, str):
            return self._tensor(group, args)
        return ANY

    def _tensor(self, group: str, args: list[ast.expr]) -> Contract:
        if len(args) == 2 and isinstance(args[0], ast.Constant) and isinstance(args[0].value, str):
            if not isinstance(args[1], ast.Constant):
                fault = Fault("bad-annotation", "annotation", spec=args[0].value, detail=_ORDER.format(group))
                raise BadAnnotation(fault, self.place(args[0]))
        text = self.text(args[-1])
        inner = self.read(args[0]) if len(args) > 1 else ANY
        if text is None:
            return Contract("tensor")
        place = self.place(args[-1])
        try:
            spec = parse_axes(text)
            if inner.kind == "tensor" and inner.spec is not None:
                # Float[Float[Tensor, "b c"], "t"] puts the outer axes first.
                text = f"{text} {inner.text}"
                spec = parse_axes(text)
        except AnnotationError as error:
            assert error.fault is not None
            raise BadAnnotation(error.fault, self.column_place(args[-1], error.fault.column or 0)) from None
        dtypes = GROUPS[group]
        if inner.kind == "tensor" and inner.dtypes is not None:
            dtypes = inner.dtypes if dtypes is None else dtypes & inner.dtypes
        library = inner.what if inner.kind == "tensor" else None
        return Contract("tensor", spec, dtypes, group, text=text, place=place, what=library)

    def _dim(self, args: list[ast.expr]) -> Contract:
        text = self.text(args[1]) if len(args) == 2 else None
        if text is None:
            return ANY
        try:
            spec = parse_axes(text)
        except AnnotationError as error:
            assert error.fault is not None
            raise BadAnnotation(error.fault, self.column_place(args[1], error.fault.column or 0)) from None
        return Contract("dim", spec, parts=(self.read(args[0]),), text=text, place=self.place(args[1]))

    def text(self, node: ast.expr) -> str | None:
        """The text of a shape string: a literal, an f-string of axis holes, or a module constant."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, (ast.Name, ast.Attribute)):
            found = self.names.static(node, self.module, self.local)
            if isinstance(found, str):
                return found
            if isinstance(found, tuple) and len(found) == 3 and isinstance(found[2], ast.Constant):
                return found[2].value if isinstance(found[2].value, str) else None
        return None

    def place(self, node: ast.expr) -> Place:
        """The span of a node in this module."""
        return place_of(self.module, node)

    def column_place(self, node: ast.expr, column: int) -> Place:
        """The span of one character inside a plain one-line string literal, else the whole literal."""
        place = self.place(node)
        line = self.module.lines[place.line - 1] if place.line <= len(self.module.lines) else ""
        literal = line[place.column - 1 : place.end_column - 1]
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
        quote = 3 if literal[:3] in ('"""', "'''") else 1
        if place.line != place.end_line or text is None or literal[quote : len(literal) - quote] != text:
            return place
        at = place.column + quote + min(column, max(len(text) - 1, 0))
        return Place(place.file, place.line, at, place.line, at + 1)


def place_of(module: Module, node: ast.AST) -> Place:
    """The span of a node: lines and columns from 1, columns in code points, the end exclusive."""
    line: int = getattr(node, "lineno", 1)
    end_line: int = getattr(node, "end_lineno", None) or line
    column = _points(module, line, getattr(node, "col_offset", 0))
    end = _points(module, end_line, getattr(node, "end_col_offset", None) or 0)
    return Place(module.path, line, column + 1, end_line, end + 1)


def _points(module: Module, line: int, column: int) -> int:
    """A column of UTF-8 bytes in code points."""
    text = module.lines[line - 1] if 0 < line <= len(module.lines) else ""
    return column if text.isascii() else len(text.encode()[:column].decode(errors="ignore"))


def _union(parts: list[Contract]) -> Contract:
    flat: list[Contract] = []
    for part in parts:
        flat += part.parts if part.kind == "union" else (part,)
    return flat[0] if len(flat) == 1 else Contract("union", parts=tuple(flat))


__all__ = ["ANY", "Annotations", "BadAnnotation", "Contract", "Symbol", "place_of"]
