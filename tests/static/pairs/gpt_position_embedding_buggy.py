import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Embedder(nn.Module):
    def __init__(self, vocab: int, context: int, width: int) -> None:
        super().__init__()
        self.tok = nn.Embedding(vocab, width)
        self.pos = nn.Embedding(width, context)

    def forward(self, ids: Int[Tensor, "b t"]) -> Float[Tensor, "b t width"]:
        steps = torch.arange(ids.shape[1], device=ids.device)
        return self.tok(ids) + self.pos(steps)  # BUG


def main() -> None:
    print(Embedder(100, 16, 32)(torch.randint(0, 100, (2, 8))).shape)


if __name__ == "__main__":
    main()
