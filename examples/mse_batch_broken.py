# "What is the PyTorch error preventing deep learning model training?"
# Example 2. Five predictions are compared with ten targets.

import torch
from torch import nn, optim


def main() -> None:
    model = nn.Linear(10, 1)
    optimizer = optim.SGD(model.parameters(), lr=0.01)
    input_data = torch.randn(5, 10)
    target_data = torch.randn(10, 1)

    output = model(input_data)
    loss = nn.MSELoss()(output, target_data)  # BUG: target-mismatch
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())


if __name__ == "__main__":
    main()
