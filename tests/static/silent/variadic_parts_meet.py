import torch
from jaxtyping import Float
from torch import Tensor


def outer(a: Float[Tensor, "*a"], b: Float[Tensor, "*b"]) -> Float[Tensor, "..."]:
    return a.reshape(*a.shape, *[1] * b.ndim) * b


def product(m: Float[Tensor, "*batch n k"], x: Float[Tensor, "*batch2 k c"]) -> Float[Tensor, "... n c"]:
    return m @ x


def weighted(x: Float[Tensor, "*batch n d"], w: Float[Tensor, "n 1"]) -> Float[Tensor, "*batch n d"]:
    return x * w


def per_row(x: Float[Tensor, "*batch d"], w: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch d"]:
    return x * w[..., None] + w.unsqueeze(-1) - w.reshape(*w.shape, 1)


def column(w: Float[Tensor, "*batch"], v: Float[Tensor, "*batch 1"]) -> Float[Tensor, "..."]:
    return w * v if w.ndim == 0 else w * v.squeeze(-1)


def shifted(x: Float[Tensor, "*batch d"], by: Float[Tensor, "..."]) -> Float[Tensor, "*batch d"]:
    return x + by.sum()


def summed(x: Float[Tensor, "*batch d"], y: Float[Tensor, "*other d"]) -> Float[Tensor, "*sum d"]:
    return x + y


def pair(x: Float[Tensor, "*all d"], y: Float[Tensor, "*#all d"]) -> Float[Tensor, "*all d"]:
    return x + y


def spread(x: Float[Tensor, "*batch d"], y: Float[Tensor, "*rest d"]) -> Float[Tensor, "*batch d"]:
    y = y.expand_as(x)
    return pair(x, y) + pair(x, x) + apart(x, y.sum(dim=-1, keepdim=True))


def apart(x: Float[Tensor, "*one d"], y: Float[Tensor, "*two e"]) -> Float[Tensor, "*one d"]:
    return x


def main() -> None:
    x, w = torch.ones(2, 5, 3), torch.ones(2, 5)
    print(outer(w, x).shape, product(x, x[0].mT).shape, weighted(x, w[0][:, None]).shape, per_row(x, w).shape)
    print(spread(x, x[0]).shape, column(w, w[..., None]).shape, shifted(x, w).shape, summed(x, x[0]).shape)


if __name__ == "__main__":
    main()
