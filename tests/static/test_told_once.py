"""One mistake is told once: what follows from a wrong call is not told again."""

from shapetypes.core.fault import ShapeError
from shapetypes.static.api import Checker

PROGRAM = """
from jaxtyping import Float, Int
from torch import Tensor


def scaled(x: Float[Tensor, "b h w"]) -> Float[Tensor, "b h w"]:
    return x * x.shape[1]


def cleaned(x: Float[Tensor, "b k h w"]) -> Float[Tensor, "n"]:
    return x.flatten()


def picked(x: Float[Tensor, "b s"]) -> Float[Tensor, "b s"]:
    return x


def run(x: Float[Tensor, "b k h w"], t: Int[Tensor, "b s"], table: Float[Tensor, "v"]):
    y = scaled(x)
    z = cleaned(y)
    i = picked(t)
    return z, table[i]
"""


def test_a_wrong_argument_of_a_call(tmp_path):
    path = tmp_path / "calls.py"
    path.write_text(PROGRAM)

    found = [
        (d.place.line, str(ShapeError(fault=d.fault)).partition(": ")[2])
        for d in Checker([]).check(str(path)).diagnostics
    ]
    assert [
        (19, 'number of axes is 4 in (b, k, h, w), expected 3 ("b h w")'),
        (21, "dtype is `Int`, expected `Float`"),
    ] == found
