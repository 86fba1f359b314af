import torch
from jaxtyping import Float
from torch import Tensor, nn


class Base(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.head = self.make_head()

    def make_head(self) -> nn.Module:
        return nn.Linear(64, 10)

    def forward(self, x: Float[Tensor, "n 64"]) -> Float[Tensor, "n 10"]:
        return self.head(self.fc(x))  # ALT


class Wide(Base):
    def __init__(self) -> None:
        super().__init__(64)

    def make_head(self) -> nn.Module:
        return nn.Linear(128, 10)


def main() -> None:
    model = Wide()
    print(model(torch.randn(3, 64)).shape)  # BUG


if __name__ == "__main__":
    main()
