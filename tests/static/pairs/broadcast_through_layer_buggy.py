import torch
from jaxtyping import Float
from torch import Tensor, nn


class QNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q = nn.Linear(4, 1)

    def td_error(self, obs: Float[Tensor, "b 4"], reward: Float[Tensor, "b"]) -> Float[Tensor, "..."]:
        return reward - self.q(obs)  # BUG


def main() -> None:
    print(QNet().td_error(torch.randn(5, 4), torch.randn(5)).shape)


if __name__ == "__main__":
    main()
