"""What context managers, nested functions, callbacks and called functions change is no longer what it was."""

import threading
from collections.abc import Callable

import torch
from torch import Tensor, nn


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x)


class Swap:
    def __init__(self, net: Net, layer: nn.Linear) -> None:
        self.net, self.layer = net, layer
        self.size = torch.zeros(2)

    def __enter__(self) -> "Swap":
        self.old, self.net.fc = self.net.fc, self.layer
        self.size = torch.zeros(9)
        return self

    def __exit__(self, *error: object) -> None:
        self.net.fc = self.old
        self.size = torch.zeros(3)


def entered(net: Net) -> list[Tensor]:
    swap = Swap(net, nn.Linear(7, 2))
    with swap as inside:
        out = [net(torch.zeros(7)) + torch.zeros(2), inside.size + torch.zeros(9)]
    return [*out, net(torch.zeros(4)), swap.size + torch.zeros(3)]


def grown() -> Tensor:
    x = torch.zeros(2, 3)

    def grow() -> None:
        nonlocal x
        x = torch.cat([x, x])

    grow()
    grow()
    return x + torch.zeros(8, 3)


def shrink(t: Tensor) -> None:
    t.squeeze_(0)
    t.data = t.data[:5]


def shrunk() -> Tensor:
    x = torch.zeros(1, 8, 3)
    same = x
    shrink(x)
    return same + torch.zeros(5, 3)


def run(task: Callable[[], None]) -> None:
    thread = threading.Thread(target=task)
    thread.start()
    thread.join()


def called_back() -> list[Tensor]:
    net = Net()
    thread = threading.Thread(target=lambda: setattr(net, "fc", nn.Linear(2, 2)))
    thread.start()
    thread.join()
    out = [net(torch.zeros(2))]
    net.apply(lambda m: setattr(m, "fc", nn.Linear(5, 5)) if isinstance(m, Net) else None)
    out.append(net(torch.zeros(5)))

    def later() -> None:
        net.fc = nn.Linear(8, 8)

    run(later)
    return [*out, net(torch.zeros(8))]


def main() -> None:
    print([t.shape for t in (*entered(Net()), grown(), shrunk(), *called_back())])


if __name__ == "__main__":
    main()
