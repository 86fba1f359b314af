"""The stubs of `torch.linalg`, `torch.fft`, `torch.special`: names, order and defaults are those of torch's schemas."""

from __future__ import annotations

import importlib
import inspect

import pytest
import torch

from shapetypes.ops.reader import NO_DEFAULT
from shapetypes.ops.stubs import default_stubs

PACKAGES = ["linalg", "fft", "special"]
FACTORY = {"dtype", "layout", "device", "pin_memory", "requires_grad"}


def schemas(package, name):
    """For each overload the parameters `(name, default)` in order, without the forms for `out=`."""
    found = []
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{package}_{name}"):
        if any(a.kwarg_only and str(a.type) == "Tensor" for a in schema.arguments):
            continue
        found.append([_parameter(a) for a in schema.arguments if a.name not in FACTORY])
    return found


def _parameter(a):
    name = "input" if a.name == "self" and str(a.type) == "Tensor" else a.name
    value = a.default_value if a.has_default_value() else NO_DEFAULT
    return name, tuple(value) if isinstance(value, list) else value, "k" if a.kwarg_only else "p"


def stub(signature):
    return [(p.name, p.default, p.kind) for p in signature.params if p.name not in FACTORY | {"out"}]


@pytest.mark.parametrize("package", PACKAGES)
def test_signatures(package):
    table = default_stubs().module(f"torch.{package}")
    for name, signatures in table.functions.items():
        want = schemas(package, name)
        assert want, f"torch.{package}.{name} has no schema"
        ours = [stub(s) for s in signatures]
        assert sorted(map(repr, ours)) == sorted(map(repr, want)), name


@pytest.mark.parametrize("package", PACKAGES)
def test_complete(package):
    """Every function of the package has a stub."""
    module = importlib.import_module(f"torch.{package}")
    public = {n for n, f in vars(module).items() if callable(f) and not n.startswith("_") and not isinstance(f, type)}
    assert public - default_stubs().module(f"torch.{package}").functions.keys() == set()


def test_masked():
    """Python functions: names and kinds by their own signatures."""
    table = default_stubs().module("torch.masked")
    for name, (signature,) in table.functions.items():
        real = inspect.signature(getattr(torch.masked, name)).parameters
        assert [p.name for p in signature.params] == list(real), name
        kinds = ["k" if p.kind is p.KEYWORD_ONLY else "p" for p in real.values()]
        assert [p.kind for p in signature.params] == kinds, name
