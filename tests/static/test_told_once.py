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


def test_a_fault_in_the_body_of_a_call(tmp_path):
    path = tmp_path / "bodies.py"
    path.write_text(
        "import torch\n"
        "from torch import nn\n"
        "\n"
        "class Feed(nn.Module):\n"
        "    def __init__(self, dim, hidden):\n"
        "        super().__init__()\n"
        "        self.net = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, hidden), nn.Linear(hidden, dim))\n"
        "\n"
        "    def forward(self, x):\n"
        "        return self.net(x)\n"
        "\n"
        "def main():\n"
        "    x = torch.randn(2, 5, 7)\n"
        "    y = Feed(6, 20)(x) + x\n"
        "    return nn.Linear(8, 2)(x)\n"
    )

    found = [d.place.line for d in Checker([]).check(str(path)).diagnostics]

    assert found == [10, 15]
