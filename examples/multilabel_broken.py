# "How do I reconcile mismatched input and target sizes in a PyTorch model?"
# Example 2. One class for each row, where the loss wants a 0 or 1 for each of the five labels.

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from shapetypes import Float, shapecheck


class MultiLabelClassifier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(100, 50)
        self.fc2 = nn.Linear(50, 5)

    @shapecheck
    def forward(self, x: Float[Tensor, "B 100"]) -> Float[Tensor, "B 5"]:
        x = F.relu(self.fc1(x))
        return torch.sigmoid(self.fc2(x))


def main() -> None:
    classifier = MultiLabelClassifier()
    output = classifier(torch.rand(32, 100))
    target = torch.randint(0, 5, (32,)).float()
    print(nn.BCELoss()(output, target).item())  # BUG: target-mismatch


if __name__ == "__main__":
    main()
