"""Telling generators from other functions."""

from __future__ import annotations

import ast

from shapetypes.static.values import Func


def is_generator(func: Func) -> bool:
    """Whether a function yields."""
    return bool(func.module.inside(func.node, ast.Yield)) and _yields(func.node)


def _yields(node: ast.AST) -> bool:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        if _yields(child):
            return True
    return False


__all__ = ["is_generator"]
