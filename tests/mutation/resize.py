"""Does a changed signature allow sizes with which its function fails, although the unchanged one did not?

An axis that gets another name says that its size is free. One run with one set of sizes cannot contradict that, so the
recorded call is made once more with that axis one longer.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import Any

import torch

from tests.mutation.contracts import helpers, with_checks
from tests.mutation.execute import run

Path = tuple[
    str, tuple[int, ...], int
]  # a parameter, indices into its tuple or list, an axis: from the end, of a variadic name from the front

CALLS = 16
"""So many calls of a function are made once more: an optional argument may be missing in the first."""


def allows_failure(original: str, mutant: str, name: str) -> bool | None:
    """Whether the mutant's annotation allows a call that fails, where the original's allowed none of that kind.

    None where that is not known: not even the original takes the longer axis, or the name is one of a local annotation
    or a field, of which no call can give another size.
    """
    for before, after in zip(_functions(original), _functions(mutant), strict=True):
        old, new = dict(_axes(before)), dict(_axes(after))
        if _result(before) != _result(after):
            return False  # a result is judged wherever it is returned
        if old == new:
            continue
        if old.keys() != new.keys():
            return False  # another number of axes: the plain run has judged it
        found = {_fails(original, mutant, name, before, path, old, new) for path in old if old[path] != new[path]}
        return True if True in found else None if None in found else False
    return None


def _fails(
    original: str,
    mutant: str,
    name: str,
    function: ast.FunctionDef,
    path: Path,
    old: dict[Path, str],
    new: dict[Path, str],
) -> bool | None:
    together = [p for p in old if old[p] == old[path]]
    alone = [p for p in new if new[p] == new[path]]
    ints = [a.arg for a in function.args.args if a.arg == old[path]]
    before = _accepted(original, name, function.lineno, together, ints)
    if True not in before:
        return None
    after = _accepted(mutant, name, function.lineno, alone, [])
    if any(was and not now for was, now in zip(before, after, strict=False)):
        return True
    return False if all(before) else None


def _accepted(source: str, name: str, line: int, longer: list[Path], ints: list[str]) -> list[bool]:
    """Whether the first calls of a function go through once more with these axes, and these ints, one larger."""
    calls: list[Any] = []
    tree = with_checks(ast.parse(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.lineno == line:
            node.decorator_list.insert(0, ast.copy_location(ast.Name("_recorded", ast.Load()), node))
            names = [a.arg for a in node.args.args]

    def recorded(function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            if len(calls) < CALLS:
                calls.append((function, dict(zip(names, args, strict=False)) | kwargs))
            return function(*args, **kwargs)

        return call

    run(tree, name, {**helpers(), "_recorded": recorded})
    return [_goes_through(function, given, longer, ints) for function, given in calls]


def _goes_through(function: Any, given: dict[str, Any], longer: list[Path], ints: list[str]) -> bool:
    try:
        with torch.no_grad():
            function(**_larger(given, longer, ints))
    except Exception:
        return False
    return True


def _larger(given: dict[str, Any], longer: list[Path], ints: list[str]) -> dict[str, Any]:
    out = {k: copy.copy(v) if isinstance(v, list) else v for k, v in given.items()}
    for parameter, inner, axis in longer:
        if parameter in out:
            out[parameter] = _one_longer(out[parameter], inner, axis)
    for parameter in ints:
        out[parameter] = out[parameter] + 1
    return out


def _one_longer(value: Any, inner: tuple[int, ...], axis: int) -> Any:
    if inner:
        items = list(value)
        items[inner[0]] = _one_longer(items[inner[0]], inner[1:], axis)
        return type(value)(items)
    if not isinstance(value, torch.Tensor):
        return value
    return torch.cat([value, value.narrow(axis, 0, 1)], dim=axis)


def _result(function: ast.FunctionDef) -> str:
    return ast.unparse(function.returns) if function.returns else ""


def _functions(source: str) -> list[ast.FunctionDef]:
    return [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]


def _axes(function: ast.FunctionDef) -> Iterator[tuple[Path, str]]:
    """Every axis of the parameters, with its name."""
    for arg in [*function.args.args, *function.args.kwonlyargs]:
        for inner, text in _strings(arg.annotation, ()):
            axes = text.split()
            for i, axis in enumerate(axes):
                if axis.startswith("*"):
                    yield (arg.arg, inner, i), axis  # its first axis stands for all of them
                elif not any(a.startswith(("*", "...")) for a in axes[i:]):
                    yield (arg.arg, inner, i - len(axes)), axis


def _strings(node: ast.expr | None, inner: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], str]]:
    if isinstance(node, ast.BinOp):
        yield from _strings(node.left, inner)
    elif isinstance(node, ast.Subscript):
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        last = items[-1]
        if isinstance(last, ast.Constant) and isinstance(last.value, str):
            yield inner, last.value
        elif ast.unparse(node.value) in ("tuple", "list", "Optional"):
            for i, item in enumerate(items):
                yield from _strings(item, inner if ast.unparse(node.value) == "Optional" else (*inner, i))
