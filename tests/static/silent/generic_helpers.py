import torch
from jaxtyping import Float
from torch import Tensor


def exists(x) -> bool:
    return x is not None


def default(x, d):
    return x if exists(x) else d() if callable(d) else d


def append_dims(x, n):
    return x[(...,) + (None,) * (n - x.ndim)]


def noisy(x: Float[Tensor, "b c h w"], t: Float[Tensor, "b"], noise: Float[Tensor, "b c h w"] | None = None) -> Float[Tensor, "b c h w"]:
    noise = default(noise, lambda: torch.randn_like(x))
    return x * append_dims(t, x.ndim) + noise * append_dims(1 - t, x.ndim)


def main() -> None:
    print(noisy(torch.randn(2, 3, 4, 4), torch.rand(2)).shape)


if __name__ == "__main__":
    main()
