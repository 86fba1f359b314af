import random
from collections import deque
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass
class Step:
    obs: Tensor
    action: int
    reward: float


class Memory:
    def __init__(self) -> None:
        self.steps: list[Step] = []

    def add(self, step: Step) -> None:
        self.steps.append(step)

    def tensors(self) -> tuple[Tensor, Tensor, Tensor]:
        obs = torch.stack([s.obs for s in self.steps])
        actions = torch.tensor([s.action for s in self.steps])
        rewards = torch.tensor([s.reward for s in self.steps])
        return obs, actions, rewards


def reinforce(policy: nn.Module, memory: Memory) -> Tensor:
    obs, actions, rewards = memory.tensors()
    logp = policy(obs).log_softmax(-1)
    chosen = logp.gather(-1, actions[:, None]).squeeze(-1)
    return -(chosen * rewards).mean()


def main() -> None:
    torch.manual_seed(0)
    memory = Memory()
    for i in range(6):
        memory.add(Step(torch.randn(4), i % 2, float(i)))
    print(reinforce(nn.Linear(4, 2), memory))

if __name__ == "__main__":
    main()
