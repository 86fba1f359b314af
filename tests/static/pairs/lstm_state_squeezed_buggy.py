import torch
from jaxtyping import Float
from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self, features: int, hidden: int) -> None:
        super().__init__()
        self.rnn = nn.LSTM(features, hidden, batch_first=True)

    def forward(self, x: Float[Tensor, "b t features"]) -> Float[Tensor, "b hidden"]:
        _, last = self.rnn(x)
        return last.squeeze(0)  # BUG


def main() -> None:
    print(Encoder(3, 5)(torch.randn(2, 7, 3)).shape)


if __name__ == "__main__":
    main()
