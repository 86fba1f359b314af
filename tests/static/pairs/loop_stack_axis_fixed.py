import torch
from jaxtyping import Float
from torch import Tensor, nn


def unroll(cell: nn.GRUCell, x: Float[Tensor, "b t 16"]) -> Float[Tensor, "b t 32"]:
    h = x.new_zeros(x.shape[0], 32)
    out = []
    for i in range(x.shape[1]):
        h = cell(x[:, i], h)
        out.append(h)
    return torch.stack(out, dim=1)


def main() -> None:
    print(unroll(nn.GRUCell(16, 32), torch.randn(2, 5, 16)).shape)


if __name__ == "__main__":
    main()
