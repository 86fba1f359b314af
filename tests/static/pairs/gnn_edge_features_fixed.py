import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class EdgeNet(nn.Module):
    def __init__(self, node: int, edge: int, out: int) -> None:
        super().__init__()
        self.mlp = nn.Linear(2 * node + edge, out)

    def forward(
        self,
        x: Float[Tensor, "n node"],
        src: Int[Tensor, "m"],
        dst: Int[Tensor, "m"],
        e: Float[Tensor, "m edge"],
    ) -> Float[Tensor, "m out"]:
        return self.mlp(torch.cat([x[src], x[dst], e], dim=-1))


def main() -> None:
    ids = torch.randint(0, 4, (6,))
    print(EdgeNet(5, 3, 7)(torch.randn(4, 5), ids, ids, torch.randn(6, 3)).shape)


if __name__ == "__main__":
    main()
