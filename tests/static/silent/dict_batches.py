import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def collate(items: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    return {k: torch.stack([item[k] for item in items]) for k in items[0]}


def loss(batch: dict[str, Tensor], w: Float[Tensor, "d k"]) -> Float[Tensor, ""]:
    logits = batch["x"] @ w
    return F.cross_entropy(logits, batch["y"])


def main() -> None:
    items = [{"x": torch.randn(3), "y": torch.tensor(1)} for _ in range(4)]
    print(loss(collate(items), torch.randn(3, 2)).shape)


if __name__ == "__main__":
    main()
