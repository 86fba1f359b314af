import torch
from jaxtyping import Float
from torch import Tensor


def states(x: Float[Tensor, "b t d"]) -> list[Float[Tensor, "b d"]]:
    out = []
    for i in range(x.shape[1]):
        out.append(x[:, i : i + 1].tanh())
    return out  # ALT


def main() -> None:
    print([s.shape for s in states(torch.zeros(2, 3, 4))])


if __name__ == "__main__":
    main()
