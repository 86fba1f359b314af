import torch
from jaxtyping import Float
from torch import Tensor


def extend(
    cache: Float[Tensor, "b h past e"], new: Float[Tensor, "b h t e"]
) -> Float[Tensor, "b h past+t e"]:
    return torch.cat([cache, new], dim=2)


def main() -> None:
    print(extend(torch.randn(2, 4, 6, 8), torch.randn(2, 4, 1, 8)).shape)


if __name__ == "__main__":
    main()
