"""A reduced factor is square where there are enough axes: `min` of two sizes may be either of them."""

import torch
from jaxtyping import Float
from torch import Tensor


def inverses(edges: Float[Tensor, "batch simplices corners dims"]) -> Float[Tensor, "batch simplices k k2"]:
    corners = edges.shape[2]
    _, factor = torch.linalg.qr(edges.transpose(-2, -1), mode="reduced")
    identity = torch.eye(corners).expand(factor.shape)
    return torch.linalg.solve_triangular(factor, identity, upper=True)


def main() -> None:
    print(inverses(torch.rand(2, 5, 2, 3)).shape)


if __name__ == "__main__":
    main()
