"""What a plan is made of: one frozen node for each kind of hint that is checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from shapetypes.core.dtype import DTypes
from shapetypes.core.spec import Spec

Node: TypeAlias = (
    "AnyNode | NoneNode | TensorNode | DimNode | ClassNode | HintNode | UnionNode | ItemsNode | TupleNode | MapNode"
    " | RecordNode | TreeNode"
)


@dataclass(frozen=True, slots=True)
class AnyNode:
    """A value that is not checked."""


@dataclass(frozen=True, slots=True)
class NoneNode:
    """None itself."""


@dataclass(frozen=True, slots=True)
class TensorNode:
    """A tensor: `Float[Tensor, "b t"]`.

    Attributes:
        spec: Its axes.
        types: The array types that are accepted; empty for anything with `shape` and `dtype`.
        dtypes: Canonical names of the dtypes it may have, None for any.
        patterns: Regular expressions for dtype names, of a user's own dtype class.
        group: The name of the dtype class, for messages.
    """

    spec: Spec
    types: tuple[type, ...]
    dtypes: DTypes
    patterns: tuple[re.Pattern[str], ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class DimNode:
    """An integer (or, with `many`, a tuple of integers) with names: `Dim[int, "d"]`."""

    spec: Spec
    many: bool = False


@dataclass(frozen=True, slots=True)
class ClassNode:
    """An instance of an ordinary class."""

    cls: type
    also: tuple[type, ...] = ()
    """What type checkers accept beside it: an int where a float is wanted."""


@dataclass(frozen=True, slots=True)
class HintNode:
    """Any other hint: beartype's job."""

    hint: Any


@dataclass(frozen=True, slots=True)
class UnionNode:
    """One of several hints."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ItemsNode:
    """A container of any length, every item of which is checked."""

    cls: type
    item: Node


@dataclass(frozen=True, slots=True)
class TupleNode:
    """A tuple of fixed length."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping, every key and value of which is checked."""

    cls: type
    key: Node
    value: Node


@dataclass(frozen=True, slots=True)
class RecordNode:
    """A NamedTuple, TypedDict or dataclass with annotated tensors; its fields are planned when first needed.

    Attributes:
        cls: The class.
        shares: Whether the names in it are those of the signature: so when the class stands in it only once.
            Otherwise each object has names of its own (a cache that grows is not a contradiction).
    """

    cls: type
    shares: bool = False


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A nest of lists, tuples and dicts, every leaf of which is checked: `PyTree[...]`.

    Attributes:
        leaf: What the leaves are.
        structure: The names of its structure, `"T"` or `"S T"`; empty for any structure.
    """

    leaf: Node
    structure: str = ""


ANY: Final = AnyNode()
NONE: Final = NoneNode()


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside a node; those of a record are not, they belong to its class."""
    if isinstance(node, UnionNode):
        return node.options
    if isinstance(node, TupleNode):
        return node.items
    if isinstance(node, ItemsNode):
        return (node.item,)
    if isinstance(node, MapNode):
        return (node.key, node.value)
    if isinstance(node, TreeNode):
        return (node.leaf,)
    return ()


def walk(node: Node) -> list[Node]:
    """A node and everything inside it."""
    out = [node]
    for child in children(node):
        out += walk(child)
    return out


def has_shapes(node: Node) -> bool:
    """Whether a tensor, a `Dim` integer or a record of them is inside."""
    return any(isinstance(n, (TensorNode, DimNode, RecordNode)) for n in walk(node))
