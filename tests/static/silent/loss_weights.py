import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


def focal(logits: Float[Tensor, "n c"], y: Int[Tensor, "n"], alpha: Float[Tensor, "c"] | None = None) -> Float[Tensor, ""]:
    ce = F.cross_entropy(logits, y, weight=alpha, reduction="none")
    p = torch.exp(-ce)
    loss = (1 - p) ** 2 * ce
    return loss.mean()


def dice(p: Float[Tensor, "b c h w"], y: Int[Tensor, "b h w"]) -> Float[Tensor, ""]:
    onehot = F.one_hot(y, p.shape[1]).permute(0, 3, 1, 2).float()
    inter = (p * onehot).sum((0, 2, 3))
    return 1 - (2 * inter / (p.sum((0, 2, 3)) + onehot.sum((0, 2, 3)))).mean()


def main() -> None:
    print(focal(torch.randn(4, 3), torch.randint(0, 3, (4,))).shape)
    print(dice(torch.rand(2, 3, 4, 4), torch.randint(0, 3, (2, 4, 4))).shape)


if __name__ == "__main__":
    main()
