"""What is read only of tensors of a certain kind is not read of others; loops over nothing never run."""

import numpy as np
import torch
from torch import Tensor


def is_square_kind(x: Tensor) -> bool:
    return x.layout in (torch.sparse_coo, torch.sparse_csr)


def nodes(index: Tensor, count: int | None = None) -> int:
    if count is not None:
        return count
    if is_square_kind(index):
        return max(index.size(0), index.size(1))
    if index.is_sparse:
        return index.size(0) * index.size(1)
    return int(index.max()) + 1


def degrees(edges: Tensor) -> Tensor:
    ends = edges.view(2, -1)
    return torch.zeros(nodes(ends[0])).index_add(0, ends[0], torch.ones(ends.shape[1]))


def kept(models=np.array([]), parts=np.array([])) -> int:
    count = 0
    for _ in range(np.unique(models).shape[0]):
        count += parts[np.array([m in parts for m in models])].shape[0]
    return count


def none_kept() -> int:
    return kept()


def main() -> None:
    print(degrees(torch.tensor([0, 1, 2, 0])).shape, none_kept())


if __name__ == "__main__":
    main()
