import torch
from torch import Tensor, nn

from shapetypes import shaped


class Tagger(nn.Module):
    def __init__(self, tags: int = 5) -> None:
        super().__init__()
        self.lstm = shaped(nn.LSTM(50, 128, batch_first=True), "B T 50 -> B T H, _")
        self.head = shaped(nn.Linear(256, tags), "B T H -> B T tags")  # BUG

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.lstm(x)[0])  # ALT


def main() -> None:
    print(Tagger()(torch.zeros(2, 3, 50)).shape)


if __name__ == "__main__":
    main()
