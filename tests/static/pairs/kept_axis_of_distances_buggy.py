import torch
from torch import nn
import torch.nn.functional as F


class ContrastiveLoss(nn.Module):
    def __init__(self, margin=2.0):
        super().__init__()
        self.margin = margin

    def forward(self, output1, output2, label):
        d = F.pairwise_distance(output1, output2, keepdim=True)
        return torch.mean((1 - label) * d.pow(2) + label * torch.clamp(self.margin - d, min=0.0).pow(2))  # ALT


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten())
        self.fc = nn.Linear(4 * 98 * 98, 5)

    def once(self, x):
        return self.fc(self.cnn(x))

    def forward(self, a, b):
        return self.once(a), self.once(b)


def main() -> None:
    net, loss = Siamese(), ContrastiveLoss()
    a, b = torch.randn(8, 1, 100, 100), torch.randn(8, 1, 100, 100)
    label = torch.randint(0, 2, (8,)).float()  # BUG
    o1, o2 = net(a, b)
    print(loss(o1, o2, label).item())  # ALT

if __name__ == "__main__":
    main()
