import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Normal


class Policy(nn.Module):
    def __init__(self, obs: int, actions: int) -> None:
        super().__init__()
        self.mean = nn.Linear(obs, actions)
        self.log_std = nn.Parameter(torch.zeros(actions))

    def forward(self, x: Float[Tensor, "b obs"]) -> Normal:
        return Normal(self.mean(x), self.log_std.exp())


def loss(policy: Policy, x: Float[Tensor, "b obs"], gain: Float[Tensor, "b"]) -> Float[Tensor, ""]:
    dist = policy(x)
    action = dist.sample()
    return -(dist.log_prob(action) * gain).mean()  # BUG


def main() -> None:
    print(loss(Policy(4, 2), torch.randn(3, 4), torch.randn(3)).shape)


if __name__ == "__main__":
    main()
