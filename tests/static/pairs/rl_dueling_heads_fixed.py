import torch
from jaxtyping import Float
from torch import Tensor, nn


class Dueling(nn.Module):
    def __init__(self, obs: int, actions: int) -> None:
        super().__init__()
        self.body = nn.Linear(obs, 64)
        self.value = nn.Linear(64, 1)
        self.adv = nn.Linear(64, actions)

    def forward(self, x: Float[Tensor, "b obs"]) -> Float[Tensor, "b actions"]:
        h = torch.relu(self.body(x))
        v, a = self.value(h), self.adv(h)
        return v + a - a.mean(dim=1, keepdim=True)


def main() -> None:
    print(Dueling(4, 3)(torch.randn(5, 4)).shape)


if __name__ == "__main__":
    main()
