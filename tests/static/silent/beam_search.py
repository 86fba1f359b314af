import torch
from jaxtyping import Float, Int
from torch import Tensor


def step(
    scores: Float[Tensor, "b k"], logp: Float[Tensor, "b k v"], ids: Int[Tensor, "b k t"]
) -> tuple[Float[Tensor, "b k"], Int[Tensor, "b k t1"]]:
    b, k, v = logp.shape
    total = (scores[..., None] + logp).view(b, -1)
    best, flat = total.topk(k, dim=1)
    beam, token = flat // v, flat % v
    kept = ids.gather(1, beam[..., None].expand(-1, -1, ids.shape[2]))
    return best, torch.cat([kept, token[..., None]], dim=-1)


def main() -> None:
    s, i = step(torch.randn(2, 3), torch.randn(2, 3, 7), torch.randint(0, 7, (2, 3, 4)))
    print(s.shape, i.shape)


if __name__ == "__main__":
    main()
