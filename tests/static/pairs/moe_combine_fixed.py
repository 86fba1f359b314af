import torch
from jaxtyping import Float
from torch import Tensor, nn


class Moe(nn.Module):
    def __init__(self, dim: int, experts: int) -> None:
        super().__init__()
        self.gate = nn.Linear(dim, experts)
        self.experts = nn.ModuleList([nn.Linear(dim, dim) for _ in range(experts)])

    def forward(self, x: Float[Tensor, "n dim"]) -> Float[Tensor, "n dim"]:
        weights = self.gate(x).softmax(-1)
        outs = torch.stack([expert(x) for expert in self.experts], dim=1)
        return torch.einsum("ne,ned->nd", weights, outs)


def main() -> None:
    print(Moe(8, 3)(torch.randn(5, 8)).shape)


if __name__ == "__main__":
    main()
