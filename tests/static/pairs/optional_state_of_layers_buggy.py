import torch
from jaxtyping import Float
from torch import Tensor, nn


class Reader(nn.Module):
    def __init__(self, feat: int, hidden: int) -> None:
        super().__init__()
        self.rnn = nn.GRU(feat, hidden, num_layers=3, batch_first=True)  # BUG

    def forward(
        self, x: Float[Tensor, "b t feat"], state: Float[Tensor, "2 b hidden"] | None = None
    ) -> Float[Tensor, "b t hidden"]:
        out, _ = self.rnn(x, state)  # ALT
        return out


def main() -> None:
    print(Reader(4, 8)(torch.randn(2, 5, 4), torch.zeros(2, 2, 8)).shape)


if __name__ == "__main__":
    main()
