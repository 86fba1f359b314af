import torch
from jaxtyping import Float
from torch import Tensor, nn


class Backbone(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Linear(8, 16)
        self.head = nn.Linear(16, 100)

    def forward(self, x: Float[Tensor, "n 8"]) -> Float[Tensor, "n k"]:
        return self.head(self.body(x))


class FineTuned(nn.Module):
    def __init__(self, backbone: Backbone, classes: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.backbone.head = nn.Identity()
        self.fc = nn.Linear(16, classes)

    def forward(self, x: Float[Tensor, "n 8"]) -> Float[Tensor, "n classes"]:
        return self.fc(self.backbone(x))


def main() -> None:
    print(FineTuned(Backbone(), 3)(torch.randn(2, 8)).shape)


if __name__ == "__main__":
    main()
