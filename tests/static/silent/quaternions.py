import torch
from jaxtyping import Float
from torch import Tensor


def multiply(a: Float[Tensor, "*batch 4"], b: Float[Tensor, "*batch 4"]) -> Float[Tensor, "*batch 4"]:
    aw, ax, ay, az = a.unbind(-1)
    bw, bx, by, bz = b.unbind(-1)
    return torch.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        dim=-1,
    )


def rotate(q: Float[Tensor, "*batch 4"], v: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch 3"]:
    pure = torch.cat([torch.zeros_like(v[..., :1]), v], dim=-1)
    inv = q * q.new_tensor([1, -1, -1, -1])
    return multiply(multiply(q, pure), inv)[..., 1:]


def main() -> None:
    print(rotate(torch.randn(2, 5, 4), torch.randn(2, 5, 3)).shape)


if __name__ == "__main__":
    main()
