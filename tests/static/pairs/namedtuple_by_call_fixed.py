from collections import namedtuple
from typing import NamedTuple

import torch
from torch import Tensor, nn

Batch = namedtuple("Batch", ["inputs", "targets"])
State = namedtuple("State", "hidden cell")
Scores = NamedTuple("Scores", [("logits", Tensor), ("width", int)])


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(4, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, x, state):
        hidden, cell = self.cell(x, (state.hidden, state.cell))
        return Scores(self.head(hidden), 3), State(hidden, cell)


def main() -> None:
    batch = Batch(torch.randn(2, 5, 4), torch.randn(2, 3, 5))
    state = State(torch.zeros(2, 8), torch.zeros(2, 8))
    model, out = Model(), []
    for i in range(5):
        scores, state = model(batch.inputs[:, i], state)
        out.append(scores.logits)
    logits, (inputs, targets) = torch.stack(out, 1), batch
    print(nn.functional.l1_loss(logits.mT, targets))
    print(inputs.shape)
