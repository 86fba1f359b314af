"""Reinforcement learning: an actor-critic over stacked frames, returns computed backwards in time."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


@dataclass
class Batch:
    frames: Float[Tensor, "t e 4 h w"]
    actions: Int[Tensor, "t e"]
    rewards: Float[Tensor, "t e"]


class Agent(nn.Module):
    def __init__(self, actions: int, hidden: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(4, 6, 4, stride=2)
        self.conv2 = nn.Conv2d(6, 8, 3, stride=1)
        self.body = nn.Linear(8 * 5 * 6, hidden)
        self.actor = nn.Linear(hidden, actions)
        self.critic = nn.Linear(hidden, 1)

    def forward(self, frames: Float[Tensor, "n 4 16 18"]) -> tuple[Float[Tensor, "n actions"], Float[Tensor, "n"]]:
        x: Float[Tensor, "n 8 5 6"] = F.relu(self.conv2(F.relu(self.conv1(frames))))
        h: Float[Tensor, "n hidden"] = torch.tanh(self.body(x.flatten(1)))
        return self.actor(h), self.critic(h).squeeze(-1)

    def unrolled(
        self, frames: Float[Tensor, "t e 4 16 18"]
    ) -> tuple[Float[Tensor, "t e actions"], Float[Tensor, "t e"]]:
        t, e = frames.shape[:2]
        logits, values = self(frames.flatten(0, 1))
        return logits.view(t, e, -1), values.view(t, e)


def advantages(
    rewards: Float[Tensor, "t e"], values: Float[Tensor, "t e"], final: Float[Tensor, "e"], rate: float
) -> Float[Tensor, "t e"]:
    after: Float[Tensor, "t e"] = torch.cat([values[1:], final.unsqueeze(0)], dim=0)
    errors: Float[Tensor, "t e"] = rewards + rate * after - values
    total: Float[Tensor, "e"] = torch.zeros_like(final)
    out = []
    for i in reversed(range(rewards.shape[0])):
        total = errors[i] + rate * total
        out.append(total)
    return torch.stack(out[::-1], dim=0)


def chosen(logits: Float[Tensor, "*n actions"], actions: Int[Tensor, "*n"]) -> Float[Tensor, "*n"]:
    return logits.log_softmax(dim=-1).gather(-1, actions.unsqueeze(-1)).squeeze(-1)


def entropy(logits: Float[Tensor, "*n actions"]) -> Float[Tensor, "*n"]:
    logs: Float[Tensor, "*n actions"] = logits.log_softmax(dim=-1)
    return -(logs.exp() * logs).sum(dim=-1)


def loss_of(agent: Agent, batch: Batch, final: Float[Tensor, "e"]) -> Float[Tensor, ""]:
    logits, values = agent.unrolled(batch.frames)
    gains: Float[Tensor, "t e"] = advantages(batch.rewards, values.detach(), final, 0.99)
    policy: Float[Tensor, "t e"] = chosen(logits, batch.actions) * gains
    critic = F.mse_loss(values, gains + values.detach())
    return critic - policy.mean() - 0.01 * entropy(logits).mean()


def main() -> None:
    agent = Agent(7, 10)
    batch = Batch(torch.randn(5, 3, 4, 16, 18), torch.randint(0, 7, (5, 3)), torch.randn(5, 3))
    loss_of(agent, batch, torch.zeros(3))
