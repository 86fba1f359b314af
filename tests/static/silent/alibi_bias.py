import torch
from jaxtyping import Float
from torch import Tensor


def alibi(h: int, t: int) -> Float[Tensor, "h t t"]:
    slopes = 2.0 ** (-8 * torch.arange(1, h + 1) / h)
    dist = torch.arange(t)[None, :] - torch.arange(t)[:, None]
    return slopes[:, None, None] * dist[None]


def attend(q: Float[Tensor, "b h t e"], k: Float[Tensor, "b h t e"]) -> Float[Tensor, "b h t t"]:
    return (q @ k.mT + alibi(q.shape[1], q.shape[2])).softmax(-1)


def main() -> None:
    print(attend(torch.randn(1, 2, 5, 4), torch.randn(1, 2, 5, 4)).shape)


if __name__ == "__main__":
    main()
