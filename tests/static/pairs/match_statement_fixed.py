import torch
from jaxtyping import Float
from torch import Tensor


def pool(x: Float[Tensor, "b t d"], how: str) -> Float[Tensor, "b d"]:
    match how:
        case "mean":
            return x.mean(1)
        case "last":
            return x[:, -1]
        case _:
            raise ValueError(how)


def main() -> None:
    print(pool(torch.randn(2, 5, 8), "last").shape)


if __name__ == "__main__":
    main()
