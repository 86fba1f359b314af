import torch
from jaxtyping import Float, Int
from torch import Tensor


def aggregate(messages: Float[Tensor, "m d"], dst: Int[Tensor, "m"], n: int) -> Float[Tensor, "n2 d"]:
    out = messages.new_zeros(n, messages.shape[1])
    return out.index_add(0, dst, messages)


def main() -> None:
    print(aggregate(torch.randn(6, 3), torch.randint(0, 4, (6,)), 4).shape)


if __name__ == "__main__":
    main()
