import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Byol(nn.Module):
    def __init__(self, net: nn.Module, dim: int, hidden: int) -> None:
        super().__init__()
        import copy

        self.online = net
        self.target = copy.deepcopy(net)
        self.pred = nn.Sequential(nn.Linear(dim, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Linear(hidden, dim))

    def forward(self, a: Float[Tensor, "n f"], b: Float[Tensor, "n f"]) -> Float[Tensor, "n"]:
        p = self.pred(self.online(a))
        with torch.no_grad():
            z = self.target(b)
        return 2 - 2 * F.cosine_similarity(p, z.detach(), dim=-1)


def main() -> None:
    print(Byol(nn.Linear(5, 4), 4, 8)(torch.randn(3, 5), torch.randn(3, 5)).shape)


if __name__ == "__main__":
    main()
