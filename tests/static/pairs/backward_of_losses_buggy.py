import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Classifier(nn.Module):
    def __init__(self, d_in: int, classes: int):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(d_in, 64), nn.GELU(), nn.Linear(64, classes))

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b classes"]:
        return self.body(x)


def step(
    model: Classifier, opt: torch.optim.Optimizer, x: Float[Tensor, "b d_in"], y: Int[Tensor, "b"]
) -> Float[Tensor, ""]:
    loss = nn.functional.cross_entropy(model(x), y, reduction="none")
    opt.zero_grad()
    loss.backward()  # BUG
    opt.step()
    return loss.mean()


def main() -> None:
    model = Classifier(8, 3)
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    print(step(model, opt, torch.randn(5, 8), torch.zeros(5, dtype=torch.long)).shape)
