import torch
from jaxtyping import Float
from torch import Tensor, nn


class Rotary(nn.Module):
    def __init__(self, dim: int, base: float = 10000.0) -> None:
        super().__init__()
        self.register_buffer("freq", base ** -(torch.arange(0, dim, 2) / dim))

    def forward(self, x: Float[Tensor, "b h t e"]) -> Float[Tensor, "b h t e"]:
        t = torch.arange(x.shape[-2], device=x.device).type_as(self.freq)
        angles = torch.outer(t, self.freq)
        emb = torch.cat([angles, angles], dim=-1)
        x1, x2 = x[..., : x.shape[-1] // 2], x[..., x.shape[-1] // 2 :]
        rotated = torch.cat([-x2, x1], dim=-1)
        return x * emb.cos() + rotated * emb.sin()


def main() -> None:
    print(Rotary(6)(torch.randn(1, 2, 5, 6)).shape)


if __name__ == "__main__":
    main()
