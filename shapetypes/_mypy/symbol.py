"""The symbol by which mypy learns that shapes have changed.

mypy checks a module again when the interface of one that it imports has changed, and it throws away what is inside
`Annotated` before it looks. So each module of the project gets one more symbol: a variable whose type is a literal of
our own digest. It is part of the module's interface in mypy's cache, in its workers and in its daemon.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import GDEF, MypyFile, SymbolTableNode, TypeInfo, Var
from mypy.types import Instance, LiteralType

NAME: Final = "__shapetypes_digest__"


def write(file: MypyFile, text: TypeInfo, digest: str, own: str, names: tuple[str, ...]) -> None:
    """Put the symbol into a module.

    Args:
        file: The module.
        text: `builtins.str`.
        digest: Of everything that the module's faults depend on.
        own: Of the module's own text.
        names: What it imports.
    """
    var = Var(NAME, LiteralType(" ".join((digest, own, *names)), Instance(text, [])))
    var._fullname = f"{file.fullname}.{NAME}"
    var.is_ready = True
    file.names[NAME] = SymbolTableNode(GDEF, var, module_public=False, module_hidden=True, plugin_generated=True)


def read(file: MypyFile | None) -> tuple[str, str, tuple[str, ...]] | None:
    """What `write` put into a module, or None."""
    found = file.names.get(NAME) if file is not None else None
    if found is None or not isinstance(found.node, Var) or not isinstance(found.node.type, LiteralType):
        return None
    digest, own, *names = str(found.node.type.value).split(" ")
    return digest, own, tuple(names)


def depend(file: MypyFile, names: tuple[str, ...]) -> None:
    """Tell the daemon that the top level of a module is to be checked again when these modules change."""
    for name in names:
        file.plugin_deps.setdefault(f"<{name}.{NAME}>", set()).add(file.fullname)
