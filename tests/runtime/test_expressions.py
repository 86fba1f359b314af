"""Plain ints in axis expressions."""

import re

import pytest
import torch
from torch import Tensor

from shapetypes import AnnotationError, Dim, Float, shapecheck


def test_a_plain_int_in_an_expression_is_told_how_to_be_written():
    def plain(x: Float[Tensor, "b d"], heads: int) -> Float[Tensor, "b heads*d"]:
        return x.repeat(1, heads)

    with pytest.raises(AnnotationError, match=re.escape('write `{heads}*d` or declare it `Dim[int, "heads"]`')):
        shapecheck(plain)

    @shapecheck
    def braces(x: Float[Tensor, "b d"], heads: int) -> Float[Tensor, "b {heads}*d"]:
        return x.repeat(1, heads)

    @shapecheck
    def named(x: Float[Tensor, "b d"], heads: Dim[int, "heads"]) -> Float[Tensor, "b heads*d"]:
        return x.repeat(1, heads)

    for good in (braces, named):
        assert good(torch.zeros(2, 3), 2).shape == (2, 6)
