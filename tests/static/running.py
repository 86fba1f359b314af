"""Runs a small program for real, its annotations checked by jaxtyping and beartype, those of locals included."""

import ast
import contextlib
import io
import sys
import types
import warnings

import jaxtyping
import torch
from beartype import beartype
from jaxtyping import jaxtyped


class _Checked(ast.NodeTransformer):
    """Decorates what is annotated and asserts after each annotated local."""

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        if not any(isinstance(x, (ast.Yield, ast.YieldFrom)) for x in ast.walk(node)):
            node.decorator_list.append(ast.Name("CHECKED_", ast.Load()))
        return node

    def visit_ClassDef(self, node):
        self.generic_visit(node)
        if any(word in ast.unparse(base) for base in node.bases for word in ("keras", "layers.")):
            # Keras reads the signature of a layer's constructor, and a decorated one has none.
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name == "__init__":
                    item.decorator_list.pop()
        if any("dataclass" in ast.unparse(x) for x in node.decorator_list):
            node.decorator_list.insert(0, ast.Name("CHECKED_", ast.Load()))
        return node

    def visit_AnnAssign(self, node):
        head = node.annotation.value if isinstance(node.annotation, ast.Subscript) else None
        if node.value is None or not isinstance(head, ast.Name) or not hasattr(jaxtyping, head.id):
            return node
        target = ast.parse(ast.unparse(node.target), mode="eval").body
        holds = ast.Call(ast.Name("isinstance", ast.Load()), [target, node.annotation], [])
        return [node, ast.Assert(holds, ast.Constant("an annotated local"))]


@contextlib.contextmanager
def loaded(path):
    """The module of a program, its annotations checked while it is in use."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if not isinstance(node, ast.If):
            _Checked().visit(node)
    ast.fix_missing_locations(tree)
    module = types.ModuleType(path.stem)
    module.__dict__["CHECKED_"] = jaxtyped(typechecker=beartype)
    sys.modules[path.stem] = module  # dataclasses look their module up
    torch.manual_seed(0)
    try:
        exec(compile(tree, str(path), "exec"), module.__dict__)
        yield module
    finally:
        del sys.modules[path.stem]


def outcome(path):
    """What the program prints, or the exception that ends it; warnings are exceptions."""
    out = io.StringIO()
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(out):
            warnings.simplefilter("error", UserWarning)
            with loaded(path) as module:
                module.main()
    except Exception as error:
        return error
    return out.getvalue()
