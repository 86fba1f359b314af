import torch
from jaxtyping import Float
from torch import Tensor, nn


class Field(nn.Module):
    def __init__(self, freqs: int = 6) -> None:
        super().__init__()
        self.freqs = freqs
        self.mlp = nn.Sequential(nn.Linear(3 * 2 * freqs, 64), nn.ReLU(), nn.Linear(64, 4))

    def encode(self, x: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch width"]:
        scaled = x[..., None] * 2.0 ** torch.arange(self.freqs)
        return torch.cat([scaled.sin(), scaled.cos()], dim=-1).flatten(-2)

    def forward(self, x: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch 4"]:
        return self.mlp(self.encode(x))


def main() -> None:
    print(Field()(torch.randn(2, 5, 3)).shape)


if __name__ == "__main__":
    main()
