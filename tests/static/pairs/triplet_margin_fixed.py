import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def triplet(a: Float[Tensor, "n d"], p: Float[Tensor, "n d"], negs: Float[Tensor, "k d"]) -> Float[Tensor, "n k"]:
    pos = (a - p).pow(2).sum(-1)
    neg = torch.cdist(a, negs)
    return F.relu(pos[:, None] - neg + 0.2)


def main() -> None:
    print(triplet(torch.randn(4, 8), torch.randn(4, 8), torch.randn(6, 8)).shape)


if __name__ == "__main__":
    main()
