import torch
from jaxtyping import Float
from torch import Tensor


def attend(
    x: Float[Tensor, "b t d"], context: Float[Tensor, "b s d"] | None = None
) -> Float[Tensor, "b t d"]:
    ctx = x if context is None else context
    att = (x @ ctx.transpose(1, 2)).softmax(-1)
    return att @ ctx


def main() -> None:
    print(attend(torch.randn(2, 5, 8), torch.randn(2, 7, 8)).shape)


if __name__ == "__main__":
    main()
