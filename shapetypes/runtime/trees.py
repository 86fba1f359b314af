"""`PyTree[leaf, "T"]`: what its leaves are, structures with names, axes that differ from leaf to leaf (`?n`)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Final

from shapetypes.core import spec as sp
from shapetypes.core.fault import AnnotationError, Fault, Origin
from shapetypes.core.scope import Scope
from shapetypes.core.spec import Axis, Spec
from shapetypes.runtime import values
from shapetypes.runtime.nodes import ANY, Node, TensorNode, TreeNode, UnionNode, children

STRUCTURE: Final = "PyTree "
"""Before the names of structures in a scope: no axis can be called so."""

Fits = Callable[[Node, Any], bool]
Entry = tuple[str, Node, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Tree:
    """The structure of a value: what kind of container it is, its keys, what is inside; a leaf has no kind."""

    kind: Any = None
    keys: tuple[Any, ...] = ()
    inside: tuple[Tree, ...] = ()

    def __str__(self) -> str:
        if self.kind is None:
            return "*"
        inner = [str(one) for one in self.inside]
        if self.kind is dict:
            return "{" + ", ".join(f"{k!r}: {v}" for k, v in zip(self.keys, inner, strict=True)) + "}"
        if self.kind is list:
            return "[" + ", ".join(inner) + "]"
        name = "" if self.kind is tuple else getattr(self.kind, "__name__", str(self.kind))
        return f"{name}({', '.join(inner)}{',' if name == '' and len(inner) == 1 else ''})"


LEAF: Final = Tree()


def _split(value: Any) -> tuple[Any, tuple[Any, ...], list[Any]] | None:
    """The kind, keys and contents of a container; None for a leaf. JAX is asked about classes registered with it."""
    if value is None:
        return type(None), (), []
    if isinstance(value, dict):
        keys = tuple(sorted(value)) if all(isinstance(key, str) for key in value) else tuple(value)
        return dict, keys, [value[key] for key in keys]
    if isinstance(value, (list, tuple)):
        return type(value), tuple(range(len(value))), list(value)
    jax = values.module("jax")
    found = jax.tree_util.default_registry.flatten_one_level(value) if hasattr(jax, "tree_util") else None
    if found is None:
        return None
    inside = list(found[0])
    return type(value), tuple(range(len(inside))), inside


def _flatten(label: str, node: TreeNode, value: Any, fits: Fits) -> tuple[list[tuple[str, Any]], Tree]:
    """The leaves of a tree with what they are called, and its structure."""
    parts = None if node.leaf != ANY and value is not None and fits(node.leaf, value) else _split(value)
    if parts is None:
        return [(label, value)], LEAF
    kind, keys, items = parts
    inside = [_flatten(f"{label}[{key!r}]", node, item, fits) for key, item in zip(keys, items, strict=True)]
    return [leaf for found, _ in inside for leaf in found], Tree(kind, keys, tuple(tree for _, tree in inside))


def leaves(label: str, node: TreeNode, value: Any, fits: Fits) -> tuple[list[Entry], Tree]:
    """The leaves of a tree, as entries to check, and its structure.

    Args:
        label: What the value is called.
        node: The tree.
        value: What is to be one.
        fits: Whether a value may be a leaf; what may is not looked into.
    """
    found, tree = _flatten(label, node, value, fits)
    if not node.structure:
        return [(name, node.leaf, leaf) for name, leaf in found], tree
    return [(name, placed(node.leaf, f"{i} {node.structure}"), leaf) for i, (name, leaf) in enumerate(found)], tree


# -- structures -------------------------------------------------------------------------------------------------------


def structure_fault(label: str, node: TreeNode, have: Tree, scope: Scope, subject: str) -> Fault | None:
    """Compare the structure of a tree with its name, which is bound in `scope` where it is new."""
    names = node.structure.split()
    if len(names) == 1 and scope.get(STRUCTURE + names[0]) is None and names[0] != "...":
        scope.bind(STRUCTURE + names[0], have, Origin("argument", label))
        return None
    want = LEAF
    for name in names:
        found = scope.get(STRUCTURE + name)
        if found is not None:
            want = _with_leaves(want, found.size)
        elif name != "...":
            detail = f"no argument before it has the structure `{name}`"
            return Fault("unresolved-annotation", "unresolved", subject, label, got=node.structure, detail=detail)
    if names and names[-1] == "...":
        good = _begins_with(have, want)
    else:
        good = _consists_of(have, want) if names[:1] == ["..."] else have == want or not names
    return None if good else Fault("dtype-mismatch", "type", subject, label, got=str(have), want=str(want))


def _with_leaves(tree: Tree, leaf: Tree) -> Tree:
    """A structure with another one in the place of each leaf."""
    if tree == LEAF:
        return leaf
    return dataclasses.replace(tree, inside=tuple(_with_leaves(one, leaf) for one in tree.inside))


def _begins_with(have: Tree, want: Tree) -> bool:
    if want == LEAF:
        return True
    alike = (have.kind, have.keys) == (want.kind, want.keys)
    return alike and all(map(_begins_with, have.inside, want.inside))


def _consists_of(have: Tree, want: Tree) -> bool:
    """Whether whole trees of the wanted structure stand in the place of the leaves."""
    return have == want or (have != LEAF and all(_consists_of(one, want) for one in have.inside))


# -- axes that belong to a place in a tree ----------------------------------------------------------------------------


def placed(node: Node, place: str) -> Node:
    """A leaf's node in which `?n` is a name of its own for this place in the tree."""
    if isinstance(node, TensorNode) and "?" in node.spec.text:
        return dataclasses.replace(node, spec=Spec(tuple(_placed(a, place) for a in node.spec.axes), node.spec.text))
    if isinstance(node, UnionNode):
        return UnionNode(tuple(placed(option, place) for option in node.options))
    if isinstance(node, TreeNode) and not node.structure:
        return dataclasses.replace(node, leaf=placed(node.leaf, place))
    return node


def _placed(axis: Axis, place: str) -> Axis:
    if not is_placed(axis):
        return axis
    name = axis.text.lstrip("*#?").rpartition("=")[2]
    return dataclasses.replace(axis, kind=sp.VAR if "*" in axis.text else sp.NAME, name=f"{name} {place}")


def is_placed(axis: Axis) -> bool:
    """Whether an axis is one of `?n`."""
    return "?" in axis.text[:3]


def refuse_misplaced(node: Node, trees: int = 0) -> None:
    """Refuse `?n` where it is not clear to which tree it belongs.

    Raises:
        AnnotationError: it stands in no tree with a named structure, or in several.
    """
    if isinstance(node, TensorNode) and trees != 1:
        for axis in filter(is_placed, node.spec.axes):
            where = "in several" if trees else "outside"
            detail = f'`{axis.text}` stands {where} of the trees with a named structure, `PyTree[..., "T"]`'
            raise AnnotationError(
                fault=Fault("bad-annotation", "annotation", spec=node.spec.text, column=axis.column, detail=detail)
            )
    named = isinstance(node, TreeNode) and bool(node.structure)
    for child in children(node):
        refuse_misplaced(child, trees + named)
