import torch
from jaxtyping import Float
from torch import Tensor, nn


class Queue(nn.Module):
    queue: Tensor

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.register_buffer("queue", torch.zeros(0, dim))

    def push(self, x: Float[Tensor, "n dim"]) -> None:
        self.queue = torch.cat([self.queue, x])

    def forward(self, q: Float[Tensor, "m dim"]) -> Float[Tensor, "m k"]:
        return q @ self.queue.T


def main() -> None:
    m = Queue(3)
    m.push(torch.randn(5, 3))
    m.push(torch.randn(2, 3))
    print(m(torch.randn(4, 3)).shape)


if __name__ == "__main__":
    main()
