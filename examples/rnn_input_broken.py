# "How to resolve a PyTorch RNN error where input and hidden state dimensions mismatch?"
# Example 1. An RNN for 3 features gets 5.

import torch
from torch import nn


def main() -> None:
    input_seq = torch.randn(10, 1, 5)
    rnn = nn.RNN(input_size=3, hidden_size=3, batch_first=True)
    output, _ = rnn(input_seq)  # BUG: dim-mismatch
    print(output.shape)


if __name__ == "__main__":
    main()
