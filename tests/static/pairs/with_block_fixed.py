import torch
from jaxtyping import Float
from torch import Tensor, nn


def evaluate(model: nn.Linear, x: Float[Tensor, "n 8"], y: Float[Tensor, "n"]) -> Float[Tensor, "n"]:
    with torch.no_grad():
        scores: Float[Tensor, "n 1"] = model(x)
        return scores[:, 0] - y


def main() -> None:
    print(evaluate(nn.Linear(8, 1), torch.randn(3, 8), torch.randn(3)).shape)


if __name__ == "__main__":
    main()
