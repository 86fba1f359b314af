import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


def top_p(logits: Float[Tensor, "b v"], p: float) -> Int[Tensor, "b 1"]:
    probs = logits.softmax(-1)
    ordered, index = probs.sort(dim=-1, descending=True)
    drop = ordered.cumsum(-1) - ordered > p
    ordered = ordered.masked_fill(drop, 0.0)
    ordered = ordered / ordered.sum(-1, keepdim=True)
    return index.gather(-1, torch.multinomial(ordered, 1))


def generate(net: nn.Module, ids: Int[Tensor, "b t"], n: int) -> Int[Tensor, "b t2"]:
    for _ in range(n):
        logits = net(ids)[:, -1]
        ids = torch.cat([ids, top_p(logits, 0.9)], dim=1)
    return ids


def main() -> None:
    net = nn.Sequential(nn.Embedding(7, 4), nn.Linear(4, 7))
    print(generate(net, torch.zeros(2, 1, dtype=torch.long), 3).shape)


if __name__ == "__main__":
    main()
