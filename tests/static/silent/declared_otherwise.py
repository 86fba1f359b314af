import torch
from torch import Tensor


class Running:
    def __init__(self) -> None:
        self.count = 0

    def update(self, x: Tensor, y: Tensor) -> None:
        if self.count == 0:
            self.sum_x = torch.zeros(x.shape[-1])
            self.sum_y = torch.zeros(y.shape[-1])
        self.count += 1
        self.sum_x += x.sum(0)
        self.sum_y += y.sum(0)

    def product(self) -> Tensor:
        return torch.outer(self.count * self.sum_x - self.sum_y**2, self.count * self.sum_y)


def advantages(batch: int, gain: Tensor | None = None) -> Tensor:
    if isinstance(gain, (int, float)):
        gain = torch.full((batch,), gain)
    return torch.zeros(batch) if gain is None else gain + 1


def show(running: Running | None) -> Tensor | None:
    if isinstance(running, Running):
        return running.product()
    return None


def main() -> None:
    running = Running()
    running.update(torch.ones(2, 3), torch.ones(4, 3))
    print(show(running), advantages(3), advantages(2, torch.ones(2)))


if __name__ == "__main__":
    main()
