"""The stubs' signatures are the framework's own: names, kinds and defaults."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest
import torch

from shapetypes.ops.reader import NO_DEFAULT, SOME_DEFAULT, ClassTable, Signature
from shapetypes.ops.stubs import default_stubs, own_folder

KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "/",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "p",
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.KEYWORD_ONLY: "k",
    inspect.Parameter.VAR_KEYWORD: "**",
}
PLAIN = (int, float, str, bool, type(None), tuple)


def modules():
    """The dotted names of the stubs under `torch.nn` and `einops`."""
    root = own_folder()
    for path in sorted([*root.glob("torch/nn/**/*.pyi"), *root.glob("einops/**/*.pyi")]):
        parts = list(path.relative_to(root).with_suffix("").parts)
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def default(value):
    if value is inspect.Parameter.empty:
        return NO_DEFAULT
    return value if isinstance(value, PLAIN) else SOME_DEFAULT


def plain(signature: inspect.Signature):
    return [(p.name, KINDS[p.kind], default(p.default)) for p in signature.parameters.values()]


def ours(signature: Signature):
    return [(p.name, p.kind, p.default) for p in signature.params]


def differs(stub: Signature, real: inspect.Signature) -> str:
    """What differs between a stub and the framework; empty when nothing does."""
    have, want = ours(stub), plain(real)
    if [(n, k) for n, k, _ in have] != [(n, k) for n, k, _ in want]:
        return f"{have} is not {want}"
    wrong = [
        (n, a, b) for (n, _, a), (_, _, b) in zip(have, want, strict=True) if a != b and SOME_DEFAULT not in (a, b)
    ]
    return f"defaults {wrong}" if wrong else ""


def builtins():
    """torch's own stubs of its builtins: for each name the parameters of its overloads."""
    out: dict[str, list[list[tuple[str, bool]]]] = {}
    folder = Path(torch.__file__).parent / "_C"
    for file in ("_nn.pyi", "_VariableFunctions.pyi"):
        for node in ast.parse((folder / file).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                a = node.args
                names = [p.arg for p in (*a.posonlyargs, *a.args)]
                flags = [i >= len(names) - len(a.defaults) for i in range(len(names))]
                named = [(k.arg, k.arg != "out") for k in a.kwonlyargs if k.arg != "out"]
                out.setdefault(node.name, []).append([*zip(names, flags, strict=True), *named])
    return out


BUILTINS = builtins()
ALIASES = {"logsigmoid": "log_sigmoid"}


def builtin_differs(stub: Signature, name: str) -> str:
    """Against torch's own stub of a builtin, whose positional-only `input` is not kept."""
    overloads = BUILTINS.get(ALIASES.get(name, name), [])
    have = [(p.name, p.default != NO_DEFAULT) for p in stub.params if p.name != "out"]
    return "" if have in overloads else f"{have} is none of {overloads}"


def check_function(path: str, signatures: tuple[Signature, ...], real: object) -> str:
    if len(signatures) > 1:
        return ""  # overloads stand for what Python code decides inside
    try:
        signature = inspect.signature(real)
    except ValueError:
        return builtin_differs(signatures[0], path.rpartition(".")[2])
    if [k for _, k, _ in plain(signature)] == ["*", "**"]:
        return ""  # a dispatcher that hides its signature
    return differs(signatures[0], signature)


@pytest.mark.parametrize("module", list(modules()))
def test_functions(module):
    table = default_stubs().module(module)
    real = importlib.import_module(module)
    wrong = {}
    for name, signatures in table.functions.items():
        found = check_function(f"{module}.{name}", signatures, getattr(real, name))
        if found:
            wrong[name] = found
    assert not wrong


def class_differs(table: ClassTable, real: type) -> dict[str, str]:
    wrong = {}
    for name in ("__init__", "forward"):
        if name not in table.methods or len(table.methods[name]) > 1:
            continue
        signature = inspect.signature(getattr(real, name))
        if [k for _, k, _ in plain(signature)][1:] == ["*", "**"] and name == "__init__":
            continue
        found = differs(table.methods[name][0], signature)
        if found:
            wrong[f"{real.__name__}.{name}"] = found
    return wrong


@pytest.mark.parametrize("module", list(modules()))
def test_classes(module):
    table = default_stubs().module(module)
    real = importlib.import_module(module)
    wrong = {}
    for name, stub in table.classes.items():
        if issubclass(getattr(real, name), torch.nn.Module):
            wrong |= class_differs(stub, getattr(real, name))
    assert not wrong


def test_exported_names_exist():
    """Every name of the package's stub is one of the package."""
    for package in ("torch.nn", "einops"):
        table, real = default_stubs().module(package), importlib.import_module(package)
        names = {n for n in (*table.names, *table.functions, *table.classes) if not n.startswith("_")}
        imported = {"Any", "Callable", "Sequence", "ndarray", "Rule", "Tensor"}
        assert not {n for n in names - imported if not hasattr(real, n)}
