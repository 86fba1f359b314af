import torch
from jaxtyping import Float
from torch import Tensor


def scaled(directions: Float[Tensor, "*rays 3"], lengths: Float[Tensor, "*rays 1"]) -> Float[Tensor, "*rays 3"]:
    return directions * lengths


def ends(
    origins: Float[Tensor, "*rays 3"], directions: Float[Tensor, "*rays 3"], far: Float[Tensor, "*rays 1"]
) -> Float[Tensor, "..."]:
    return origins + scaled(directions, far)


def main() -> None:
    print(ends(torch.zeros(4, 3), torch.ones(4, 3), torch.ones(4, 1)).shape)


if __name__ == "__main__":
    main()
