import torch
from torch import Tensor


def aligned(found: Tensor, left: list[int], right: list[int]) -> list[tuple[int, int]]:
    pairs = set()
    for i, j in torch.nonzero(found):
        pairs.add((left[i], right[j]))
        pairs.add((left[i], right[j]))
    rest = pairs.copy()
    rest.add((0, 0))
    return sorted(rest)


def rows(found: Tensor) -> int:
    seen = set()
    for row in found:
        seen.add(row)
        seen.add(row)
    return len(seen)


def alike(parts: list[Tensor]) -> Tensor:
    if len({part.shape for part in parts}) == 1:
        return torch.stack(parts)
    return parts[0]


def main() -> None:
    print(aligned(torch.eye(2), [3, 4], [5, 6]), rows(torch.eye(3)), alike([torch.ones(2), torch.ones(2)]).shape)


if __name__ == "__main__":
    main()
