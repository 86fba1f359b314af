import torch
from jaxtyping import Float
from torch import Tensor, nn


class Moe(nn.Module):
    def __init__(self, dim: int, experts: int, top: int = 2) -> None:
        super().__init__()
        self.top = top
        self.gate = nn.Linear(dim, experts)
        self.experts = nn.ModuleList(nn.Linear(dim, dim) for _ in range(experts))

    def forward(self, x: Float[Tensor, "b t dim"]) -> Float[Tensor, "b t dim"]:
        flat = x.view(-1, x.shape[-1])
        weights, chosen = self.gate(flat).softmax(-1).topk(self.top)
        out = torch.zeros_like(flat)
        for i, expert in enumerate(self.experts):
            token, slot = torch.where(chosen == i)
            out[token] += weights[token, slot, None] * expert(flat[token])
        return out.view_as(x)


def main() -> None:
    print(Moe(4, 3)(torch.randn(2, 5, 4)).shape)


if __name__ == "__main__":
    main()
