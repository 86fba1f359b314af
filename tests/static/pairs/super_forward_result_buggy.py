import torch
from jaxtyping import Float
from torch import Tensor, nn


class Backbone(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 3, padding=1)

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b 64 h w"]:
        return self.conv(x).relu()


class Classifier(Backbone):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(64, 10)

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b 10"]:
        h = super().forward(x)
        return self.fc(h.mean(dim=(1, 2)))  # BUG


def main() -> None:
    print(Classifier()(torch.randn(2, 3, 8, 9)).shape)


if __name__ == "__main__":
    main()
