import torch
from jaxtyping import Float, Int
from torch import Tensor


def accuracy(logits: Float[Tensor, "n c"], labels: Int[Tensor, "n"]) -> Float[Tensor, ""]:
    hits = logits.max(1).indices == labels
    return torch.as_tensor(hits).float().mean()


def main() -> None:
    logits = torch.tensor([[0.0, 1.0], [2.0, 1.0], [0.0, 3.0]])
    print(accuracy(logits, torch.tensor([1, 0, 1])))


if __name__ == "__main__":
    main()
