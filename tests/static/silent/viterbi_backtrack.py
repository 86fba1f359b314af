import torch
from jaxtyping import Float
from torch import Tensor


def decode(emit: Float[Tensor, "t k"], trans: Float[Tensor, "k k"]) -> list[int]:
    score, back = emit[0], []
    for e in emit[1:]:
        best, idx = (score[:, None] + trans).max(0)
        score = best + e
        back.append(idx)
    path = [int(score.argmax())]
    for idx in reversed(back):
        path.append(int(idx[path[-1]]))
    return path[::-1]


def main() -> None:
    print(len(decode(torch.randn(5, 3), torch.randn(3, 3))))


if __name__ == "__main__":
    main()
