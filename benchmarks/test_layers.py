"""What a `shaped` layer costs, beside an empty pair of forward hooks, and in a transformer beside the bare one.

`python benchmarks/test_layers.py` prints the ratios; all variants of a case are timed in turns within one run.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from shapetypes import shaped

Wrap = Callable[[nn.Module, str], nn.Module]


def bare(layer: nn.Module, spec: str) -> nn.Module:
    del spec
    return layer


def hooked(layer: nn.Module) -> nn.Module:
    layer.register_forward_pre_hook(lambda *_: None)
    layer.register_forward_hook(lambda *_: None)
    return layer


class Block(nn.Module):
    def __init__(self, wrap: Wrap, d: int = 256) -> None:
        super().__init__()
        self.norm1 = wrap(nn.LayerNorm(d), "B T D -> B T D")
        self.norm2 = wrap(nn.LayerNorm(d), "B T D -> B T D")
        self.qkv = wrap(nn.Linear(d, 3 * d), "B T D -> B T E")
        self.out = wrap(nn.Linear(d, d), "B T D -> B T D")
        self.up = wrap(nn.Linear(d, 4 * d), "B T D -> B T M")
        self.act = wrap(nn.GELU(), "B T M -> B T M")
        self.down = wrap(nn.Linear(4 * d, d), "B T M -> B T D")

    def forward(self, x: Tensor) -> Tensor:
        b, t, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, t, 3, 8, d // 8).permute(2, 0, 3, 1, 4)
        mixed = nn.functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, t, d)
        x = x + self.out(mixed)
        return x + self.down(self.act(self.up(self.norm2(x))))  # type: ignore[no-any-return]


class Transformer(nn.Module):
    def __init__(self, wrap: Wrap) -> None:
        super().__init__()
        self.embed = wrap(nn.Embedding(1000, 256), "Int B T -> B T D")
        self.blocks = nn.ModuleList([Block(wrap) for _ in range(4)])
        self.norm = wrap(nn.LayerNorm(256), "B T D -> B T D")
        self.head = wrap(nn.Linear(256, 1000), "B T D -> B T V")

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed(x)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))  # type: ignore[no-any-return]


def in_turns(runs: list[Callable[[], object]], number: int, rounds: int) -> list[float]:
    """The least time of a call of each (seconds)."""
    best = [float("inf")] * len(runs)
    for _ in range(rounds):
        for i, run in enumerate(runs):
            best[i] = min(best[i], timeit.timeit(run, number=number) / number)
    return best


def layer_ratio(make: Callable[[], nn.Module], spec: str) -> float:
    """A shaped layer over the same layer with an empty pair of hooks."""
    x, empty, ours = torch.randn(4, 7, 16), hooked(make()), shaped(make(), spec)
    with torch.no_grad():
        by_hooks, by_us = in_turns([lambda: empty(x), lambda: ours(x)], 200, 150)
    return by_us / by_hooks


def transformer_ratio() -> float:
    """A transformer with all layers shaped over the bare one."""
    plain, ours, x = Transformer(bare).eval(), Transformer(shaped).eval(), torch.randint(0, 1000, (8, 128))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # several wait for each other where the machine is shared
    try:
        with torch.no_grad():
            by_itself, by_us = in_turns([lambda: plain(x), lambda: ours(x)], 1, 30)
    finally:
        torch.set_num_threads(threads)
    return by_us / by_itself


CASES: list[tuple[str, Callable[[], nn.Module], str]] = [
    ("Identity, names", nn.Identity, "B T F -> B T F"),
    ("Linear, names", lambda: nn.Linear(16, 16), "B T F -> B T H"),
    ("Linear, numbers and dtypes", lambda: nn.Linear(16, 16), "Float B T 16 -> Float B T 16"),
]


@pytest.mark.parametrize(("make", "spec"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_layer(make: Callable[[], nn.Module], spec: str) -> None:
    assert min(layer_ratio(make, spec) for _ in range(3)) <= 1.5


def test_transformer() -> None:
    assert min(transformer_ratio() for _ in range(3)) <= 1.03


if __name__ == "__main__":
    for name, make, spec in CASES:
        print(f"{name:30} {layer_ratio(make, spec):.2f} x an empty pair of forward hooks")
    print(f"{'transformer, all shaped':30} {transformer_ratio():.3f} x bare")
