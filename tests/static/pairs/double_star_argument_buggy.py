import torch
from jaxtyping import Float
from torch import Tensor


def weigh(x: Float[Tensor, "n d"], **weights: Float[Tensor, "n"]) -> Float[Tensor, "n d"]:
    for weight in weights.values():
        x = x * weight[:, None]  # ALT
    return x


def main() -> None:
    print(weigh(torch.ones(2, 3), age=torch.ones(2), size=torch.ones(3)).shape)  # BUG


if __name__ == "__main__":
    main()
