"""New tensors: bounds that torch refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ops.oracle import check


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((7, (3,)), {}),
        ((7, 0, (3,)), {}),
        ((0, (3,)), {}),
        ((0, (0,)), {}),
        ((5, 5, (2, 2)), {}),
        ((-3, -1, (2,)), {}),
        ((-1, -3, (2,)), {}),
        ((), {"low": 2, "high": 1, "size": (1,)}),
        ((), {"low": 1, "high": 2, "size": (1, 4)}),
    ],
)
def test_bounds_of_random_integers(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    check("torch.randint", args, kwargs)
