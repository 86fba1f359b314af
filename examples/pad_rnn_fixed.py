# "How can I resolve sequence-related ValueError errors when processing input arrays in a PyTorch neural network?"
# Example 1. The axis of the features is there.
# The text says that an RNN for length 10 refuses lengths 8 and 12. It does not: `T` is a name, and free.

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.RNN(input_size=1, hidden_size=10, batch_first=True)

    def forward(self, padded: Float[Tensor, "B T"]) -> Float[Tensor, "B T 10"]:
        output, _ = self.rnn(padded.unsqueeze(2))
        return output


def main() -> None:
    encoder = Encoder()
    sequences = [torch.randn(5), torch.randn(3), torch.randn(7)]
    print(encoder(pad_sequence(sequences, batch_first=True)).shape)
    for length in (8, 10, 12):
        print(encoder(torch.randn(3, length)).shape)


if __name__ == "__main__":
    main()
