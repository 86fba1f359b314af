import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


def train(model: nn.Module, data: list[tuple[Float[Tensor, "n d"], Int[Tensor, "n"]]], epochs: int) -> list[float]:
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    history = []
    for epoch in range(epochs):
        for x, y in data:
            opt.zero_grad(set_to_none=True)
            out = model(x)
            loss = F.cross_entropy(out, y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            history.append(loss.item())
            correct = (out.argmax(1) == y).float().mean().item()
    return history


def main() -> None:
    print(len(train(nn.Linear(3, 2), [(torch.randn(4, 3), torch.randint(0, 2, (4,)))], 2)))


if __name__ == "__main__":
    main()
