"""A call is refused for the kind of an argument only where torch refuses it too."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F

from shapetypes.core.shape import TensorSpec
from shapetypes.ops.misfit import misfit
from shapetypes.ops.stubs import Function, Stubs

X = TensorSpec((2, 2), "float32")
FORMS: list[tuple[Any, ...]] = [
    (X, 2),
    (X, 2.0),
    (X, X, 2),
    (X, 2, X),
    (X, 2, 2),
    (X, (1,)),
    (X, 1, (1,)),
    (X, (0, 1), (1, 0)),
    (X, X, X, 2),
    (2, X),
    (2,),
    (2.0, 2.0),
    (2, X, X),
    ((2, 2),),
    ((X, X),),
    ([X, X],),
    (X, (X, X)),
    ((X, X), X),
    ((X, X), 1),
    ((2,), 2),
]
OWNERS = {"torch": torch, "torch.Tensor": torch.Tensor, "torch.nn.functional": F, "torch.special": torch.special}
STUBS = Stubs()


def real(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(map(real, value))
    return torch.rand(2, 2) + 0.5 if isinstance(value, TensorSpec) else value


def runs(function: Any, args: tuple[Any, ...]) -> bool:
    given = [real(a) for a in args]
    try:
        return function(*given) is not NotImplemented
    except Exception:  # torch refuses with errors of every kind
        return False


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("owner", OWNERS)
def test_torch_refuses_what_is_refused(owner: str) -> None:
    refused, wrong = 0, []
    for name in dir(OWNERS[owner]):
        found = STUBS.find(f"{owner}.{name}")
        if not isinstance(found, Function) or (name.startswith("_") and not name.startswith("__")):
            continue
        for args in FORMS:
            if owner == "torch.Tensor" and not isinstance(args[0], TensorSpec):
                continue  # a method's own object
            if misfit(found, args, {}, name) is not None:
                refused += 1
                if runs(getattr(OWNERS[owner], name), args):
                    wrong.append((name, args))
    assert wrong == []
    assert refused > 50
