import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


def loss(logits: Float[Tensor, "b t v"], y: Int[Tensor, "b s"], lengths: Int[Tensor, "b"]) -> Float[Tensor, ""]:
    logp = logits.log_softmax(-1).transpose(0, 1)
    return F.ctc_loss(logp, y, torch.full((logits.shape[0],), logits.shape[1]), lengths)


def main() -> None:
    print(loss(torch.randn(2, 9, 5), torch.randint(1, 5, (2, 3)), torch.tensor([3, 2])).shape)


if __name__ == "__main__":
    main()
