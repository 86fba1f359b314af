"""Programs that check their own annotations when they run: signatures, fields, locals, sizes of `__init__`."""

from __future__ import annotations

import ast
import re
from typing import Any

from beartype import beartype
from jaxtyping import jaxtyped


def helpers() -> dict[str, Any]:
    """What the changed programs call."""
    return {"_jaxtyped": typed, "_checked": checked, "_fields": with_fields}


def typed(function: Any) -> Any:
    """The function (or dataclass) with its annotations checked at every call."""
    return jaxtyped(function, typechecker=beartype)


def checked(value: Any, hint: Any) -> Any:
    """A value of an annotated local variable, checked like an argument.

    Raises:
        TypeError: it is of another shape.
    """
    if isinstance(hint, type) and not isinstance(value, hint):
        raise TypeError(f"{tuple(getattr(value, 'shape', ()))} is not {hint}")
    return value


def with_fields(row: Any) -> Any:
    """The NamedTuple with its fields checked together whenever one is made."""
    make = row.__new__

    def new(kind: Any, *args: Any, **kwargs: Any) -> Any:
        out = make(kind, *args, **kwargs)
        with jaxtyped("context"):
            for name, hint in row.__annotations__.items():
                checked(getattr(out, name), hint)
        return out

    row.__new__ = new
    return row


def with_checks(tree: ast.Module) -> ast.Module:
    """The program with every annotation checked.

    An axis with the name of an int parameter of the class's `__init__` is that int of the object.
    """
    for node in list(ast.walk(tree)):
        if isinstance(node, ast.ClassDef):
            _bind_sizes(node)
    out: ast.Module = Checks().visit(tree)
    return out


class Locals(ast.NodeTransformer):
    """Calls a function on the value of every annotated local variable."""

    depth = 0

    def wrap(self, node: ast.AnnAssign) -> ast.expr:
        """What is assigned in place of the value."""
        raise NotImplementedError

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Annotated assignments inside functions are those of locals."""
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        """Wrap the value of an annotated local."""
        if self.depth and node.value is not None:
            node.value = ast.copy_location(self.wrap(node), node.value)
        return node


class Checks(Locals):
    """Decorates functions and dataclasses, and checks annotated locals."""

    def wrap(self, node: ast.AnnAssign) -> ast.expr:
        """The value after a check."""
        assert node.value is not None
        return ast.Call(ast.Name("_checked", ast.Load()), [node.value, node.annotation], [])

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Check the signature, and what is assigned to names that are annotated without a value."""
        super().visit_FunctionDef(node)
        bare = [n for n in ast.walk(node) if isinstance(n, ast.AnnAssign) and n.value is None]
        node.body = _with_checks_of({ast.unparse(n.target): n.annotation for n in bare}, node.body)
        node.decorator_list.append(ast.copy_location(ast.Name("_jaxtyped", ast.Load()), node))
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Check the fields of a dataclass or NamedTuple."""
        if any("NamedTuple" in ast.unparse(b) for b in node.bases):
            node.decorator_list.insert(0, ast.copy_location(ast.Name("_fields", ast.Load()), node))
            return node
        if any("dataclass" in ast.unparse(d) for d in node.decorator_list):
            node.decorator_list.insert(0, ast.copy_location(ast.Name("_jaxtyped", ast.Load()), node))
            return node
        self.generic_visit(node)
        return node


def _with_checks_of(declared: dict[str, ast.expr], body: list[ast.stmt]) -> list[ast.stmt]:
    out: list[ast.stmt] = []
    for statement in body:
        out.append(statement)
        if isinstance(statement, ast.Assign):
            stored = [n.id for t in statement.targets for n in ast.walk(t) if isinstance(n, ast.Name)]
            calls = [
                ast.Call(ast.Name("_checked", ast.Load()), [ast.Name(x, ast.Load()), declared[x]], [])
                for x in stored
                if x in declared
            ]
            out += [ast.copy_location(ast.Expr(call), statement) for call in calls]
    return out


def _bind_sizes(node: ast.ClassDef) -> None:
    init = next((m for m in node.body if isinstance(m, ast.FunctionDef) and m.name == "__init__"), None)
    if init is None:
        return
    names = [a.arg for a in [*init.args.args, *init.args.kwonlyargs] if _is_int(a.annotation)]
    pattern = re.compile(rf"(?<![\w*.])({'|'.join(names)})\b") if names else None
    for method in node.body:
        if pattern is None or not isinstance(method, ast.FunctionDef) or method is init:
            continue
        for root in annotations(method):
            for part in ast.walk(root):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and "{" not in part.value:
                    part.value = pattern.sub(r"{self._size_\1}", part.value)
    keep = [f"self.__dict__['_size_{n}'] = {n}" for n in names]
    init.body[:0] = [ast.copy_location(s, init) for line in keep for s in ast.parse(line).body]


def _is_int(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Name) and node.id == "int"


def annotations(tree: ast.AST) -> list[ast.expr]:
    """Every annotation in a tree: of parameters, returns and variables."""
    out: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation is not None:
            out.append(node.annotation)
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            out.append(node.returns)
    return out
