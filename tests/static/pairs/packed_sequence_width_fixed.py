import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Reader(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 16, batch_first=True, bidirectional=True)
        self.head = nn.Linear(32, 4)

    def forward(self, x: Float[Tensor, "b t 8"], lengths: Int[Tensor, "b"]) -> Float[Tensor, "b t2 4"]:
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, _ = self.lstm(packed)
        padded, _ = pad_packed_sequence(out, batch_first=True)
        return self.head(padded)


def main() -> None:
    print(Reader()(torch.zeros(2, 5, 8), torch.tensor([5, 3])).shape)


if __name__ == "__main__":
    main()
