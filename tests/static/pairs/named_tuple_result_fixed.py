from typing import NamedTuple

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


class Out(NamedTuple):
    logits: Float[Tensor, "b c"]
    features: Float[Tensor, "b d"]


def predict(x: Float[Tensor, "b d"], w: Float[Tensor, "c d"]) -> Out:
    return Out(x @ w.T, x)


def loss(x: Float[Tensor, "b d"], w: Float[Tensor, "c d"], y: Int[Tensor, "b"]) -> Float[Tensor, ""]:
    logits, features = predict(x, w)
    return F.nll_loss(logits.log_softmax(1), y) + (features @ w.T).sum()


def main() -> None:
    print(loss(torch.randn(4, 8), torch.randn(3, 8), torch.randint(0, 3, (4,))).shape)


if __name__ == "__main__":
    main()
