import torch
from jaxtyping import Float
from torch import Tensor


def frames(wave: Float[Tensor, "b t"], size: int) -> Float[Tensor, "b n size"]:
    return wave.unfold(1, size, size)


def main() -> None:
    print(frames(5, torch.randn(2, 20)).shape)  # BUG


if __name__ == "__main__":
    main()
