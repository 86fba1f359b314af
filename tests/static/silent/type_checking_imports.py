from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor


if TYPE_CHECKING:
    from collections.abc import Iterable


def cat_all(xs: "Iterable[Float[Tensor, '_ d']]") -> "Float[Tensor, 'm d']":
    return torch.cat(list(xs))


def main() -> None:
    print(cat_all([torch.randn(2, 3), torch.randn(4, 3)]).shape)


if __name__ == "__main__":
    main()
