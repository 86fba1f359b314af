import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def clip_loss(image: Float[Tensor, "n d"], text: Float[Tensor, "n d"]) -> Float[Tensor, ""]:
    logits = image @ text.T
    labels = torch.arange(image.shape[0])
    return (F.cross_entropy(logits, labels) + F.cross_entropy(logits.t(), labels)) / 2


def main() -> None:
    print(clip_loss(torch.randn(4, 8), torch.randn(4, 8)))


if __name__ == "__main__":
    main()
