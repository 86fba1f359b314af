import torch
from jaxtyping import Float
from torch import Tensor, nn


N_MELS = 80
HOP, WIN = 160, 400
SHAPE = (N_MELS, 3)


class Front(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fb = nn.Parameter(torch.rand(N_MELS, WIN // 2 + 1))
        self.bias = nn.Parameter(torch.zeros(*SHAPE))

    def forward(self, spec: Float[Tensor, "b 201 t"]) -> Float[Tensor, "b 80 t"]:
        return self.fb @ spec + self.bias.sum(1)[:, None]


def main() -> None:
    print(Front()(torch.rand(2, 201, 4)).shape)


if __name__ == "__main__":
    main()
