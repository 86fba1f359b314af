"""Lists of True and False make tensors of bools, not of numbers."""

import torch
from torch import Tensor


def long_words(words: list[str]) -> Tensor:
    found = []
    for word in words:
        if len(word) > 5:
            found.append(True)
            continue
        if not word:
            continue
        found.append(False)
    is_long = torch.tensor(found)
    starts = torch.tensor([word.startswith("t") for word in words])
    return torch.where(is_long, torch.ones(len(words)), torch.where(starts, 2.0, 3.0))


def main() -> None:
    print(long_words(["tensor", "shape", "transpose"]))


if __name__ == "__main__":
    main()
