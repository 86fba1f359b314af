import torch
from jaxtyping import Float
from torch import Tensor, nn


def by_rank(x: Float[Tensor, "... n"]) -> Float[Tensor, ""]:
    if x.ndim == 1:
        return x.sum(-1)
    if len(x.shape) < 2:
        return x.sum(-1)
    return x.mean()


def two_axes(x: Float[Tensor, "... n"]) -> Float[Tensor, "b n"]:
    while x.dim() < 2:
        x = x[None]
    return x.flatten(0, -2) if x.dim() > 2 else x


def never_a_scalar(x: Float[Tensor, "*b n"]) -> Float[Tensor, "*b n n"]:
    if x.dim() == 0:
        return x
    return torch.diag_embed(x)


def unpacked(x: Float[Tensor, "... n"]) -> Float[Tensor, "b n"]:
    b, n = x.shape
    return x * (b + n)


def second_axis(x: Float[Tensor, "... n"]) -> Float[Tensor, "b n"]:
    return x if x.size(1) > 1 else x * 2


def refused(x: Float[Tensor, "... n"]) -> Float[Tensor, "b n"]:
    if x.dim() not in (2,):
        raise ValueError("a batch of vectors is needed")
    return x


class Heads(nn.Module):
    def __init__(self, d: int, heads: int):
        super().__init__()
        self.heads = heads
        self.proj = nn.Linear(d, d)

    def forward(self, x: Float[Tensor, "... d"]) -> Float[Tensor, "... heads k"]:
        return self.proj(x).unflatten(-1, (self.heads, -1))

    def joined(self, x: Float[Tensor, "... heads k"]) -> Float[Tensor, "... d"]:
        return self.proj(x.flatten(-2))


def broadcast(x: Float[Tensor, "... n"], y: Float[Tensor, "... n"]) -> Float[Tensor, "..."]:
    return (x * y).sum(-1)


def main() -> None:
    x = torch.randn(4, 6)
    print(by_rank(x), two_axes(x).shape, never_a_scalar(x).shape, unpacked(x).shape, second_axis(x).shape)
    model = Heads(6, 2)
    print(refused(x).shape, model.joined(model(x)).shape, broadcast(x, x[0]).shape)
