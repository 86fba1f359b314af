import torch
from jaxtyping import Float
from torch import Tensor, nn


class Summary(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(16, 32, batch_first=True)
        self.out = nn.Linear(32, 2)

    def forward(self, x: Float[Tensor, "batch time 16"]) -> Float[Tensor, "batch 2"]:
        hidden, _ = self.rnn(x)
        return self.out(hidden)  # BUG


def main() -> None:
    print(Summary()(torch.randn(4, 9, 16)).shape)


if __name__ == "__main__":
    main()
