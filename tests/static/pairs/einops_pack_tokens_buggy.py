import torch
from einops import pack, unpack
from jaxtyping import Float
from torch import Tensor


def join(cls: Float[Tensor, "b d"], image: Float[Tensor, "b h w d"]) -> Float[Tensor, "b n d"]:
    tokens, shapes = pack([cls, image], "b * d")
    return tokens


def attend(cls: Float[Tensor, "b d"], image: Float[Tensor, "b h w d"]) -> Float[Tensor, "b h w d"]:
    tokens, shapes = pack([cls, image], "b * d")
    _, out = unpack(tokens * 2, shapes, "b * d")
    return out + cls[:, :, None, None]  # BUG


def main() -> None:
    cls, image = torch.zeros(2, 8), torch.zeros(2, 3, 4, 8)
    print(join(cls, image).shape, attend(cls, image).shape)


if __name__ == "__main__":
    main()
