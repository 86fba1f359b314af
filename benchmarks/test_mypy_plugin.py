"""The plugin's own share of the CPU time of a run of mypy over code with torch: cold, and with one module changed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COLD, WARM = 0.05, 0.20
HERE = Path(__file__).parent

HEAD = '''"""Blocks of a model."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F
'''
BLOCK = '''

class Block{n}(nn.Module):
    """One block: attention and two layers, with a residual around each."""

    def __init__(self, width: int = 64, heads: int = 4, dropout: float = 0.1) -> None:
        super().__init__()
        self.width = width
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.norm2 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.drop = nn.Dropout(dropout)

    def attend(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
        b, t, d = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q = q.view(b, t, self.heads, d // self.heads).transpose(1, 2)
        k = k.view(b, t, self.heads, d // self.heads).transpose(1, 2)
        v = v.view(b, t, self.heads, d // self.heads).transpose(1, 2)
        scores = q @ k.transpose(-2, -1) / float(d) ** 0.5
        weights = self.drop(torch.softmax(scores, dim=-1))
        out = (weights @ v).transpose(1, 2).reshape(b, t, d)
        return self.proj(out)

    def forward(self, x: Float[Tensor, "b t d"], scale: Float[Tensor, "d"]) -> Float[Tensor, "b t d"]:
        x = x + self.attend(self.norm1(x)) * scale
        hidden = F.gelu(self.up(self.norm2(x)))
        return x + self.drop(self.down(hidden))
'''
USE = """import torch
from blocks import Block0

print(Block0()(torch.zeros(2, 3, 64), torch.ones(64)))
"""


def module(lines: int) -> str:
    text = HEAD
    n = 0
    while text.count("\n") < lines:
        text += BLOCK.format(n=n)
        n += 1
    return text


def share(folder: Path) -> dict[str, Any]:
    command = [sys.executable, str(HERE / "mypy_share.py"), "blocks.py", "use.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "share": found["plugin"] / found["total"], "said": done.stdout}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("plugin")
    (out / "mypy.ini").write_text("[mypy]\nplugins = shapetypes.mypy\n")
    (out / "blocks.py").write_text(module(2000))
    (out / "use.py").write_text(USE)
    return out


def test_cold_then_one_module_changed(folder: Path, benchmark: Any) -> None:
    cold = share(folder)
    warm = []

    def changed() -> None:
        (folder / "blocks.py").write_text(module(2000) + f"X = {len(warm)}\n")
        warm.append(share(folder))

    benchmark.pedantic(changed, rounds=3, iterations=1)
    best = min(warm, key=lambda found: found["share"])
    benchmark.extra_info.update(cold=round(cold["share"], 4), warm=round(best["share"], 4))
    unchanged = share(folder)
    (folder / "blocks.py").write_text(module(2000).replace("float(d) ** 0.5", "float(d) ** 0.25", 1))
    edited = share(folder)
    names = ("cold", "2,000 lines changed", "one function in them edited", "unchanged")
    for name, found in zip(names, (cold, best, edited, unchanged), strict=True):
        print(f"{name}: plugin {found['plugin']:.3f} s of {found['total']:.3f} s, {100 * found['share']:.1f} %")
    assert "[shape]" not in cold["said"]
    assert cold["share"] <= COLD
    assert best["share"] <= WARM
