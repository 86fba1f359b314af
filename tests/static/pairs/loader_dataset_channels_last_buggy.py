import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


class Photos(Dataset[tuple[Tensor, int]]):
    def __init__(self, count: int) -> None:
        self.pixels = torch.randint(0, 256, (count, 32, 32, 3), dtype=torch.uint8)

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image = self.pixels[index].float() / 255  # BUG
        return image, index % 10


def main() -> None:
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))
    for images, labels in DataLoader(Photos(20), batch_size=8):
        loss = nn.functional.cross_entropy(model(images), labels)  # ALT
        loss.backward()
        print(loss.shape)

if __name__ == "__main__":
    main()
