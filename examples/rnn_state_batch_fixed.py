# "How to resolve a PyTorch RNN error where input and hidden state dimensions mismatch?"
# Example 3. With `batch_first=True` the batch is 10.
# The text gives `(1, 1, 3)` for the state, which raises as well.

import torch
from torch import Tensor, nn

from shapetypes import Float, shapecheck


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.RNN(input_size=3, hidden_size=3, batch_first=True)

    @shapecheck
    def forward(self, x: Float[Tensor, "B T 3"], hidden: Float[Tensor, "1 B 3"]) -> Float[Tensor, "B T 3"]:
        output, _ = self.rnn(x, hidden)
        return output


def main() -> None:
    encoder = Encoder()
    input_seq = torch.randn(10, 1, 3)
    hidden = torch.randn(1, 10, 3)
    print(encoder(input_seq, hidden).shape)


if __name__ == "__main__":
    main()
