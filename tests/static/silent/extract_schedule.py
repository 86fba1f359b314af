import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


def extract(a: Float[Tensor, "steps"], t: Int[Tensor, "b"], shape) -> Tensor:
    out = a.gather(-1, t)
    return out.reshape(t.shape[0], *((1,) * (len(shape) - 1)))


class Diffusion(nn.Module):
    def __init__(self, steps: int) -> None:
        super().__init__()
        betas = torch.linspace(1e-4, 0.02, steps)
        self.register_buffer("alphas", (1 - betas).cumprod(0))

    def forward(self, x: Float[Tensor, "b c h w"], t: Int[Tensor, "b"]) -> Float[Tensor, "b c h w"]:
        a = extract(self.alphas, t, x.shape)
        return a.sqrt() * x + (1 - a).sqrt() * torch.randn_like(x)


def main() -> None:
    print(Diffusion(10)(torch.randn(2, 3, 4, 4), torch.tensor([1, 5])).shape)


if __name__ == "__main__":
    main()
