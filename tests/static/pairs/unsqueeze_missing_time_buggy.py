import torch
from jaxtyping import Float
from torch import Tensor, nn


class Decoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, 10)

    def forward(self, token: Float[Tensor, "batch 16"], state: Float[Tensor, "1 batch 32"]) -> Float[Tensor, "batch 10"]:
        out, state = self.cell(token, state)  # BUG
        return self.head(out)


def main() -> None:
    print(Decoder()(torch.randn(4, 16), torch.randn(1, 4, 32)).shape)


if __name__ == "__main__":
    main()
