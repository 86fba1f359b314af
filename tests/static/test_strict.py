"""What `--strict` adds, and that it is off by default."""

from pathlib import Path

import pytest

from shapetypes.core.fault import ShapeError
from shapetypes.static.api import Checker

HEAD = "import torch\nfrom jaxtyping import Float\nfrom torch import Tensor, nn\n\n\n"
NET = """class Net(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(784, 10), nn.Linear(width, 10)

"""


def told(folder: Path, source: str, strict: bool = True) -> list[tuple[str, str]]:
    path = folder / "code.py"
    path.write_text(HEAD + source)
    found = Checker([str(folder)], strict=strict).check(str(path)).diagnostics
    return [(d.severity, str(ShapeError(fault=d.fault))) for d in found]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return self.first(x)", "`Net.forward()` requires `n` to be 784, which no annotation says"),
        ("return self.second(x)", "`Net.forward()` requires `n` to be `width`, which no annotation says"),
        ("assert x.shape[1] == 5\n        return x", "`Net.forward()` requires `n` to be 5, which no annotation says"),
    ],
)
def test_a_size_that_the_code_requires_is_noted(tmp_path: Path, body: str, expected: str) -> None:
    source = f'{NET}    def forward(self, x: Float[Tensor, "b n"]) -> Tensor:\n        {body}\n'

    assert told(tmp_path, source) == [("note", expected)]
    assert told(tmp_path, source, strict=False) == []


@pytest.mark.parametrize(
    "body",
    [
        "return x @ x.mT",
        "return self.first(x) if x.sum() > 0 else x",
        "if x.shape[1] == 784:\n            return self.first(x)\n        return x",
    ],
)
def test_what_only_some_paths_require_is_not(tmp_path: Path, body: str) -> None:
    assert told(tmp_path, f'{NET}    def forward(self, x: Float[Tensor, "b n"]) -> Tensor:\n        {body}\n') == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("def f(x):\n    return torch.relu(x)\n", "takes a tensor in `x` and returns one"),
        ("def f(x, y, k=2):\n    print(torch.mul(x, k), torch.relu(y))\n", "takes tensors in `x` and `y`"),
        ("def f(n: int):\n    return torch.zeros(n)\n", "returns a tensor"),
        ("def f(n: int):\n    return n, torch.zeros(n)\n", "returns a tensor"),
    ],
)
def test_a_public_function_without_annotations_is_a_warning(tmp_path: Path, source: str, what: str) -> None:
    expected = f"`f()` {what}, and no annotation says of which shape"

    assert told(tmp_path, source) == [("warning", expected)]
    assert told(tmp_path, source, strict=False) == []
    assert told(tmp_path, source.replace("def f", "def _f")) == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return x + 1\n",
        "def f(n):\n    print(torch.zeros(n))\n",
        "def f(x: Tensor) -> Tensor:\n    return torch.relu(x)\n",
        "def f(x):\n    raise NotImplementedError\n",
        "def f() -> None:\n    def inner(x):\n        return torch.relu(x)\n    inner(torch.zeros(2))\n",
    ],
)
def test_other_functions_are_not(tmp_path: Path, source: str) -> None:
    assert told(tmp_path, source) == []
