"""Mutation operators: every way in which one place of a program can get a shape wrong.

A mutant is the text of the program with one expression replaced, so that lines stay where they are.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LAYOUT = ("transpose", "permute", "unsqueeze", "squeeze", "flatten", "view", "reshape", "expand")
REDUCTIONS = ("sum", "mean", "max", "min", "amax", "argmax", "any", "logsumexp", "norm")
WITH_DIM = (*LAYOUT[:5], *REDUCTIONS, "softmax", "log_softmax", "size", "gather", "index_add", "topk", "unfold")
PATTERNS = ("einsum", "rearrange", "reduce", "repeat")
RECURRENT = ("LSTM", "GRU")
NO_SIZES = ("dim", "batch_first", "bidirectional", "bias", "dtype", "device")
CREATION = ("zeros", "ones", "eye", "randn", "rand", "arange", "linspace", "hann_window")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed program.

    Attributes:
        operator: Which kind of change it is.
        source: The whole text.
        lines: The first and the last line of what was replaced.
        change: What became what, for people.
    """

    operator: str
    source: str
    lines: tuple[int, int]
    change: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A node and the text that replaces it."""

    operator: str
    node: ast.AST
    text: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a program, each text once."""
    tree = ast.parse(source)
    lines = source.splitlines(keepends=True)
    seen = {source}
    for edit in edits(tree):
        start = _offset(lines, edit.node.lineno, edit.node.col_offset)  # type: ignore[attr-defined]
        end = _offset(lines, edit.node.end_lineno, edit.node.end_col_offset)  # type: ignore[attr-defined]
        old = source[start:end]
        new = edit.text
        if isinstance(edit.node, ast.Tuple) and not old.startswith("("):
            new = new.removeprefix("(").removesuffix(")")
        text = source[:start] + _as_tall(edit, new, old.count("\n")) + source[end:]
        if text in seen:
            continue
        seen.add(text)
        span = (edit.node.lineno, edit.node.end_lineno)  # type: ignore[attr-defined]
        yield Mutant(edit.operator, text, span, f"{' '.join(old.split())} -> {edit.text}")


def _offset(lines: list[str], line: int, column: int) -> int:
    return sum(len(x) for x in lines[: line - 1]) + column


def _as_tall(edit: Edit, new: str, line_ends: int) -> str:
    """The new text with as many line ends as the old one had, so that other lines keep their numbers.

    They stand before a closing bracket if there is one: the old text may have been a part of a chain of methods.
    """
    if isinstance(edit.node, ast.stmt):
        return new
    at = len(new) - 1 if new.endswith((")", "]", "}")) else len(new)
    return new[:at] + "\n" * line_ends + new[at:]


def edits(tree: ast.Module) -> Iterator[Edit]:
    """Every edit of a program."""
    annotations = {id(part) for root in _annotations(tree) for part in ast.walk(root)}
    classes = {n.name for n in tree.body if isinstance(n, ast.ClassDef)}
    objects = _objects(tree, classes)
    for node in ast.walk(tree):
        if id(node) in annotations:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from annotation(node)
            continue
        for operator in _OPERATORS:
            yield from operator(node)
        if isinstance(node, ast.Call):
            yield from _sizes(node, classes, objects)


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            yield node.returns


def annotation(node: ast.Constant) -> Iterator[Edit]:
    """Every wrong version of an axis string."""
    axes = node.value.split()
    for i, axis in enumerate(axes):
        if i + 1 < len(axes) and axis != axes[i + 1]:
            yield _axes("annotation: swap two axes", node, [*axes[:i], axes[i + 1], axis, *axes[i + 2 :]])
        yield _axes("annotation: drop an axis", node, [*axes[:i], *axes[i + 1 :]])
        if axis.isdigit():
            yield _axes("annotation: another size", node, [*axes[:i], str(int(axis) + 1), *axes[i + 1 :]])
        elif axis.lstrip("*").isidentifier():
            yield _axes("annotation: rename an axis", node, [*axes[:i], axis + "_x", *axes[i + 1 :]])
            other = next((a for a in axes if a != axis and a.isidentifier()), None)
            if other and not axis.startswith("*"):
                yield _axes("annotation: rename an axis", node, [*axes[:i], other, *axes[i + 1 :]])
    yield _axes("annotation: add an axis", node, [*axes, "more"])
    if axes:
        yield _axes("annotation: add an axis", node, ["more", *axes])


def _axes(operator: str, node: ast.AST, axes: list[str]) -> Edit:
    return Edit(operator, node, f'"{" ".join(axes)}"')


def _drop(node: ast.AST) -> Iterator[Edit]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LAYOUT:
        yield Edit("drop a change of layout", node, ast.unparse(node.func.value))
    elif isinstance(node, ast.Call) and _name(node) in PATTERNS[1:]:
        yield Edit("drop a change of layout", node, ast.unparse(node.args[0]))
    elif isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        yield Edit("drop a change of layout", node, ast.unparse(node.value))
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        for i, item in enumerate(node.slice.elts):
            if isinstance(item, ast.Constant) and item.value is None:
                yield _with("drop a change of layout", node, lambda n, i=i: n.slice.elts.pop(i))


def _objects(tree: ast.Module, classes: set[str]) -> set[str]:
    """Names that hold no size: objects of the program's classes, and tensors."""
    found = {a.arg for a in ast.walk(tree) if isinstance(a, ast.arg) and not _is_number(a.annotation)}
    made = (n for n in ast.walk(tree) if isinstance(n, ast.Assign) and isinstance(n.value, ast.Call))
    return found | {ast.unparse(n.targets[0]) for n in made if _name(n.value) in classes}  # type: ignore[arg-type]


def _is_number(annotation: ast.expr | None) -> bool:
    return annotation is None or ast.unparse(annotation) in ("int", "float")


def _sizes(node: ast.Call, classes: set[str], objects: set[str]) -> Iterator[Edit]:
    name = _name(node)
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    layer = isinstance(owner, ast.Name) and owner.id == "nn"
    if name == "Parameter" or not (layer or name in classes or name in CREATION):
        return
    for i, arg in enumerate(node.args):
        if _is_size(arg, objects):
            yield _with("another size of a layer", node, lambda n, i=i: _grow(n.args, i))
    for i, keyword in enumerate(node.keywords):
        if _is_size(keyword.value, objects) and keyword.arg not in NO_SIZES:
            yield _with("another size of a layer", node, lambda n, i=i: _grow_keyword(n.keywords[i]))
    for i, (a, b) in enumerate(zip(node.args, node.args[1:], strict=False)):
        if ast.dump(a) != ast.dump(b):
            yield _with("sizes of a layer swapped", node, lambda n, i=i: _swap(n.args, i))


def _is_size(arg: ast.expr, objects: set[str]) -> bool:
    if isinstance(arg, ast.Constant):
        return type(arg.value) is int
    return isinstance(arg, (ast.Name, ast.Attribute, ast.BinOp)) and ast.unparse(arg) not in objects


def _grow(items: list[ast.expr], i: int) -> None:
    old = items[i]
    more = isinstance(old, ast.Constant) and type(old.value) is int
    items[i] = ast.Constant(old.value + 1) if more else ast.BinOp(old, ast.Add(), ast.Constant(1))


def _grow_keyword(keyword: ast.keyword) -> None:
    held = [keyword.value]
    _grow(held, 0)
    keyword.value = held[0]


def _dim(node: ast.AST) -> Iterator[Edit]:
    if not isinstance(node, ast.Call):
        return
    for i, keyword in enumerate(node.keywords):
        if keyword.arg in ("dim", "start_dim", "dims"):
            for text in _other_dims(keyword.value):
                yield _with("another dim", node, lambda n, i=i, t=text: setattr(n.keywords[i], "value", _parse(t)))
    if isinstance(node.func, ast.Attribute) and node.func.attr in WITH_DIM and not _is_module(node.func.value):
        for i, arg in enumerate(node.args):
            for text in _other_dims(arg):
                yield _with("another dim", node, lambda n, i=i, t=text: n.args.__setitem__(i, _parse(t)))


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("torch", "F", "nn")


def _other_dims(node: ast.expr) -> list[str]:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return []
    if isinstance(value, tuple) and len(value) == 2:
        return [str((value[0] - 1, value[1])), str((value[0], value[1] - 1))]
    return [str(value - 1), str(value + 1)] if type(value) is int else []


def _swapped(node: ast.AST) -> Iterator[Edit]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.MatMult, ast.Sub, ast.Div, ast.Mult, ast.FloorDiv)):
        if ast.dump(node.left) != ast.dump(node.right):
            yield _with("operands or arguments swapped", node, _swap_operands)
    elif isinstance(node, ast.Call) and _name(node) not in PATTERNS and not _is_layer(node):
        for i, (a, b) in enumerate(zip(node.args, node.args[1:], strict=False)):
            if ast.dump(a) != ast.dump(b):
                yield _with("operands or arguments swapped", node, lambda n, i=i: _swap(n.args, i))
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        for i in range(len(node.value.elts) - 1):
            yield _with("operands or arguments swapped", node.value, lambda n, i=i: _swap(n.elts, i))
    if isinstance(node, ast.Call) and _name(node) in ("cat", "stack", "einsum"):
        for held in [*(a for a in node.args if isinstance(a, ast.List))]:
            for i in range(len(held.elts) - 1):
                yield _with("operands or arguments swapped", held, lambda n, i=i: _swap(n.elts, i))
        tensors = [i for i, a in enumerate(node.args) if not isinstance(a, (ast.Constant, ast.List))]
        if _name(node) == "einsum" and len(tensors) == 2:
            yield _with("operands or arguments swapped", node, lambda n, i=tensors[0]: _swap(n.args, i))


def _swap_operands(node: ast.BinOp) -> None:
    node.left, node.right = node.right, node.left


def _is_layer(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "nn"


def _letters(node: ast.AST) -> Iterator[Edit]:
    if not (isinstance(node, ast.Call) and _name(node) in PATTERNS):
        return
    for arg in node.args:
        if not (isinstance(arg, ast.Constant) and isinstance(arg.value, str) and "->" in arg.value):
            continue
        word = r"[a-z_]+" if " " in arg.value else r"[a-z]"
        found = list(re.finditer(word, arg.value))
        names = sorted({m.group() for m in found})
        for i, m in enumerate(found):
            other = names[(names.index(m.group()) + 1) % len(names)]
            if other != m.group():
                yield _text("another letter", arg, arg.value[: m.start()] + other + arg.value[m.end() :])
            if i + 1 < len(found) and re.fullmatch(r"[ ()]*", arg.value[m.end() : found[i + 1].start()]):
                after = found[i + 1]
                middle = arg.value[m.end() : after.start()]
                text = arg.value[: m.start()] + after.group() + middle + m.group() + arg.value[after.end() :]
                yield _text("another letter", arg, text)


def _text(operator: str, node: ast.AST, text: str) -> Edit:
    return Edit(operator, node, f'"{text}"')


def _view(node: ast.AST) -> Iterator[Edit]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in ("view", "reshape", "expand"):
            for i, arg in enumerate(node.args):
                if isinstance(arg, ast.UnaryOp):
                    yield _with("another view size", node, lambda n, i=i: n.args.__setitem__(i, ast.Constant(2)))
                else:
                    yield _with("another view size", node, lambda n, i=i: _grow(n.args, i))


def _slice(node: ast.AST) -> Iterator[Edit]:
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return
    if isinstance(node.slice, ast.Tuple):
        for i, (a, b) in enumerate(zip(node.slice.elts, node.slice.elts[1:], strict=False)):
            if ast.dump(a) != ast.dump(b):
                yield _with("another slice axis", node, lambda n, i=i: _swap(n.slice.elts, i))
    elif isinstance(node.slice, (ast.Slice, ast.Constant, ast.UnaryOp)) and not _is_shape(node.value):
        yield _with("another slice axis", node, _move_slice)


def _is_shape(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "shape"


def _move_slice(node: ast.Subscript) -> None:
    node.slice = ast.Tuple([ast.Slice(), node.slice], ast.Load())


def _keepdim(node: ast.AST) -> Iterator[Edit]:
    if not (isinstance(node, ast.Call) and _name(node) in REDUCTIONS):
        return
    at = next((i for i, k in enumerate(node.keywords) if k.arg == "keepdim"), None)
    if at is not None:
        yield _with("keepdim added or dropped", node, lambda n: n.keywords.pop(at))
    elif any(k.arg == "dim" for k in node.keywords):
        keep = ast.keyword("keepdim", ast.Constant(value=True))
        yield _with("keepdim added or dropped", node, lambda n: n.keywords.append(keep))


def _flags(node: ast.AST) -> Iterator[Edit]:
    if not (isinstance(node, ast.Call) and _name(node) in RECURRENT):
        return
    for flag in ("batch_first", "bidirectional"):
        yield _with("batch_first or bidirectional flipped", node, lambda n, f=flag: _flip(n, f))


def _flip(node: ast.Call, flag: str) -> None:
    old = next((k for k in node.keywords if k.arg == flag), None)
    if old is None:
        node.keywords.append(ast.keyword(flag, ast.Constant(value=True)))
    else:
        node.keywords.remove(old)


def _unpacking(node: ast.AST) -> Iterator[Edit]:
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store):
        for i in range(len(node.elts) - 1):
            yield _with("another order of unpacking", node, lambda n, i=i: _swap(n.elts, i))


def _with(operator: str, node: ast.AST, change: Callable[[ast.AST], object]) -> Edit:  # type: ignore[type-arg]
    """An edit by changing a copy of the node."""
    new = copy.deepcopy(node)
    change(new)
    text = ast.unparse(new)
    plain = not isinstance(node, ast.Tuple) or text.startswith("(")
    return Edit(operator, node, f"({text})" if isinstance(node, ast.BinOp) or not plain else text)


def _swap(items: list[ast.expr], i: int) -> None:
    items[i], items[i + 1] = items[i + 1], items[i]


def _name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _parse(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


_OPERATORS = (_drop, _dim, _swapped, _letters, _view, _slice, _keepdim, _flags, _unpacking)
