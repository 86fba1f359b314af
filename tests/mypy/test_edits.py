"""After any edit a warm run and the daemon print what a cold run prints."""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest

EDITS = int(os.environ.get("SHAPETYPES_EDITS", "30"))
SEED = int(os.environ.get("SHAPETYPES_SEED", "0"))

# What can stand at each place of the five modules below; the first is what the project starts with.
PLACES: dict[str, tuple[str, ...]] = {
    "hid": ("128", "127", "64"),
    "twice": ("k * 2", "k", "k + k"),
    "base": ("32", "64"),
    "alias": ('"b t 64"', '"b t 32"', '"b 64"', '"b t f"', '"b t 2*f"'),
    "reexport": ("from conf import HID", "from conf import BASE as HID", "from conf import *"),
    "back": ("", "if TYPE_CHECKING:\n    from model import Net\n", "import model\n"),
    "in": ("64", "HID", "conf.BASE", "twice(32)"),
    "out": ("10", "7"),
    "argument": ("BTF", 'Float[Tensor, "b t 64"]', 'Float[Tensor, "b 64"]', "Tensor"),
    "return": ('"b t 10"', '"b t 7"', '"b 10"', '"b t k"'),
    "body": ("self.out(self.lin(x))", "self.lin(x)", "self.out(x)", "x", "self.out(self.lin(x + 1))"),
    "name": ("Net", "Model"),
    "import": ("from model import Net", "from model import Model as Net", "import model\nNet = model.Net"),
    "call": ("torch.zeros(2, 3, 64)", "torch.zeros(2, 3, 32)", "torch.zeros(2, 64)", "torch.zeros(2, 3, HID)"),
    "inner": ("from shapes import SIZE", "from conf import BASE as SIZE", "from extra import SIZE"),
    "product": ("x @ w", "x @ w.transpose(0, 1)", "x"),
    "lead": ("", "# a line more\n", '"""A module."""\n\n'),
    "lead2": ("", "\n\n", "X: int = 'no number'\n"),
    "extra": ("SIZE = 64\n", "SIZE = 63\n", None),  # type: ignore[dict-item]
}
MODULES = {
    "conf": "{lead}HID = {hid}\nBASE = {base}\n\n\ndef twice(k):\n    return {twice}\n",
    "shapes": (
        "{lead2}from typing import TYPE_CHECKING\nfrom jaxtyping import Float\nfrom torch import Tensor\n"
        "{reexport}\n{back}\n"
        "BTF = Float[Tensor, {alias}]\nSIZE = HID\n"
    ),
    "model": (
        "import conf\nfrom conf import twice\nfrom jaxtyping import Float\nfrom torch import Tensor, nn\n"
        "from shapes import BTF, HID\n\n\nclass {name}(nn.Module):\n    def __init__(self) -> None:\n"
        "        super().__init__()\n        self.lin = nn.Linear({in}, HID)\n"
        "        self.out = nn.Linear(128, {out})\n\n"
        "    def forward(self, x: {argument}) -> Float[Tensor, {return}]:\n        return {body}\n"
    ),
    "use": (
        "import torch\nfrom jaxtyping import Float\nfrom torch import Tensor\nfrom shapes import HID\n{import}\n\n\n"
        'def product(x: Float[Tensor, "n d"], w: Float[Tensor, "k d"]) -> Float[Tensor, "n k"]:\n'
        "    return {product}\n\n\nnet = Net()\nnet({call})\n"
    ),
    "late": (
        "import torch\n\n\ndef run() -> None:\n    {inner}\n    import use\n"
        "    use.net(torch.zeros(1, 2, SIZE))\n    use.product(torch.zeros(2, 3), torch.zeros(4, SIZE))\n"
    ),
}


def render(state: dict[str, Any]) -> dict[str, str]:
    files = {f"{name}.py": text.format(**state) for name, text in MODULES.items()}
    if state["extra"] is not None:
        files["extra.py"] = state["extra"]
    return files


@pytest.mark.parametrize("seed", [SEED])
def test_random_edits(project: Callable[..., Any], seed: int) -> None:
    choose = random.Random(seed)
    state: dict[str, Any] = {name: options[0] for name, options in PLACES.items()}
    files = render(state)
    work = project(files)
    said = set()
    for edit in range(EDITS + 1):
        expected = work.cold()
        said.update(expected)
        assert work.mypy() == expected, (seed, edit, state)
        assert work.daemon() == expected, (seed, edit, state)
        for place in choose.sample(sorted(PLACES), choose.choice((1, 1, 1, 2))):
            state[place] = choose.choice(PLACES[place])
        files, before = render(state), files
        work.write({name: text for name, text in files.items() if before.get(name) != text})
        for name in set(before) - set(files):
            (work.root / name).unlink()
    assert sum("[shape]" in line for line in said) > min(EDITS, 20) / 4
