import torch
from torch import Tensor


def per_second(stamps: list[float], duration: float, total: Tensor) -> list[int]:
    seconds = [round(s) for s in stamps]
    covered = range(seconds[0], max(1, int(duration)))
    each = int(total.sum().item()) // max(1, len(covered))
    return [min(each, k) for k in range(len(covered))]


def main() -> None:
    print(per_second([0.2, 1.4], 3.5, torch.ones(4)))


if __name__ == "__main__":
    main()
