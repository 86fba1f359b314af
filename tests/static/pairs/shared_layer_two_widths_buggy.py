import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Siamese(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.tower = nn.Linear(300, 64)

    def forward(self, text: Float[Tensor, "b 300"], image: Float[Tensor, "b 512"]) -> Float[Tensor, "b"]:
        return F.cosine_similarity(self.tower(text), self.tower(image))  # BUG


def main() -> None:
    print(Siamese()(torch.randn(2, 300), torch.randn(2, 512)).shape)


if __name__ == "__main__":
    main()
