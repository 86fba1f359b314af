import torch
from jaxtyping import Float
from torch import Tensor, nn


class Seq2Seq(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(16, 32, batch_first=True)
        self.decoder = nn.GRU(16, 32, batch_first=True)

    def forward(self, src: Float[Tensor, "b s 16"], tgt: Float[Tensor, "b t 16"]) -> Float[Tensor, "b t 32"]:
        _, h = self.encoder(src)
        out, _ = self.decoder(tgt, h)
        return out


def main() -> None:
    print(Seq2Seq()(torch.randn(2, 4, 16), torch.randn(2, 5, 16)).shape)


if __name__ == "__main__":
    main()
