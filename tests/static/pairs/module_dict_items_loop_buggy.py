import torch
from jaxtyping import Float
from torch import Tensor, nn


class MultiHead(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Linear(30, 50)
        self.heads = nn.ModuleDict({name: nn.Linear(60, n) for name, n in (("a", 3), ("b", 5))})

    def forward(self, x: Float[Tensor, "n 30"]) -> dict[str, Tensor]:
        h = self.trunk(x).relu()
        return {name: head(h) for name, head in self.heads.items()}  # BUG


def main() -> None:
    print({k: v.shape for k, v in MultiHead()(torch.randn(4, 30)).items()})


if __name__ == "__main__":
    main()
