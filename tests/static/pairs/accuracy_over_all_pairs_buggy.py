import torch
from torch import nn


def evaluate(model, x, y):
    with torch.no_grad():
        logits = model(x)
        preds = (torch.sigmoid(logits) > 0.5).float()
        correct = (preds == y).sum().item()  # BUG
    return correct / len(y)


def main() -> None:
    model = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 1))
    x = torch.randn(50, 6)
    y = torch.randint(0, 2, (50,)).float()
    print(evaluate(model, x, y))


if __name__ == "__main__":
    main()
