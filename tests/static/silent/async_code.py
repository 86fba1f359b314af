import asyncio

import torch
from jaxtyping import Float
from torch import Tensor


async def fetch(i: int) -> Float[Tensor, "3 4"]:
    await asyncio.sleep(0)
    return torch.full((3, 4), float(i))


async def gather(n: int) -> Float[Tensor, "n 3 4"]:
    parts = await asyncio.gather(*(fetch(i) for i in range(n)))
    one = await fetch(0)
    return torch.stack([*parts]) + one


def main() -> None:
    print(asyncio.run(gather(2)).shape)


if __name__ == "__main__":
    main()
