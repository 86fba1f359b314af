import torch
from jaxtyping import Float
from torch import Tensor, nn


def chain(*layers: nn.Module) -> nn.Sequential:
    return nn.Sequential(*layers)


def mlp(*sizes: int) -> nn.Sequential:
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def run(x: Float[Tensor, "n 4"]) -> Float[Tensor, "n 2"]:
    return chain(mlp(4, 8, 6), nn.Linear(6, 2))(x)


def main() -> None:
    print(run(torch.randn(3, 4)).shape)


if __name__ == "__main__":
    main()
