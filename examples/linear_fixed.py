# "How can I resolve sequence-related ValueError errors when processing input arrays in a PyTorch neural network?"
# Example 3. Any batch size, and any axes before the features.

import torch
from torch import nn


def main() -> None:
    linear = nn.Linear(10, 5)
    data = torch.randn(32, 10)
    print(linear(data).shape)

    other_batch = torch.randn(64, 10)
    print(linear(other_batch).shape)

    sequences = torch.randn(32, 7, 10)
    print(linear(sequences).shape)


if __name__ == "__main__":
    main()
