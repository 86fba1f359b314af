"""Reads stub files into plain tables: signatures with axis strings, and names of shape functions.

A table is made of tuples, strings and numbers only, so that it can be kept in a cache and loaded fast. Types are
tuples whose first item says what they are:

| form | stands for |
|---|---|
| `("tensor", group, axes)` | a tensor; `group` a jaxtyping dtype class or None, `axes` an axis string or None |
| `("dim", type, text)` | `Dim[type, "text"]` |
| `("rule", type, name)` | `Rule[type, "name"]` |
| `("seq", type)`, `("tuple", types)`, `("many", type)` | `Sequence[T]`; `tuple[A, B]`; `tuple[T, ...]` |
| `("union", types)`, `("literal", values)` | `A | B`; `Literal[...]` |
| `("int",)`, `("float",)`, `("bool",)`, `("str",)`, `("none",)`, `("dtype",)`, `("any",)` | plain values |
| `("device",)` | a device, its name or its number |
| `("name", text)` | a class that says nothing about shapes |
"""

from __future__ import annotations

import ast
from typing import Any, NamedTuple

from shapetypes.core.dtype import GROUPS
from shapetypes.core.fault import AnnotationError
from shapetypes.core.parse import parse_axes

Type = tuple[Any, ...]
NO_DEFAULT = "\0none"
SOME_DEFAULT = "\0some"


class Param(NamedTuple):
    """One parameter: `kind` is `/`, `p`, `*`, `k` or `**`; `default` a literal, NO_DEFAULT or SOME_DEFAULT (`...`)."""

    name: str
    kind: str
    type: Type
    default: Any


class Signature(NamedTuple):
    """One overload of a function."""

    name: str
    params: tuple[Param, ...]
    returns: Type
    flags: tuple[str, ...]
    line: int


class ClassTable(NamedTuple):
    """A class of a stub."""

    name: str
    bases: tuple[str, ...]
    methods: dict[str, tuple[Signature, ...]]
    attributes: dict[str, Type]


class ModuleTable(NamedTuple):
    """What one stub file defines."""

    path: str
    functions: dict[str, tuple[Signature, ...]]
    classes: dict[str, ClassTable]
    names: dict[str, str]
    attributes: dict[str, Type]


class StubError(Exception):
    """A stub that cannot be used; says file, line and what to do."""


_PLAIN = {
    "int": ("int",),
    "SymInt": ("int",),
    "float": ("float",),
    "bool": ("bool",),
    "str": ("str",),
    "None": ("none",),
    "dtype": ("dtype",),
    "Any": ("any",),
    "object": ("any",),
    "Number": ("union", (("float",), ("bool",))),
    "complex": ("float",),
    "Size": ("seq", ("int",)),
    # torch's own names for what its classes shadow
    "_int": ("int",),
    "_float": ("float",),
    "_bool": ("bool",),
    "_complex": ("float",),
    "_dtype": ("dtype",),
    "_device": ("device",),
    "_size": ("seq", ("int",)),
}
_TENSORS = frozenset(
    {"Tensor", "Parameter", "Buffer", "KerasTensor", "Variable", "ndarray", "NDArray", "Array", "LongTensor"}
)
_SEQUENCES = frozenset({"Sequence", "list", "List", "Iterable", "Collection"})


def read_stub(source: str, path: str, module: str, is_package: bool) -> ModuleTable:
    """Read the text of a stub file.

    Args:
        source: The text.
        path: The file, for errors.
        module: Its dotted name, for relative imports.
        is_package: Whether it is an `__init__.pyi`.

    Raises:
        StubError: it is not valid Python, or an axis string in it cannot be read.
    """
    try:
        tree = ast.parse(source, path)
    except SyntaxError as error:
        raise StubError(f"{path}:{error.lineno}: this stub is not valid Python: {error.msg}") from None
    return _Reader(path, module, is_package).module(tree)


class _Reader:
    def __init__(self, path: str, module: str, is_package: bool) -> None:
        self.path = path
        self.package = module if is_package else module.rpartition(".")[0]
        self.aliases: dict[str, ast.expr] = {}

    def module(self, tree: ast.Module) -> ModuleTable:
        table = ModuleTable(self.path, {}, {}, {}, {})
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                table.functions[node.name] = (*table.functions.get(node.name, ()), self.signature(node))
            elif isinstance(node, ast.ClassDef):
                table.classes[node.name] = self.klass(node)
            else:
                self.statement(node, table)
        return table

    def statement(self, node: ast.stmt, table: ModuleTable) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                table.names[alias.asname or alias.name.partition(".")[0]] = alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = self.package.split(".")[: len(self.package.split(".")) - node.level + 1]
                base = ".".join([*parents, *([base] if base else [])])
            for alias in node.names:
                table.names[alias.asname or alias.name] = f"{base}.{alias.name}"
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            target = node.targets[0].id
            if isinstance(node.value, (ast.Name, ast.Attribute)):
                table.names[target] = "." + ast.unparse(node.value)
            self.aliases[target] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias" and node.value is not None:
                self.aliases[node.target.id] = node.value
            else:
                table.attributes[node.target.id] = self.type(node.annotation)

    def klass(self, node: ast.ClassDef) -> ClassTable:
        table = ClassTable(node.name, tuple(ast.unparse(b) for b in node.bases), {}, {})
        for item in node.body:
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
                table.methods[item.name] = (*table.methods.get(item.name, ()), self.signature(item))
            elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                table.attributes[item.target.id] = self.type(item.annotation)
            elif isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
                original = item.value.id if isinstance(item.value, ast.Name) else ""
                if original in table.methods:
                    table.methods[item.targets[0].id] = table.methods[original]
        return table

    def signature(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Signature:
        a = node.args
        flags = tuple(sorted(d.id if isinstance(d, ast.Name) else getattr(d, "attr", "") for d in node.decorator_list))
        positional = [*a.posonlyargs, *a.args]
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(a.defaults)) + list(a.defaults)
        params = [
            self.param(arg, "/" if i < len(a.posonlyargs) else "p", default)
            for i, (arg, default) in enumerate(zip(positional, defaults, strict=True))
        ]
        if a.vararg:
            params.append(self.param(a.vararg, "*", None))
        params += [self.param(arg, "k", default) for arg, default in zip(a.kwonlyargs, a.kw_defaults, strict=True)]
        if a.kwarg:
            params.append(self.param(a.kwarg, "**", None))
        returns = self.type(node.returns) if node.returns else ("any",)
        return Signature(node.name, tuple(params), returns, flags, node.lineno)

    def param(self, arg: ast.arg, kind: str, default: ast.expr | None) -> Param:
        kept: Any = NO_DEFAULT
        if default is not None:
            try:
                kept = ast.literal_eval(default)
            except ValueError:
                kept = SOME_DEFAULT
            if kept is ...:
                kept = SOME_DEFAULT
        return Param(arg.arg, kind, self.type(arg.annotation) if arg.annotation else ("any",), kept)

    def type(self, node: ast.expr) -> Type:
        if isinstance(node, ast.Constant):
            if node.value is None:
                return ("none",)
            return self.type(ast.parse(node.value, mode="eval").body) if isinstance(node.value, str) else ("any",)
        if isinstance(node, ast.BinOp):
            return _union([self.type(node.left), self.type(node.right)])
        if isinstance(node, ast.Subscript):
            return self.subscript(node)
        text = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if text in self.aliases:
            return self.type(self.aliases[text])
        if text in _TENSORS:
            return ("tensor", None, None)
        return _PLAIN.get(text, ("name", text))

    def subscript(self, node: ast.Subscript) -> Type:
        head = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        args = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        if head in GROUPS:
            return ("tensor", head, self.axes(args[-1]))
        if head == "Dim":
            return ("dim", self.type(args[0]), self.text(args[1]))
        if head == "Rule":
            return ("rule", self.type(args[0]), self.text(args[1]))
        if head == "Optional":
            return _union([self.type(args[0]), ("none",)])
        if head == "Union":
            return _union([self.type(arg) for arg in args])
        if head == "Literal":
            return ("literal", tuple(ast.literal_eval(arg) for arg in args))
        if head in _SEQUENCES:
            return ("seq", self.type(args[0]))
        if head in ("tuple", "Tuple"):
            if len(args) == 2 and isinstance(args[1], ast.Constant) and args[1].value is ...:
                return ("many", self.type(args[0]))
            return ("tuple", tuple(self.type(arg) for arg in args))
        if head == "Annotated" or head in ("Final", "ClassVar"):
            return self.type(args[0])
        if head in self.aliases:
            return self.type(self.aliases[head])
        return ("tensor", None, None) if head in _TENSORS else ("name", head)

    def text(self, node: ast.expr) -> str:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            raise StubError(f"{self.path}:{node.lineno}: expected a string, got `{ast.unparse(node)}`")
        return node.value

    def axes(self, node: ast.expr) -> str:
        text = self.text(node)
        try:
            parse_axes(text, several=True)
        except AnnotationError as error:
            fault = error.fault
            detail = fault.detail if fault else ""
            raise StubError(f"{self.path}:{node.lineno}: the shape string {text!r} cannot be read: {detail}") from None
        return text


def _union(types: list[Type]) -> Type:
    flat: list[Type] = []
    for t in types:
        flat += t[1] if t[0] == "union" else [t]
    return ("union", tuple(dict.fromkeys(flat)))
