from collections import defaultdict

import torch
from torch import Tensor, nn


class Meter:
    def __init__(self) -> None:
        self.values: dict[str, list[Tensor]] = defaultdict(list)

    def add(self, **kwargs: Tensor) -> None:
        for k, v in kwargs.items():
            self.values[k].append(v.detach())

    def mean(self, key: str) -> Tensor:
        return torch.stack(self.values[key]).mean()


def accuracy(logits: Tensor, target: Tensor) -> Tensor:
    return (logits.argmax(dim=1, keepdim=True) == target).float().mean()  # BUG


def main() -> None:
    torch.manual_seed(0)
    meter, net = Meter(), nn.Linear(8, 3)
    for _ in range(3):
        logits, y = net(torch.randn(16, 8)), torch.randint(0, 3, (16,))
        meter.add(loss=nn.functional.cross_entropy(logits, y), acc=accuracy(logits, y))
    print(meter.mean("acc"))

if __name__ == "__main__":
    main()
