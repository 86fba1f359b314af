import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def pad_to(x: Float[Tensor, "b t d"], multiple: int) -> Float[Tensor, "b t2 d"]:
    extra = -x.shape[1] % multiple
    padded = F.pad(x, (0, 0, 0, extra))
    assert padded.shape[1] % multiple == 0
    blocks = padded.view(x.shape[0], -1, multiple, x.shape[2])
    return blocks.flatten(1, 2)


def main() -> None:
    print(pad_to(torch.randn(2, 5, 3), 4).shape)


if __name__ == "__main__":
    main()
