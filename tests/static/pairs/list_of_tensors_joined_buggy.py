import torch
from jaxtyping import Float
from torch import Tensor


def pool_all(xs: list[Float[Tensor, "b d"]]) -> Float[Tensor, "k b d"]:
    return torch.cat([x.relu() for x in xs])  # BUG


def main() -> None:
    print(pool_all([torch.randn(2, 3), torch.randn(2, 3)]).shape)


if __name__ == "__main__":
    main()
