import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


class Segmenter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 21, 1)
        self.loss = nn.NLLLoss(ignore_index=255)

    def forward(self, x: Float[Tensor, "b 3 h w"], mask: Int[Tensor, "b 1 h w"]) -> Float[Tensor, ""]:
        scores = F.log_softmax(self.conv(x), dim=1)
        return self.loss(scores, mask)  # BUG


def main() -> None:
    print(Segmenter()(torch.randn(2, 3, 8, 8), torch.randint(0, 21, (2, 1, 8, 8))).shape)


if __name__ == "__main__":
    main()
