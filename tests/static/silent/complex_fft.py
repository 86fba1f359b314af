import torch
from jaxtyping import Float
from torch import Tensor, nn


class Spectral(nn.Module):
    def __init__(self, channels: int, modes: int) -> None:
        super().__init__()
        self.modes = modes
        self.w = nn.Parameter(torch.randn(channels, channels, modes, dtype=torch.cfloat))

    def forward(self, x: Float[Tensor, "b channels n"]) -> Float[Tensor, "b channels n"]:
        xf = torch.fft.rfft(x)
        out = torch.zeros_like(xf)
        out[:, :, : self.modes] = torch.einsum("bim,iom->bom", xf[:, :, : self.modes], self.w)
        return torch.fft.irfft(out, n=x.size(-1))


def main() -> None:
    print(Spectral(3, 4)(torch.randn(2, 3, 16)).shape)


if __name__ == "__main__":
    main()
