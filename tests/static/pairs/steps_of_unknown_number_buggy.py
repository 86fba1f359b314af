import torch
from jaxtyping import Float
from torch import Tensor, nn


class Recurrent(nn.Module):
    def __init__(self, features: int, hidden: int):
        super().__init__()
        self.cell = nn.GRUCell(features, hidden)
        self.head = nn.Linear(hidden, features)

    def forward(self, x: Float[Tensor, "b t f"]) -> Float[Tensor, "b t h"]:
        h = x.new_zeros(x.shape[0], self.cell.hidden_size)
        out = []
        for step in x.unbind(1):
            h = self.cell(step, h)
            out.append(h)
        return torch.stack(out)  # BUG


def windows(x: Float[Tensor, "b t f"], w: Float[Tensor, "f h"]) -> Float[Tensor, "b t h"]:
    out = []
    for step in x.split(1, dim=1):
        out += [step.transpose(1, 2) @ w]  # BUG
    return torch.cat(out, 1)


def differences(x: Float[Tensor, "b t f"]) -> Float[Tensor, "b t f"]:
    out = []
    for i in range(1, x.shape[1]):
        out.append(x[:, i] - x[:, i - 1])
    return torch.stack(out, 1)  # BUG


def levels(x: Float[Tensor, "b c h w"]) -> list[Float[Tensor, "b c h w"]]:
    found = [x]
    for _ in range(2):
        x = nn.functional.avg_pool2d(x, 2)
        found.append(x)
    found = found[::-1]
    return found  # BUG


def main() -> None:
    x = torch.randn(2, 5, 3)
    assert Recurrent(3, 4)(x).shape == (2, 5, 4)
    assert differences(x).shape == x.shape
    levels(torch.ones(1, 1, 8, 8))
    print(windows(x, torch.randn(3, 7)).shape)
