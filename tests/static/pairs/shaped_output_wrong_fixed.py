import torch
from torch import nn

from shapetypes import shaped


def build() -> nn.Module:
    return shaped(nn.GRU(8, 16, bidirectional=True), "T B 8 -> T B 32, 2 B 16")


def main() -> None:
    print(build()(torch.zeros(3, 2, 8))[0].shape)


if __name__ == "__main__":
    main()
