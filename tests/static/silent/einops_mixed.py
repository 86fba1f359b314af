import torch
from einops import einsum, pack, repeat, unpack
from jaxtyping import Float
from torch import Tensor


def f(x: Float[Tensor, "b n c"], q: Float[Tensor, "h c"]) -> Float[Tensor, "b h c"]:
    q = repeat(q, "h c -> b h c", b=x.shape[0])
    sim = einsum(q, x, "b h c, b n c -> b h n")
    att = sim.softmax(dim=-1)
    out = einsum(att, x, "b h n, b n c -> b h c")
    flat, ps = pack([out, q], "b * c")
    a, b = unpack(flat, ps, "b * c")
    return a + b


def main() -> None:
    print(f(torch.randn(2, 5, 3), torch.randn(4, 3)).shape)


if __name__ == "__main__":
    main()
