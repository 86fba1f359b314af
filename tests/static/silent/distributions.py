"""Distributions as they are used: policies, priors, squashed ones, mixtures, subclasses."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.distributions import (
    Bernoulli,
    Beta,
    Categorical,
    Distribution,
    Independent,
    MixtureSameFamily,
    MultivariateNormal,
    Normal,
    TransformedDistribution,
    Uniform,
    kl_divergence,
)
from torch.distributions.transforms import TanhTransform


class Squashed(Normal):
    def log_prob(self, value: Float[Tensor, "*batch a"]) -> Float[Tensor, "*batch"]:
        return super().log_prob(torch.atanh(value.clamp(-0.99, 0.99))).sum(-1)


class Delta(Distribution):
    def __init__(self, at: Float[Tensor, "n d"]) -> None:
        super().__init__(at.shape[:-1], at.shape[-1:], validate_args=False)
        self.at = at

    def sample(self, sample_shape: torch.Size = torch.Size()) -> Tensor:
        return self.at.expand(*sample_shape, *self.at.shape)

    @property
    def mean(self) -> Tensor:
        return self.at


class Policy(nn.Module):
    def __init__(self, obs: int, actions: int) -> None:
        super().__init__()
        self.mu = nn.Linear(obs, actions)
        self.log_std = nn.Parameter(torch.zeros(actions))

    def forward(self, x: Float[Tensor, "b obs"]) -> Independent:
        return Independent(Normal(self.mu(x), self.log_std.exp()), 1)


def surprise(policy: Policy, x: Float[Tensor, "b obs"]) -> Float[Tensor, "b"]:
    dist = policy(x)
    action = dist.rsample()
    assert dist.batch_shape == x.shape[:1]
    return dist.log_prob(action) + dist.entropy() + dist.mean.sum(-1)


def choose(logits: Float[Tensor, "b t v"], old: Int[Tensor, "b t"]) -> Float[Tensor, "b t"]:
    dist = Categorical(logits=logits)
    several = dist.log_prob(dist.sample((5,))).mean(0)
    return several + dist.log_prob(old) - dist.probs.max(-1).values


def elbo(mu: Float[Tensor, "b z"], std: Float[Tensor, "b z"]) -> Float[Tensor, "b"]:
    posterior, prior = Normal(mu, std), Normal(torch.zeros(mu.shape[1]), 1.0)
    return kl_divergence(posterior, prior).sum(-1) + kl_divergence(posterior, Normal(0.0, 1.0)).sum(1)


def mixture(logits: Float[Tensor, "b k"], mu: Float[Tensor, "b k d"], x: Float[Tensor, "b d"]) -> Float[Tensor, "b"]:
    parts = Independent(Normal(mu, torch.ones_like(mu)), 1)
    return MixtureSameFamily(Categorical(logits=logits), parts).log_prob(x)


def main() -> None:
    policy, x = Policy(4, 2), torch.randn(3, 4)
    print(surprise(policy, x).shape)
    print(choose(torch.randn(2, 3, 4), torch.zeros(2, 3, dtype=torch.long)).shape)
    print(elbo(torch.randn(3, 2), torch.ones(3, 2)).shape)
    print(mixture(torch.randn(3, 2), torch.randn(3, 2, 4), torch.randn(3, 4)).shape)
    print(Squashed(torch.zeros(3, 2), torch.ones(3, 2)).log_prob(torch.zeros(3, 2)).shape)
    print(Delta(torch.zeros(3, 2)).sample(torch.Size((4,))).shape, Delta(torch.zeros(3, 2)).mean.shape)
    tanh = TransformedDistribution(Normal(torch.zeros(3), 1.0), [TanhTransform()])
    print(tanh.log_prob(tanh.sample((2,)).clamp(-0.9, 0.9)).shape)
    full = MultivariateNormal(torch.zeros(5, 3), torch.eye(3))
    print(full.log_prob(torch.zeros(3)).shape, full.log_prob(torch.zeros(7, 5, 3)).shape)
    print(Bernoulli(logits=torch.zeros(3, 1)).log_prob(torch.ones(3, 4)).shape)
    print(Beta(torch.ones(3), 2.0).mean.shape, Uniform(0.0, torch.ones(2)).sample(torch.Size([4, 1])).shape)
    either = Categorical(torch.ones(3) / 3) if x.mean() > 0 else Bernoulli(torch.tensor(0.5))
    print(either.sample().shape)


if __name__ == "__main__":
    main()
