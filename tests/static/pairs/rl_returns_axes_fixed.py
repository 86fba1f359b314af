import torch
from jaxtyping import Float
from torch import Tensor


def gae(rewards: Float[Tensor, "t env"], values: Float[Tensor, "t+1 env"]) -> Float[Tensor, "t env"]:
    return rewards + 0.99 * values[1:] - values[:-1]


def main() -> None:
    print(gae(torch.randn(6, 2), torch.randn(7, 2)).shape)


if __name__ == "__main__":
    main()
