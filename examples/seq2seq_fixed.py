# "How do I reconcile mismatched input and target sizes in a PyTorch model?"
# Example 3. The classes are at axis 1.

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from shapetypes import Float, Int, shapecheck


class Decoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(256, 1000)

    @shapecheck
    def forward(self, hidden: Float[Tensor, "B T 256"]) -> Float[Tensor, "B T 1000"]:
        return self.fc(hidden)


@shapecheck
def step_loss(decoder: Decoder, hidden: Float[Tensor, "B T 256"], target: Int[Tensor, "B T"]) -> Float[Tensor, ""]:
    logits = decoder(hidden)
    return F.cross_entropy(logits.transpose(1, 2), target)


def main() -> None:
    target = torch.randint(0, 1000, (32, 20))
    print(step_loss(Decoder(), torch.rand(32, 20, 256), target).item())


if __name__ == "__main__":
    main()
