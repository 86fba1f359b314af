import torch
from jaxtyping import Float
from torch import Tensor, nn
from crossmod_lib import Encoder


class Twice(Encoder):
    def __init__(self, din: int, dout: int) -> None:
        super().__init__(din, dout)
        self.again = nn.Linear(dout, dout)

    def forward(self, x: Float[Tensor, "n din"]) -> Float[Tensor, "n dout"]:
        return self.again(super().forward(x))


def main() -> None:
    print(Twice(3, 5)(torch.randn(4, 3)).shape)


if __name__ == "__main__":
    main()
