import torch
from jaxtyping import Float
from torch import Tensor, nn


class Attention(nn.Module):
    def __init__(self, d_model: int, d_k: int, d_v: int) -> None:
        super().__init__()
        self.q = nn.Linear(d_model, d_k)
        self.k = nn.Linear(d_model, d_k)
        self.v = nn.Linear(d_model, d_v)

    def forward(self, x: Float[Tensor, "b t d_model"]) -> Float[Tensor, "b t d_v"]:
        q, k, v = self.q(x), self.k(x), self.v(x)
        scores = torch.einsum("btd,bsd->bts", q, k)
        return scores.softmax(-1) @ v


def main() -> None:
    print(Attention(8, 4, 6)(torch.randn(2, 5, 8)).shape)


if __name__ == "__main__":
    main()
