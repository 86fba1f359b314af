"""Checking whole packages as they are imported, without touching their source.

`install_import_hook("mypkg")` puts `@shapecheck` on every function and class of the package's modules that are imported
from then on. Forked processes have the hook as everything else. Those that `multiprocessing` spawns import shapetypes
first of all, with what is sent to prepare them. The names also go into the environment, for any other process: there
the hook is installed when shapetypes is imported.
"""

from __future__ import annotations

import ast
import functools
import importlib.machinery
import importlib.util
import os
import sys
import types
from collections.abc import Iterable, Sequence
from importlib.abc import MetaPathFinder
from typing import Any, Self

from shapetypes.core.source import parse

VARIABLE = "SHAPETYPES_IMPORT_HOOK"
"""The environment variable that carries the packages to spawned processes, separated by commas."""

_NAME = "_shapetypes_check"


class _Loader(importlib.machinery.SourceFileLoader):
    """Compiles a module with `@shapecheck` on its functions and classes. Nothing of it is cached on disk."""

    def get_code(self, fullname: str) -> types.CodeType:
        path = self.get_filename(fullname)
        tree = parse(self.get_data(path), file=path)
        return compile(decorated(tree), path, "exec", dont_inherit=True)

    def exec_module(self, module: types.ModuleType) -> None:
        from shapetypes.runtime.decorate import shapecheck

        vars(module)[_NAME] = shapecheck
        super().exec_module(module)


def decorated(tree: ast.Module) -> ast.Module:
    """The module with the decorator put on every function, and on every class whose construction may be checked."""
    _Decorate().visit(tree)
    return ast.fix_missing_locations(tree)


class _Decorate(ast.NodeTransformer):
    """Puts the decorator on what it may have something to check in.

    On a function it stands innermost: other decorators see a checked function. On a class it stands outermost, where
    it finds what `@dataclass` has made.
    """

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        if _is_annotated(node) and not _is_exempt(node):
            node.decorator_list.append(_decorator(node))
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        if _is_exempt(node):
            return node
        self.generic_visit(node)
        if any(isinstance(statement, ast.AnnAssign) for statement in node.body):
            node.decorator_list.insert(0, _decorator(node))
        return node


def _decorator(node: ast.stmt) -> ast.expr:
    return ast.copy_location(ast.Name(_NAME, ast.Load()), node)


def _is_annotated(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    a = node.args
    every = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
    if node.returns is not None or any(arg.annotation is not None for arg in every):
        return True
    return any(isinstance(inner, ast.AnnAssign) for inner in ast.walk(node))


def _is_exempt(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Whether `@no_type_check` or `@overload` says that there is nothing to check."""
    names = [d.attr if isinstance(d, ast.Attribute) else getattr(d, "id", "") for d in node.decorator_list]
    return bool({"no_type_check", "overload"} & set(names))


class _Finder(MetaPathFinder):
    """Finds the modules of the packages and has them loaded by `_Loader`."""

    def __init__(self, packages: Iterable[str]) -> None:
        self.packages = frozenset(packages)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not any(fullname == one or fullname.startswith(one + ".") for one in self.packages):
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(fullname, path, target) if find is not None and finder is not self else None
            if spec is not None:
                # Loaders of others, such as pytest's for test modules, keep their job.
                if type(spec.loader) is importlib.machinery.SourceFileLoader:
                    spec.loader = _Loader(spec.loader.name, spec.loader.path)
                return spec  # type: ignore[no-any-return]
        return None


class ImportHook:
    """The hook while it is installed; as a context manager it is installed for a block.

    Attributes:
        packages: The packages whose modules are checked.
    """

    def __init__(self, packages: Iterable[str]) -> None:
        self.packages = tuple(packages)
        self._finder: Any = _Finder(self.packages)
        self._before = os.environ.get(VARIABLE)
        sys.meta_path.insert(0, self._finder)
        listed = [name for name in (self._before or "").split(",") if name]
        os.environ[VARIABLE] = ",".join(dict.fromkeys([*listed, *self.packages]))
        _prepare_spawned()

    def uninstall(self) -> None:
        """Stop checking what is imported from now on. Modules that are already imported stay as they are."""
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        if self._before is None:
            os.environ.pop(VARIABLE, None)
        else:
            os.environ[VARIABLE] = self._before

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.uninstall()


class _Arrival:
    """Pickled, it imports shapetypes where it is unpickled, if that can be had there."""

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (f"import sys\nbefore, sys.path = sys.path, {sys.path!r}\n{_ARRIVE}",)


_ARRIVE = """try:
    import shapetypes
except ImportError:
    pass
finally:
    sys.path = before
"""


def _prepare_spawned() -> None:
    """Have processes that are spawned from now on import shapetypes, which reads the environment, before their work.

    `multiprocessing` has no place to ask for that; so one more entry goes into the data with which it prepares them.
    """
    from multiprocessing import spawn

    prepare: Any = spawn.get_preparation_data
    if getattr(prepare, _NAME, False):
        return

    @functools.wraps(prepare)
    def prepared(*args: Any, **kwargs: Any) -> Any:
        data = prepare(*args, **kwargs)
        return {**data, _NAME: _Arrival()} if os.environ.get(VARIABLE) else data

    setattr(prepared, _NAME, True)
    spawn.get_preparation_data = prepared


def install_import_hook(packages: str | Iterable[str], *, allow_imported: bool = False) -> ImportHook:
    """Check every function and class of packages that are imported from now on.

    Args:
        packages: Names of packages or modules; subpackages count.
        allow_imported: Whether modules that are already imported may stay unchecked.

    Returns:
        The hook: `uninstall()` it, or use it in a `with` statement.

    Raises:
        ImportError: a module of the packages is already imported, and would silently stay unchecked.
    """
    names = (packages,) if isinstance(packages, str) else tuple(packages)
    inside = [m for m in sorted(sys.modules) if any(m == one or m.startswith(one + ".") for one in names)]
    late = [m for m in inside if _NAME not in vars(sys.modules[m]) and getattr(sys.modules[m], "__file__", None)]
    if late and not allow_imported:
        raise ImportError(f"install_import_hook: `{late[0]}` is already imported; install the hook before it")
    return ImportHook(names)


def install_from_environment() -> ImportHook | None:
    """Install the hook for the packages that the environment lists: `import shapetypes` in a spawned process does."""
    names = [name for name in os.environ.get(VARIABLE, "").split(",") if name]
    return install_import_hook(names, allow_imported=True) if names else None


# -- notebooks --------------------------------------------------------------------------------------------------------


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext shapetypes` calls: cells are checked from now on; `%shapetypes off` and `on` switch."""
    transformer = _Decorate()

    def shapetypes(line: str) -> None:
        """Check the functions and classes of later cells (`on`), or not (`off`)."""
        word = line.strip() or "on"
        if word not in ("on", "off"):
            raise ValueError(f"%shapetypes takes on or off, not {word}")
        if transformer in shell.ast_transformers:
            shell.ast_transformers.remove(transformer)
        if word == "on":
            from shapetypes.runtime.decorate import shapecheck

            shell.push({_NAME: shapecheck}, interactive=False)
            shell.ast_transformers.append(transformer)

    shell.register_magic_function(shapetypes, "line", "shapetypes")
    shapetypes("on")


def unload_ipython_extension(shell: Any) -> None:
    """What `%unload_ext shapetypes` calls."""
    shell.ast_transformers[:] = [t for t in shell.ast_transformers if not isinstance(t, _Decorate)]
