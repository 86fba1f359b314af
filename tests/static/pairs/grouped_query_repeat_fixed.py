import torch
from jaxtyping import Float
from torch import Tensor, nn


class GroupedQuery(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q = nn.Linear(64, 8 * 16)
        self.kv = nn.Linear(64, 2 * 2 * 16)

    def forward(self, x: Float[Tensor, "b t 64"]) -> Float[Tensor, "b 8 t 16"]:
        b, t, _ = x.shape
        q = self.q(x).view(b, t, 8, 16).transpose(1, 2)
        k, v = self.kv(x).view(b, t, 2, 2, 16).unbind(2)
        k = k.transpose(1, 2).repeat_interleave(4, dim=1)
        v = v.transpose(1, 2).repeat_interleave(4, dim=1)
        att = (q @ k.transpose(-1, -2)).softmax(-1)
        return att @ v


def main() -> None:
    print(GroupedQuery()(torch.randn(2, 5, 64)).shape)


if __name__ == "__main__":
    main()
