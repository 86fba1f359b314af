import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(6, 8, batch_first=True, bidirectional=True)

    def forward(self, x: Float[Tensor, "b t 6"], lengths: Int[Tensor, "b"]) -> Float[Tensor, "b t2 16"]:
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, (h, c) = self.rnn(packed)
        padded, _ = nn.utils.rnn.pad_packed_sequence(out, batch_first=True)
        return padded + h.transpose(0, 1).flatten(1)[:, None]


def main() -> None:
    print(Encoder()(torch.randn(3, 5, 6), torch.tensor([5, 3, 2])).shape)


if __name__ == "__main__":
    main()
