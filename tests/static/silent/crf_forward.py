import torch
from jaxtyping import Bool, Float
from torch import Tensor


def log_partition(emit: Float[Tensor, "b t k"], trans: Float[Tensor, "k k"], mask: Bool[Tensor, "b t"]) -> Float[Tensor, "b"]:
    score = emit[:, 0]
    for i in range(1, emit.shape[1]):
        nxt = torch.logsumexp(score.unsqueeze(2) + trans + emit[:, i].unsqueeze(1), dim=1)
        score = torch.where(mask[:, i].unsqueeze(1), nxt, score)
    return torch.logsumexp(score, dim=1)


def main() -> None:
    print(log_partition(torch.randn(2, 4, 3), torch.randn(3, 3), torch.ones(2, 4, dtype=torch.bool)).shape)


if __name__ == "__main__":
    main()
