import torch
from jaxtyping import Float
from torch import Tensor, nn


class Peaks(nn.Module):
    def __init__(self, d: int, peaks: int) -> None:
        super().__init__()
        self.score = nn.Linear(d, 1)
        self.count = peaks

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b d"]:
        index = self.score(x).topk(self.count, dim=1).indices
        chosen: Float[Tensor, "b peaks d"] = x.gather(1, index.expand(-1, -1, x.shape[2]))
        return chosen.mean(dim=1)


def main() -> None:
    print(Peaks(3, 2)(torch.randn(4, 7, 3)).shape)
    torch.manual_seed(0)
    print(Peaks(3, 2)(torch.randn(4, 7, 3)).sum())


if __name__ == "__main__":
    main()
