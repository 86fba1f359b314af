"""What names stand for, across the modules of a project."""

from __future__ import annotations

import ast
import builtins
from typing import Any

from shapetypes.core.shape import Unknown
from shapetypes.ops.stubs import Stubs, public_path
from shapetypes.static.modules import ClassInfo, Finder, Module
from shapetypes.static.values import ClassRef, Func, ModuleRef, Ref

_BUILTINS = frozenset(dir(builtins))
_KERAS = ("keras.layers.", "keras.Layer", "keras.Model", "keras.Sequential")
_OUTSIDE = frozenset({"jaxtyping", "shapetypes", "tensorflow", "typing"})


def _node(what: Any) -> Any:
    """The definition itself, of a class that of which more is known."""
    return what.node if isinstance(what, ClassInfo) else what


class Names:
    """Resolves names of modules and dotted paths, following imports and re-exports.

    Args:
        finder: The project's modules.
        stubs: The op database: what it describes is not looked up in the project.
    """

    def __init__(self, finder: Finder, stubs: Stubs) -> None:
        self.finder = finder
        self.stubs = stubs
        self._bases: dict[str, list[Any]] = {}
        self._lineages: dict[str, list[Any]] = {}

    def definition(self, module: Module, name: str, depth: int = 0) -> Any:
        """What a top-level name of a module is.

        Returns:
            A `Func`, `ClassRef`, `ModuleRef`, `Ref`; `("expr", module, node)` for an assigned expression;
            `Unknown` for a name that is assigned several times; None for a name that the module does not have.
        """
        found = module.names.get(name)
        if found:
            return self._defined(module, name, found, depth)
        for star in module.stars:
            given = self.finder.may_give(star)
            if given is not None and name not in given:
                continue
            target = self.path(star, depth + 1)
            if isinstance(target, ModuleRef) and target.module is not module and depth < 8:
                inner = self.definition(target.module, name, depth + 1)
                if inner is not None:
                    return inner
            elif isinstance(target, Ref) and self.stubs.find(f"{target.path}.{name}") is not None:
                return Ref(f"{target.path}.{name}")
        if module.is_package:
            sub = self.finder.module(f"{module.name}.{name}")
            if sub is not None:
                return ModuleRef(sub)
        return None

    def _defined(self, module: Module, name: str, found: list[Any], depth: int) -> Any:
        kinds = {what[0] for what in found}
        if kinds == {"import"}:
            return self.path(found[0][1], depth + 1)
        if "import" in kinds and kinds <= {"import", "assign", "class", "def"}:
            # try: import x / except ImportError: x = None. The import is what the code is written for.
            first = next(what for what in found if what[0] == "import")
            return self.path(first[1], depth + 1)
        kind, what = found[-1][0], found[-1][1]
        if len(found) > 1 and kind != "assign" and not any(node is _node(what) for node in module.tree.body):
            return Unknown(f"`{name}` is defined more than once, each under a condition")
        if kinds == {"class"}:
            return ClassRef(what)
        if kinds == {"def"}:
            return Func(what, module, None, None, name)
        if len(found) == 1 and kind == "assign":
            return ("expr", module, what)
        return Unknown(f"`{name}` is assigned more than once")

    def path(self, dotted: str, depth: int = 0) -> Any:
        """What a dotted path stands for: a thing of the project, or a `Ref` to the outside."""
        package = dotted.partition(".")[0]
        if depth > 12 or self.stubs.exists(package) or package in _OUTSIDE:
            return Ref(dotted)
        module = self.finder.module(dotted)
        if module is not None:
            return ModuleRef(module)
        parent, _, name = dotted.rpartition(".")
        if not parent:
            return Ref(dotted)
        owner = self.path(parent, depth + 1)
        if isinstance(owner, ModuleRef):
            found = self.definition(owner.module, name, depth + 1)
            return Unknown(f"`{dotted}` is not there") if found is None else found
        return Ref(dotted)

    def static(self, node: ast.expr, module: Module, local: dict[str, Any] | None = None) -> Any:
        """What a name or dotted expression stands for, without evaluating anything.

        Returns:
            As `definition`; a `Ref` into `builtins` for a builtin name; None when it is not known.
        """
        if isinstance(node, ast.Name):
            if local and node.id in local:
                return local[node.id]
            found = self.definition(module, node.id)
            if found is None and node.id in _BUILTINS:
                return Ref(f"builtins.{node.id}")
            return found
        if isinstance(node, ast.Attribute):
            return self.member(self.static(node.value, module, local), node.attr)
        if isinstance(node, ast.Subscript):
            # A generic base such as `Base[T]` is its class.
            return self.static(node.value, module, local)
        return None

    def member(self, owner: Any, name: str) -> Any:
        """An attribute of a module or of an outside path."""
        if isinstance(owner, Ref):
            return Ref(f"{owner.path}.{name}")
        if isinstance(owner, ModuleRef):
            return self.definition(owner.module, name)
        if isinstance(owner, ClassRef) and name in owner.info.constants:
            return ("expr", owner.info.module, owner.info.constants[name])
        return None

    def bases(self, info: ClassInfo) -> list[Any]:
        """The direct base classes: `ClassRef`, `Ref`, or `Unknown`."""
        if info.key not in self._bases:
            self._bases[info.key] = []
            found: list[Any] = []
            for base in info.node.bases:
                target = self.static(base, info.module, info.closure)
                if isinstance(target, tuple) and target[0] == "expr":
                    target = self.static(target[2], target[1])
                known = isinstance(target, (ClassRef, Ref))
                found.append(target if known else Unknown(f"the base class `{ast.unparse(base)}` is not known"))
            self._bases[info.key] = found
        return self._bases[info.key]

    def lineage(self, info: ClassInfo) -> list[Any]:
        """The class and all its bases, nearest first (depth first, each once, a shared base last)."""
        if info.key in self._lineages:
            return self._lineages[info.key]
        out: list[Any] = []

        def visit(item: Any, depth: int) -> None:
            if depth > 20:
                return
            if isinstance(item, ClassRef):
                if any(isinstance(o, ClassRef) and o.info is item.info for o in out):
                    return
                out.append(item)
                for base in self.bases(item.info):
                    visit(base, depth + 1)
            elif not (isinstance(item, Ref) and any(isinstance(o, Ref) and o.path == item.path for o in out)):
                out.append(item)

        visit(ClassRef(info), 0)
        self._lineages[info.key] = out
        return out

    def method(self, info: ClassInfo, name: str, after: ClassInfo | None = None) -> Func | Ref | None:
        """A method of a class: a `Func`, a `Ref` to a stubbed one, or None.

        Args:
            info: The class of the object.
            name: The method.
            after: For `super()`: only classes after this one count.
        """
        passed = after is None
        for item in self.lineage(info):
            if not passed:
                passed = isinstance(item, ClassRef) and item.info is after
                continue
            if isinstance(item, ClassRef) and name in item.info.methods:
                node = item.info.methods[name]
                return Func(node, item.info.module, item.info, item.info.closure, f"{item.info.name}.{name}")
            if isinstance(item, Ref) and self.stubs.find(f"{item.path}.{name}") is not None:
                return Ref(f"{item.path}.{name}")
            if isinstance(item, Unknown):
                return None
        return None

    def setter(self, info: ClassInfo, name: str) -> Func | None:
        """The setter of a property of a class, if it has one."""
        for item in self.lineage(info):
            if isinstance(item, ClassRef) and name in item.info.setters:
                node = item.info.setters[name]
                return Func(node, item.info.module, item.info, item.info.closure, f"{item.info.name}.{name}")
            if isinstance(item, ClassRef) and name in item.info.methods:
                return None
        return None

    def is_module(self, info: ClassInfo) -> bool:
        """Whether a class is an `nn.Module` (a Keras layer, a Lightning module): calling it calls `forward`."""
        for item in self.lineage(info):
            if isinstance(item, Ref) and item.path.rpartition(".")[2] in (
                "Module",
                "LightningModule",
                "Layer",
                "Model",
            ):
                return True
            if isinstance(item, Ref) and public_path(item.path).startswith(("torch.nn.", *_KERAS)):
                return True
        return False

    def opaque(self, info: ClassInfo) -> bool:
        """Whether a base class is not known, so that attributes may come from anywhere."""
        for item in self.lineage(info):
            if isinstance(item, Unknown):
                return True
            if isinstance(item, Ref) and not _harmless(item.path) and self.stubs.find(item.path) is None:
                return not public_path(item.path).startswith(_KERAS)
        return False

    def wrapped_group(self, head: Any) -> str | None:
        """The dtype class behind a project's own wrapper object: `Float = Wrapper(jaxtyping.Float)`."""
        if not (isinstance(head, tuple) and len(head) == 3 and head[0] == "expr" and isinstance(head[2], ast.Call)):
            return None
        call = head[2]
        if len(call.args) != 1 or call.keywords:
            return None
        inner = self.static(call.args[0], head[1])
        wrapper = self.static(call.func, head[1])
        if isinstance(inner, Ref) and inner.path.startswith("jaxtyping.") and isinstance(wrapper, ClassRef):
            return inner.path.rpartition(".")[2]
        return None


def _harmless(path: str) -> bool:
    """Bases that add no attributes a model would use."""
    return path.startswith(("builtins.", "typing.", "abc.", "enum.", "collections.", "dataclasses."))
