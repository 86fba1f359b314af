"""Optional arguments that are given together, or not used as they are."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


def scaled(
    x: Float[Tensor, "n d"],
    rows: Float[Tensor, "n"] | None = None,
    columns: Float[Tensor, "d"] | None = None,
) -> Float[Tensor, "n d"]:
    weight = columns if rows is None else rows[:, None]
    return x if weight is None else x * weight


def pooled(x: Float[Tensor, "b t d"], mask: Bool[Tensor, "b t"] | None) -> Float[Tensor, "b d"]:
    if mask is not None:
        x = x * mask[..., None]
        count = mask.sum(1, keepdim=True)
    else:
        count = torch.full((x.shape[0], 1), x.shape[1])
    return x.sum(1) / count


class Cross(nn.Module):
    def __init__(self, width: int, context: int | None = None) -> None:
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width if context is None else context, width)

    def forward(self, x: Float[Tensor, "b t width"], memory: Float[Tensor, "b s context"] | None = None) -> Tensor:
        source = x if memory is None else memory
        return self.query(x) @ self.key(source).mT


def main() -> None:
    x = torch.ones(2, 3)
    print(scaled(x, torch.ones(2)).shape, scaled(x, columns=torch.ones(3)).shape, scaled(x).shape)
    print(pooled(torch.ones(2, 4, 3), torch.ones(2, 4).bool()).shape, pooled(torch.ones(2, 4, 3), None).shape)
    print(Cross(4)(torch.ones(1, 2, 4)).shape, Cross(4, 6)(torch.ones(1, 2, 4), torch.ones(1, 5, 6)).shape)


if __name__ == "__main__":
    main()
