"""The stubs' signatures are the framework's own: names, kinds and defaults."""

from __future__ import annotations

import ast
import importlib
import inspect
import typing
from pathlib import Path
from typing import Any

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
    """The dotted names of the stubs, but for `torch` and `Tensor` themselves, which have a test of their own.

    The builtins of `torch.ops` and `torch.sparse` have neither signatures nor schemas under their public names.
    """
    root = own_folder()
    for path in sorted([*root.glob("torch/**/*.pyi"), *root.glob("einops/**/*.pyi")]):
        parts = list(path.relative_to(root).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name not in ("torch", "torch._tensor", "torch.types") and not name.startswith(("torch.ops", "torch.sparse")):
            yield name


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


def schemas(path: str) -> list[list[tuple[str, bool]]]:
    """torch's own schemas of a builtin of a submodule (`torch.fft.fft`): for each overload its parameters."""
    module, _, name = path.rpartition(".")
    packet = getattr(torch.ops.aten, f"{module.rpartition('.')[2]}_{name}", None)
    if packet is None:
        return []
    found = [getattr(packet, overload)._schema.arguments for overload in packet.overloads()]
    return [
        [
            ("input" if (a.name, str(a.type)) == ("self", "Tensor") else a.name, a.has_default_value())
            for a in arguments
            if not a.is_out
        ]
        for arguments in found
    ]


def builtin_differs(stub: Signature, path: str) -> str:
    """Against torch's own stub or schema of a builtin, whose positional-only `input` is not kept."""
    name = path.rpartition(".")[2]
    overloads = BUILTINS.get(ALIASES.get(name, name), []) if path.count(".") != 2 else schemas(path)
    have = [(p.name, p.default != NO_DEFAULT) for p in stub.params if p.name not in ("out", "requires_grad")]
    return "" if have in overloads else f"{have} is none of {overloads}"


def hidden(signature: inspect.Signature) -> bool:
    """Whether a function takes anything and passes it on."""
    return [kind for name, kind, _ in plain(signature) if name != "self"] == ["*", "**"]


def behind(path: str, real: object) -> inspect.Signature:
    """The signature of a function; of a dispatcher (`max_pool2d`), that of the function behind it.

    Raises:
        ValueError: it is a builtin.
    """
    signature = inspect.signature(real)
    if not hidden(signature):
        return signature
    module, _, name = path.rpartition(".")
    return inspect.signature(getattr(importlib.import_module(module), "_" + name))


def overload_differs(stub: Signature, real: inspect.Signature) -> str:
    """An overload has the framework's parameters; what is optional there may be required or by keyword here."""
    want = {n: (k, d) for n, k, d in plain(real)}
    for name, kind, value in ours(stub):
        if name not in want:
            return f"{name} is no parameter"
        if kind != want[name][0] and not (kind == "k" and want[name][0] == "p"):
            return f"{name} has kind {kind}"
        if value not in (NO_DEFAULT, SOME_DEFAULT, want[name][1]):
            return f"{name} has default {value}"
    return "" if [n for n, _, _ in ours(stub)] == list(want) else f"{ours(stub)} leaves out some of {list(want)}"


def check_function(path: str, signatures: tuple[Signature, ...], real: object) -> str:
    try:
        signature = behind(path, real)
    except ValueError:
        found = [builtin_differs(s, path) for s in signatures]
        return "; ".join(f for f in found if f)
    if len(signatures) == 1:
        return differs(signatures[0], signature)
    return "; ".join(f for s in signatures if (f := overload_differs(s, signature)))


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


def declared(method: Any) -> list[inspect.Signature]:
    """The signatures of a method: those of its overloads where the method itself takes anything."""
    signature = inspect.signature(method)
    overloads = [inspect.signature(f) for f in typing.get_overloads(method)]
    return [*(s for s in overloads if not hidden(s)), signature]


def class_differs(table: ClassTable, real: type) -> dict[str, str]:
    wrong = {}
    for name, signatures in table.methods.items():
        if name.startswith("__") and name != "__init__":
            continue
        method = inspect.getattr_static(real, name)
        known = declared(getattr(method, "__func__", method))
        for signature in signatures:
            found = [differs(signature, k) for k in known]
            if "" not in found:
                wrong[f"{real.__name__}.{name}"] = found[0]
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
