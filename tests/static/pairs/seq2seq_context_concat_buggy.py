import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Decoder(nn.Module):
    def __init__(self, emb: int, hid: int, vocab: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, emb)
        self.rnn = nn.GRU(emb, hid, batch_first=True)
        self.out = nn.Linear(hid, vocab)

    def forward(self, ids: Int[Tensor, "b t"], context: Float[Tensor, "b hid"]) -> Float[Tensor, "b t vocab"]:
        e = self.embed(ids)
        c = context[:, None].expand(-1, e.shape[1], -1)
        y, _ = self.rnn(torch.cat([e, c], dim=-1))  # BUG
        return self.out(y)


def main() -> None:
    print(Decoder(8, 16, 50)(torch.randint(0, 50, (2, 5)), torch.randn(2, 16)).shape)


if __name__ == "__main__":
    main()
