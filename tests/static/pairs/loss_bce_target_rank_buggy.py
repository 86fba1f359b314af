import torch
from jaxtyping import Float
from torch import Tensor, nn


class Detector(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(16, 1)
        self.loss = nn.BCEWithLogitsLoss()

    def forward(self, x: Float[Tensor, "n 16"], y: Float[Tensor, "n"]) -> Float[Tensor, ""]:
        return self.loss(self.head(x), y)  # BUG


def main() -> None:
    print(Detector()(torch.randn(4, 16), torch.rand(4)).shape)


if __name__ == "__main__":
    main()
