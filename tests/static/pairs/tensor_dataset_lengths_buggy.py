import torch
from torch.utils.data import DataLoader, TensorDataset


def main() -> None:
    features = torch.randn(7, 100)  # BUG
    labels = torch.randint(0, 2, (100,))
    dataset = TensorDataset(features, labels)  # ALT
    print(len(DataLoader(dataset, batch_size=10)))

if __name__ == "__main__":
    main()
