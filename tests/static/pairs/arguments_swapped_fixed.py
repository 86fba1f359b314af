import torch
from jaxtyping import Bool, Float
from torch import Tensor


def attention(
    q: Float[Tensor, "b t d"], k: Float[Tensor, "b s d"], mask: Bool[Tensor, "t s"]
) -> Float[Tensor, "b t s"]:
    return (q @ k.mT).masked_fill(~mask, -1e9)


def cross(text: Float[Tensor, "b t d"], image: Float[Tensor, "b s d"]) -> Float[Tensor, "b t s"]:
    mask = torch.ones(text.shape[1], image.shape[1], dtype=torch.bool)
    return attention(text, image, mask)


def main() -> None:
    print(cross(torch.randn(2, 5, 8), torch.randn(2, 7, 8)).shape)


if __name__ == "__main__":
    main()
