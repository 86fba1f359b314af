import numpy as np
import torch
from torch import nn


def main() -> None:
    rng = np.random.default_rng(0)
    data = rng.normal(size=(100, 4))
    x = torch.from_numpy(data.astype(np.float32))
    print(nn.Linear(4, 2)(x).shape)

if __name__ == "__main__":
    main()
