import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


class Pool(nn.Module):
    def forward(self, x: Float[Tensor, "b t d"], mask: Bool[Tensor, "b t"] | None = None) -> Float[Tensor, "b d"]:
        if mask is None:
            return x.mean(1)
        total = (x * mask[..., None]).sum(1)
        return total / mask.sum(1, keepdim=True)


def main() -> None:
    print(Pool()(torch.randn(2, 5, 8), torch.ones(2, 5, dtype=torch.bool)).shape)


if __name__ == "__main__":
    main()
