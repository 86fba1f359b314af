import torch
from torch.utils.data import DataLoader, TensorDataset


def main() -> None:
    features = torch.randn(100, 7)
    labels = torch.randint(0, 2, (100,))
    dataset = TensorDataset(features, labels)
    print(len(DataLoader(dataset, batch_size=10)))

if __name__ == "__main__":
    main()
