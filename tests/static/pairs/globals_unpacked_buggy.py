import torch
from torch import nn

input_size, hidden_size, classes = 784, 50, 10
inputs, labels = torch.utils.data.random_split(torch.rand(30, 28, 28), [20, 10])
linear, head = nn.Linear(input_size, hidden_size), nn.Linear(hidden_size, classes)


def main() -> None:
    for image in inputs:
        x = image.reshape(-1, 28)  # BUG
        print(head(linear(x).relu()).shape)  # ALT


if __name__ == "__main__":
    main()
