import torch
from jaxtyping import Float
from torch import Tensor, nn


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.input = torch.Tensor(4, 3, 8, 8)
        self.gram = torch.zeros(0)
        self.other = torch.Tensor()
        self.scale = nn.Parameter(torch.Tensor(3))
        self.register_buffer("history", torch.Tensor())
        self.conv = nn.Conv2d(1, 2, 3)

    def set_input(self, x: Float[Tensor, "b 1 h h"]) -> None:
        self.input.resize_(x.size()).copy_(x)
        self.other.set_(x)
        self.scale.data = torch.randn(6)
        torch.mm(x[0, 0], x[0, 0], out=self.gram)
        self.history = torch.cat([self.history, x.flatten()])

    def forward(self) -> Float[Tensor, "b 2 h w"]:
        return self.conv(self.input)

    def scaled(self, y: Float[Tensor, "6 6"]) -> Float[Tensor, "6 6"]:
        return self.scale * y + self.gram.mm(y) + self.other.mean(dim=(0, 1)).mean()


def buffers(y: Float[Tensor, "5 5"]) -> Float[Tensor, "5 5"]:
    total = torch.Tensor()
    torch.add(y, y, out=total)
    values, places = torch.Tensor(), torch.LongTensor()
    torch.max(y, 1, out=(values, places))
    copy = torch.Tensor()
    copy.resize_as_(y).copy_(y)
    noise = y.new()
    noise.resize_(5, 3).normal_()
    rows = torch.Tensor([])
    for _ in range(3):
        rows = torch.cat([rows, y], 0)
    return total.mm(copy) + y.mm(noise).mm(noise.t()) + rows[:5] + values.unsqueeze(1) + places


def one_hot(n: int, classes: int) -> Float[Tensor, "n classes"]:
    labels = torch.LongTensor(n).random_(0, classes)
    return torch.zeros(n, classes).scatter_(1, labels.unsqueeze(1), 1)


def main() -> None:
    model = Model()
    model.set_input(torch.randn(1, 1, 6, 6))
    print(model().shape, model.scaled(torch.randn(6, 6)).shape)
    print(buffers(torch.randn(5, 5)).shape, one_hot(4, 3).shape)
