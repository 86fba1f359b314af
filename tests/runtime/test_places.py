"""Where an error points: at the argument in the call, if it is a call of the function at all."""

import pytest
import torch
import torch.utils.checkpoint
from torch import Tensor

from shapetypes import Float, ShapeError, shapecheck


@shapecheck
def predict(x: Float[Tensor, "B 10"]) -> Float[Tensor, "B 10"]:
    return x


def test_the_argument_is_not_looked_for_in_a_call_of_something_else():
    """`map(predict, [x])` is a call of `map`: its first argument is not the `x` of `predict`."""
    for run in (
        lambda x: list(map(predict, [x])),
        lambda x: torch.utils.checkpoint.checkpoint(predict, x, use_reentrant=False),
        lambda x: sorted([x], key=predict),
    ):
        with pytest.raises(ShapeError) as caught:
            run(torch.zeros(5, 9))
        assert "axis 1 is 9, expected 10" in str(caught.value).splitlines()[0]
        marked = next(line for line in str(caught.value).splitlines() if "^" in line)
        source = str(caught.value).splitlines()[3]
        at = slice(marked.index("^"), marked.rindex("^") + 1)
        assert source[at].endswith(")"), source[at]
        assert source[at] not in ("predict", "[x]", "map(predict, [x])")


def test_the_argument_is_found_where_a_function_is_called_by_another_name():
    other = predict
    with pytest.raises(ShapeError) as caught:
        other(torch.zeros(5, 9))
    marked = next(line for line in str(caught.value).splitlines() if "^" in line)
    source = str(caught.value).splitlines()[3]
    assert "torch.zeros(5, 9)" == source[marked.index("^") : marked.rindex("^") + 1].strip()


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_nested_tensor_whose_shape_raises_is_a_tensor():
    @shapecheck
    def same(x: Float[Tensor, "a b"]) -> Float[Tensor, "a b"]:
        return x

    same(torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)]))
