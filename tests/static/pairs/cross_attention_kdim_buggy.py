import torch
from jaxtyping import Float
from torch import Tensor, nn


class Cross(nn.Module):
    def __init__(self, dim: int, memory: int) -> None:
        super().__init__()
        self.att = nn.MultiheadAttention(dim, 4, batch_first=True)

    def forward(self, x: Float[Tensor, "b t dim"], mem: Float[Tensor, "b s memory"]) -> Float[Tensor, "b t dim"]:
        out, _ = self.att(x, mem, mem)  # BUG
        return x + out


def main() -> None:
    print(Cross(16, 24)(torch.randn(2, 5, 16), torch.randn(2, 7, 24)).shape)


if __name__ == "__main__":
    main()
