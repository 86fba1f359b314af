import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

WIDTH = 48
Tokens = Float[Tensor, f"batch time {WIDTH}"]


def normalise(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    return F.normalize(x, dim=-1)


def similarity(a: Float[Tensor, "p d"], b: Float[Tensor, "q d"]) -> Float[Tensor, "p q"]:
    return normalise(a) @ normalise(b).T


class Encoder(nn.Module):
    def __init__(self, din: int, dout: int) -> None:
        super().__init__()
        self.fc = nn.Linear(din, dout)

    def forward(self, x: Float[Tensor, "n din"]) -> Float[Tensor, "n dout"]:
        return self.fc(x).relu()
