"""Running a mutant: does it crash, change a shape, contradict an annotation, or change nothing?"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Callable
from itertools import count
from typing import Any

import torch

from tests.mutation.contracts import Locals, helpers, with_checks

_numbers = count(1)
CRASH, ANNOTATION, SHAPE, SAME, OPEN = "crash", "annotation", "shape", "same", "open"


def classify(source: str, name: str, original: list[Any], plain: bool = True) -> tuple[str, tuple[int, ...]]:
    """What becomes of a program.

    Args:
        source: Its text.
        name: A name for the file in tracebacks.
        original: What `shapes` gives for the unchanged program.
        plain: Whether it may run otherwise without checks; a changed annotation cannot make it.

    Returns:
        The class, and the lines of the program in the traceback, outermost first.
    """
    try:
        found = shapes(source, name) if plain else original
    except Exception as error:
        return CRASH, _lines(error, name)
    try:
        run(with_checks(ast.parse(source)), name, helpers())
    except Exception as error:
        return ANNOTATION, _lines(error, name)
    return (SHAPE if found != original else SAME), ()


def shapes(source: str, name: str) -> list[Any]:
    """Every annotated value of a run in order: its place in the program and its shape."""
    record: list[Any] = []

    def note(place: str, value: Any) -> Any:
        record.append((place, _shape(value)))
        return value

    run(_Notes().visit(ast.parse(source)), name, {"_note": note})
    return record


def run(tree: ast.Module, name: str, names: dict[str, Callable[..., Any]]) -> None:
    """Run a program's `main` with these names beside its own."""
    # A name of its own: beartype takes classes of the same name for the same class.
    module = types.ModuleType(f"mutant_{next(_numbers)}")
    module.__dict__.update(names)
    sys.modules[module.__name__] = module
    torch.manual_seed(0)
    try:
        with torch.no_grad():
            exec(compile(ast.fix_missing_locations(tree), name, "exec", dont_inherit=True), module.__dict__)
            module.__dict__["main"]()
    finally:
        del sys.modules[module.__name__]


def _shape(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return tuple(value.shape)
    if isinstance(value, (tuple, list)):
        return [_shape(v) for v in value]
    return None


def _lines(error: BaseException, name: str) -> tuple[int, ...]:
    out = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            out.append(trace.tb_lineno)
        trace = trace.tb_next
    return tuple(out)


class _Notes(Locals):
    def wrap(self, node: ast.AnnAssign) -> ast.expr:
        assert node.value is not None
        return _noted(f"line {node.lineno}", node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        super().visit_FunctionDef(node)
        shaped = [a.arg for a in node.args.args if a.annotation is not None and "[" in ast.unparse(a.annotation)]
        first: list[ast.stmt] = [
            ast.copy_location(ast.Expr(_noted(f"{node.name}({x})", ast.Name(x, ast.Load()))), node) for x in shaped
        ]
        node.body[:0] = first
        return node

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if node.value is not None:
            node.value = ast.copy_location(_noted(f"return {node.lineno}", node.value), node.value)
        return node


def _noted(place: str, value: ast.expr) -> ast.expr:
    return ast.Call(ast.Name("_note", ast.Load()), [ast.Constant(place), value], [])
