import torch
from torch import Tensor


def predict(weights: dict[str, Tensor], x: Tensor) -> Tensor:
    h = torch.tanh(x @ weights["w0"])
    return h @ weights["w1"]


def main() -> None:
    torch.manual_seed(0)
    weights = {"w0": torch.randn(8, 32), "w1": torch.randn(32, 1)}
    x, y = torch.randn(64, 8), torch.randn(64)
    error = predict(weights, x) - y  # BUG
    print(error.pow(2).mean())


if __name__ == "__main__":
    main()
