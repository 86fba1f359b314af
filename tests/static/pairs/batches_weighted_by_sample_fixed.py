import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def main() -> None:
    torch.manual_seed(0)
    data = TensorDataset(torch.randn(30, 6), torch.randn(30, 3), torch.rand(30))
    model = nn.Linear(6, 3)
    for features, target, weight in DataLoader(data, batch_size=8):
        error = (model(features) - target) ** 2
        loss = (error * weight.unsqueeze(1)).mean()
        print(loss.shape)


if __name__ == "__main__":
    main()
