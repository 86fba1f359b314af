import torch
from jaxtyping import Bool, Float
from torch import Tensor


def valid(x: Float[Tensor, "n d"], keep: Bool[Tensor, "n"]) -> Float[Tensor, "m d"]:
    rows = x[keep]
    idx = keep.nonzero().squeeze(1)
    again = x[idx]
    first = x[: rows.shape[0]]
    count = int(keep.sum().item())
    head = x[:count]
    return rows + again * 0 + first * 0 + head * 0


def main() -> None:
    print(valid(torch.randn(4, 3), torch.tensor([True, False, True, True])).shape)


if __name__ == "__main__":
    main()
