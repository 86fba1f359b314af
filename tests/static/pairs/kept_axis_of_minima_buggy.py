import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


def batch_hard(emb: Float[Tensor, "n d"], labels: Int[Tensor, "n"], margin: float = -2.0) -> Float[Tensor, ""]:
    dist: Float[Tensor, "n n"] = torch.cdist(emb, emb)
    same: Bool[Tensor, "n n"] = labels[:, None] == labels[None, :]
    hardest_pos = (dist * same).max(dim=1).values
    hardest_neg = dist.masked_fill(same, float("inf")).min(dim=1, keepdim=True).values  # BUG
    return (hardest_pos - hardest_neg + margin).relu().mean()  # ALT


def main() -> None:
    torch.manual_seed(0)
    print(batch_hard(torch.randn(8, 4), torch.tensor([0, 0, 1, 1, 2, 2, 3, 3])))

if __name__ == "__main__":
    main()
