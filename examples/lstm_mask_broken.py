# "How do I reconcile mismatched input and target sizes in a PyTorch model?"
# Example 1. The mask has no axis for the features.

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence


class MaskingLSTM(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(11, 128, padding_idx=0)
        self.lstm = nn.LSTM(128, 256, batch_first=True)

    def forward(self, padded: Int[Tensor, "B T"], mask: Int[Tensor, "B T"]) -> Float[Tensor, "B T 256"]:
        embedded = self.embedding(padded)
        lengths = mask.sum(dim=1).cpu()
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        packed_output, _ = self.lstm(packed)
        output: Float[Tensor, "B T 256"]
        output, _ = pad_packed_sequence(packed_output, batch_first=True, total_length=padded.shape[1])
        return output * mask  # BUG: dim-mismatch


def main() -> None:
    sequences = [torch.tensor([1, 2, 3]), torch.tensor([4, 5, 6, 7, 8]), torch.tensor([9, 10])]
    padded = pad_sequence(sequences, batch_first=True)
    mask = (padded != 0).long()
    print(MaskingLSTM()(padded, mask).shape)


if __name__ == "__main__":
    main()
