import torch
from jaxtyping import Float
from torch import Tensor


def embed(steps: Float[Tensor, "b"], width: int) -> Float[Tensor, "b width"]:
    half = width // 2
    rates: Float[Tensor, "half"] = torch.exp(-torch.arange(half).float() / half)
    angles: Float[Tensor, "b half"] = steps[:, None] * rates[None, :]
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


def main() -> None:
    print(embed(torch.rand(3), 10).shape)


if __name__ == "__main__":
    main()
