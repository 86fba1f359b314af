# "How can I resolve sequence-related ValueError errors when processing input arrays in a PyTorch neural network?"
# Example 3. A Linear for 10 features gets 12.
# The text says that it also refuses another batch size. It does not, and that line is not reported.

import torch
from torch import nn


def main() -> None:
    linear = nn.Linear(10, 5)
    data = torch.randn(32, 10)
    print(linear(data).shape)

    other_batch = torch.randn(64, 10)
    print(linear(other_batch).shape)

    wider = torch.randn(32, 12)
    print(linear(wider).shape)  # BUG: dim-mismatch


if __name__ == "__main__":
    main()
