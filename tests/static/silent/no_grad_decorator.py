import torch
from jaxtyping import Float
from torch import Tensor, nn


@torch.no_grad()
def ema(a: Float[Tensor, "n d"], b: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    with torch.autocast("cpu", enabled=False):
        a = a.lerp(b, 0.1)
    return a


@torch.inference_mode()
def logits(net: nn.Linear, x: Float[Tensor, "n d"]) -> Float[Tensor, "n k"]:
    return net(x)


def main() -> None:
    print(ema(torch.randn(2, 3), torch.randn(2, 3)).shape, logits(nn.Linear(3, 4), torch.randn(2, 3)).shape)


if __name__ == "__main__":
    main()
