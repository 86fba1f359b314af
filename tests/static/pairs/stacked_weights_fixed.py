import torch
from jaxtyping import Float
from torch import Tensor, nn


class Dense(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.keys = nn.Parameter(torch.zeros(heads, width, 4))


class Shared(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.repeats = heads // 2
        self.keys = None
        self._keys = nn.Parameter(torch.zeros(2, width, 4))

    @property
    def keys(self):
        return self._keys.repeat_interleave(self.repeats, dim=0)

    @keys.setter
    def keys(self, value):
        self._keys = value


class NoKeys(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(width))


def mixer(kind: str, width: int, heads: int) -> nn.Module:
    if kind == "none":
        return NoKeys(width)
    return Shared(width, heads) if kind == "shared" else Dense(width, heads)


class Model(nn.Module):
    def __init__(self, kind: str, width: int, heads: int, depth: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([mixer(kind, width, heads) for _ in range(depth)])

    @property
    def keys(self) -> Float[Tensor, "depth heads width 4"]:
        return torch.stack([block.keys for block in self.blocks], dim=0)


def main() -> None:
    print(*(Model(kind, 6, 8, 3).keys.shape for kind in ("shared", "dense")))


if __name__ == "__main__":
    main()
