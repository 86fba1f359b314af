import torch
from jaxtyping import Float
from torch import Tensor, nn


class Probe(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 5)
        self.seen: list[Tensor] = []
        self.fc.register_forward_hook(lambda m, i, o: self.seen.append(o.detach()))

    def forward(self, x: Float[Tensor, "n 4"]) -> Float[Tensor, "k n 5"]:
        self.seen.clear()
        self.fc(x)
        self.fc(x)
        return torch.stack(self.seen)


def main() -> None:
    print(Probe()(torch.randn(2, 4)).shape)


if __name__ == "__main__":
    main()
