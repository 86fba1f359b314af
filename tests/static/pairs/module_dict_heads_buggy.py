import torch
from jaxtyping import Float
from torch import Tensor, nn


class MultiTask(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Linear(30, 50)
        self.heads = nn.ModuleDict({"age": nn.Linear(30, 1), "sex": nn.Linear(50, 2)})

    def forward(self, x: Float[Tensor, "n 30"]) -> dict[str, Tensor]:
        h = self.trunk(x).relu()
        return {"age": self.heads["age"](h), "sex": self.heads["sex"](h)}  # BUG


def main() -> None:
    print(MultiTask()(torch.randn(4, 30)))


if __name__ == "__main__":
    main()
