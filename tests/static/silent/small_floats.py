import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Quantized(nn.Linear):
    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__(in_features, out_features, bias=False)
        self.weight = nn.Parameter(torch.empty(out_features, in_features, dtype=torch.float8_e4m3fn))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x: Tensor) -> Tensor:
        if self.weight.element_size() > 1:
            return F.linear(x, self.weight, self.bias)
        return F.linear(x, self.weight.to(x.dtype), self.bias)


def scales(x: Tensor, block_size: int = 4) -> tuple[Tensor, Tensor]:
    shape = x.shape
    blocks = x.reshape(*shape[:-1], shape[-1] // block_size, block_size)
    exponents = torch.clamp(torch.amax(blocks.abs(), -1).unsqueeze(-1), 1, 100).to(torch.uint8)
    return (blocks / exponents).reshape(shape).to(torch.float8_e4m3fn), exponents.view(torch.float8_e8m0fnu).squeeze(-1)


def pack(codes: Tensor) -> Tensor:
    packed = torch.empty((codes.shape[0], codes.shape[1] // 2, codes.shape[2]), dtype=torch.float4_e2m1fn_x2)
    low = codes[:, 0::2, :]
    packed.view(torch.uint8).copy_(low | (codes[:, 1::2, :] << 4))
    return packed.view(torch.uint8)


def main() -> None:
    data, scale = scales(torch.randn(2, 8))
    print(Quantized(3, 2)(torch.ones(4, 3)).shape)
    print(data.shape, scale.shape, pack(torch.zeros(2, 4, 3, dtype=torch.uint8)).shape)


if __name__ == "__main__":
    main()
