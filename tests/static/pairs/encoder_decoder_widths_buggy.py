import torch
from jaxtyping import Float
from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc = nn.Linear(10, width)

    def forward(self, x: Float[Tensor, "n 10"]) -> Float[Tensor, "n width"]:
        return torch.tanh(self.fc(x))


class Decoder(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc = nn.Linear(width, 10)

    def forward(self, z: Float[Tensor, "n width"]) -> Float[Tensor, "n 10"]:
        return self.fc(z)


class AutoEncoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(256)
        self.decoder = Decoder(512)

    def forward(self, x: Float[Tensor, "n 10"]) -> Float[Tensor, "n 10"]:
        return self.decoder(self.encoder(x))  # BUG


def main() -> None:
    print(AutoEncoder()(torch.randn(3, 10)).shape)


if __name__ == "__main__":
    main()
