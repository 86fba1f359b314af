import torch
from jaxtyping import Float
from torch import Tensor


def state(h: Float[Tensor, "b d"] | None, batch: int) -> Float[Tensor, "b d"]:
    if h is None:
        return torch.zeros(batch, 16)
    return h


def context(x: Float[Tensor, "b t d"], c: Float[Tensor, "b s e"] | None = None) -> Float[Tensor, "b s e"]:
    if c is not None:
        return c * 2
    return torch.ones(x.shape[0], 1, x.shape[2])


def embedding(x: Float[Tensor, "n"] | list[float] | float) -> Float[Tensor, "n"]:
    if isinstance(x, float):
        x = torch.tensor([x])
    elif isinstance(x, list):
        x = torch.tensor([*x, 1.0, 2.0])[:3]
    return x


def main() -> None:
    print(state(None, 2).shape, state(torch.zeros(3, 4), 2).shape)
    print(context(torch.zeros(2, 3, 4)).shape, context(torch.zeros(2, 3, 4), torch.zeros(2, 5, 6)).shape)
    print(embedding(1.0).shape, embedding([1.0]).shape, embedding(torch.zeros(4)).shape)
