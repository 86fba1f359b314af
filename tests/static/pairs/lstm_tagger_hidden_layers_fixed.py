import torch
from jaxtyping import Float
from torch import Tensor, nn


class Tagger(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(32, 64, num_layers=2, batch_first=True, bidirectional=True)
        self.head = nn.Linear(128, 5)

    def forward(self, x: Float[Tensor, "b t 32"]) -> Float[Tensor, "b t 5"]:
        h0 = x.new_zeros(4, x.shape[0], 64)
        c0 = x.new_zeros(4, x.shape[0], 64)
        out, _ = self.lstm(x, (h0, c0))
        return self.head(out)


def main() -> None:
    print(Tagger()(torch.randn(3, 7, 32)).shape)


if __name__ == "__main__":
    main()
