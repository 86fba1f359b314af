# "What is the PyTorch error preventing deep learning model training?"
# Example 3. float64 for a layer of float32.
# The text says that PyTorch might convert it. It never does: this always raises.

import torch
from torch import Tensor, nn

from shapetypes import Float32, shapecheck


class Regressor(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(10, 1)

    @shapecheck
    def forward(self, x: Float32[Tensor, "B 10"]) -> Float32[Tensor, "B 1"]:
        return self.fc(x)


def main() -> None:
    model = Regressor()
    data = torch.randn(10, 10, dtype=torch.float64)
    print(model(data).dtype)  # BUG: dtype-mismatch, also at run time


if __name__ == "__main__":
    main()
