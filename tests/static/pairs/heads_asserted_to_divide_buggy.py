import torch
from torch import Tensor, nn


class Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        assert width % heads == 0, "the width must be a multiple of the heads"  # ALT
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)

    def forward(self, x: Tensor) -> Tensor:
        b, t, d = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        return (q @ k.mT).softmax(-1) @ v


def main() -> None:
    attention = Attention(30, 4)  # BUG
    print(attention(torch.randn(2, 5, 32)).shape)  # ALT


if __name__ == "__main__":
    main()
