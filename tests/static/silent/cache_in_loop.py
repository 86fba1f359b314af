import torch
from jaxtyping import Float
from torch import Tensor, nn


def decode(step: nn.Linear, x: Float[Tensor, "b 1 d"], n: int) -> Float[Tensor, "b n d"]:
    keys = x[:, :0]
    for _ in range(n):
        keys = torch.cat([keys, step(x)], dim=1)
        att = (x @ keys.transpose(1, 2)).softmax(-1)
        x = att @ keys
    return keys


def main() -> None:
    print(decode(nn.Linear(4, 4), torch.randn(2, 1, 4), 3).shape)


if __name__ == "__main__":
    main()
