# "How to resolve a PyTorch RNN error where input and hidden state dimensions mismatch?"
# Example 1. 3 features.
# The text calls the axes "seq_len=10, batch_size=1". With `batch_first=True` it is the other way round.

import torch
from torch import nn


def main() -> None:
    input_seq = torch.randn(10, 1, 3)
    rnn = nn.RNN(input_size=3, hidden_size=3, batch_first=True)
    output, _ = rnn(input_seq)
    print(output.shape)


if __name__ == "__main__":
    main()
