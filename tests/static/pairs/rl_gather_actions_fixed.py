import torch
from jaxtyping import Float, Int
from torch import Tensor


def chosen(q: Float[Tensor, "b a"], actions: Int[Tensor, "b"]) -> Float[Tensor, "b"]:
    return q.gather(1, actions.unsqueeze(1)).squeeze(1)


def main() -> None:
    print(chosen(torch.randn(5, 3), torch.randint(0, 3, (5,))).shape)


if __name__ == "__main__":
    main()
