"""The stubs of torch's builtins and of Tensor have torch's own overloads: names, kinds, defaults."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from pathlib import Path

import pytest
import torch

from shapetypes.ops.call import _RULES
from shapetypes.ops.reader import NO_DEFAULT
from shapetypes.ops.stubs import Function, default_stubs

KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "/",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "p",
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.KEYWORD_ONLY: "k",
    inspect.Parameter.VAR_KEYWORD: "**",
}
TABLE = default_stubs().module("torch")
TENSOR = default_stubs().module("torch._tensor").classes["Tensor"]


def parameters(node):
    """Name, kind and whether there is a default, for each parameter."""
    a = node.args
    positional = [*a.posonlyargs, *a.args]
    first_default = len(positional) - len(a.defaults)
    out = [(p.arg, "/" if i < len(a.posonlyargs) else "p", i >= first_default) for i, p in enumerate(positional)]
    out += [(a.vararg.arg, "*", False)] if a.vararg else []
    out += [(p.arg, "k", default is not None) for p, default in zip(a.kwonlyargs, a.kw_defaults, strict=True)]
    return out


@cache
def overloads():
    """torch's own stubs: functions under their name, methods of Tensor under `.name`."""
    out = {}
    folder = Path(torch.__file__).parent / "_C"
    for node in ast.parse((folder / "_VariableFunctions.pyi").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            out.setdefault(node.name, []).append(parameters(node))
    for cls in ast.parse((folder / "__init__.pyi").read_text(encoding="utf-8")).body:
        if isinstance(cls, ast.ClassDef) and cls.name == "TensorBase":
            for node in cls.body:
                if isinstance(node, ast.FunctionDef):
                    out.setdefault("." + node.name, []).append(parameters(node))
    return out


def real(owner, name):
    """The Python signature of what has one."""
    try:
        signature = inspect.signature(getattr(owner, name))
    except (ValueError, TypeError):
        return None
    return [(p.name, KINDS[p.kind], p.default is not inspect.Parameter.empty) for p in signature.parameters.values()]


def merged(have, wanted):
    """Whether a stub says in one signature, with a default, what torch says in two."""
    for full in wanted:
        if [(n, k) for n, k, _ in full] == [(n, k) for n, k, _ in have]:
            optional = [a for a, b in zip(have, full, strict=True) if a[2] and not b[2]]
            return [a for a in have if a not in optional] in wanted
    return False


def differs(owner, signature, known):
    """What differs from each overload of torch; empty when one of them is the stub's."""
    have = [(p.name, p.kind, p.default != NO_DEFAULT) for p in signature.params]
    if signature.name == "numel":
        assert torch.numel(input=torch.ones(2)) == 2  # torch's stub says `self`
        have = [("self" if n == "input" else n, k, d) for n, k, d in have]
    if [n for n, _, _ in have] == ["self", "memory_format"] and have not in known:
        x = torch.ones(2)
        assert getattr(x, signature.name)(memory_format=torch.preserve_format).shape == x.shape
        have = have[:1]  # torch's stub leaves it out
    wanted = [o for o in known if o]
    if have in wanted or merged(have, wanted):
        return ""
    python = real(owner, signature.name)
    if not wanted and python is None:
        return ""
    if python is not None and (have == python or [k for _, k, _ in python] in (["*", "**"], ["p", "*", "**"])):
        return ""
    return f"{have} is none of {wanted} {python}"


def is_property(signatures):
    return "property" in signatures[0].flags


@pytest.mark.parametrize("name", sorted(TABLE.functions))
def test_function(name):
    known = overloads().get(name, [])
    wrong = [d for s in TABLE.functions[name] if (d := differs(torch, s, known))]
    assert not wrong


@pytest.mark.parametrize("name", sorted(TENSOR.methods))
def test_method(name):
    signatures = TENSOR.methods[name]
    assert hasattr(torch.Tensor, name)
    if is_property(signatures):
        assert not callable(getattr(torch.Tensor, name))
        return
    known = overloads().get("." + name, [])
    if name.startswith("__") and name not in ("__getitem__", "__new__", "__setitem__"):  # as Python calls operators
        unary = name in ("__abs__", "__invert__", "__iter__", "__len__", "__neg__", "__pos__")
        assert {len(s.params) for s in signatures} == {1 if unary else 2}
        return
    wrong = [d for s in signatures if (d := differs(torch.Tensor, s, known))]
    assert not wrong


def test_every_rule_exists():
    """A stub names no shape function that is not there, and refers to no function that is not there."""
    import shapetypes.ops.rules

    assert shapetypes.ops.rules.__all__
    names = set()
    for table in (TABLE.functions, TENSOR.methods):
        names |= {s.returns[2] for signatures in table.values() for s in signatures if s.returns[0] == "rule"}
    missing = {n for n in names if "." not in n} - set(_RULES)
    assert not missing
    assert not {n for n in names if "." in n and not isinstance(default_stubs().find(n), Function)}
