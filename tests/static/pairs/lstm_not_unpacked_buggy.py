import torch
from jaxtyping import Float
from torch import Tensor, nn


class Tagger(nn.Module):
    def __init__(self, dim: int, hidden: int, tags: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(dim, hidden, batch_first=True)
        self.out = nn.Linear(hidden, tags)

    def forward(self, x: Float[Tensor, "b t dim"]) -> Float[Tensor, "b t tags"]:
        states = self.lstm(x)
        return self.out(states)  # BUG


def main() -> None:
    print(Tagger(5, 6, 3)(torch.randn(2, 7, 5)).shape)


if __name__ == "__main__":
    main()
