import torch
from jaxtyping import Float
from torch import Tensor


def shade(albedo: Float[Tensor, "*rays 3"], normals: Float[Tensor, "3 *rays"]) -> Float[Tensor, "*rays 3"]:
    return albedo * normals  # BUG


def center(points: Float[Tensor, "*rays n 3"], origin: Float[Tensor, "*rays 3"]) -> Float[Tensor, "*rays n 3"]:
    return points - origin  # ALT


def main() -> None:
    print(shade(torch.ones(4, 5, 3), torch.ones(3, 4, 5)).shape, center(torch.ones(4, 2, 3), torch.ones(4, 3)).shape)


if __name__ == "__main__":
    main()
