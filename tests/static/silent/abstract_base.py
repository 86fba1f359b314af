import abc

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Encoder(nn.Module, abc.ABC):
    @abc.abstractmethod
    def encode(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b e"]: ...

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b e"]:
        return F.normalize(self.encode(x), dim=-1)


class Mean(Encoder):
    def encode(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b d"]:
        return x.mean(1)


def main() -> None:
    print(Mean()(torch.randn(2, 3, 4)).shape)


if __name__ == "__main__":
    main()
