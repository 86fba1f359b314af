import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Classifier(nn.Module):
    def __init__(self, table: Float[Tensor, "words e"], classes: int, width: int) -> None:
        super().__init__()
        self.embed = nn.Embedding.from_pretrained(table, padding_idx=0)
        self.head = nn.Linear(width, classes)

    def forward(self, tokens: Int[Tensor, "b t"]) -> Float[Tensor, "b c"]:
        return self.head(self.embed(tokens).mean(1))  # ALT


def main() -> None:
    net = Classifier(torch.zeros(100, 50), 2, 300)
    print(net(torch.zeros(3, 7, dtype=torch.long)).shape)


if __name__ == "__main__":
    main()
