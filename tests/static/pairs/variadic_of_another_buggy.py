import torch
from jaxtyping import Float
from torch import Tensor


def light(albedo: Float[Tensor, "*rays 3"], color: Float[Tensor, "*lights 3"]) -> Float[Tensor, "*rays 3"]:
    return albedo * color  # BUG


def main() -> None:
    print(light(torch.ones(5, 3), torch.ones(4, 5, 3)).shape)


if __name__ == "__main__":
    main()
