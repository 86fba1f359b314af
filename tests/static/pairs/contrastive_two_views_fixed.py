import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def nt_xent(a: Float[Tensor, "n d"], b: Float[Tensor, "n d"]) -> Float[Tensor, ""]:
    z = F.normalize(torch.cat([a, b]), dim=1)
    sim = z @ z.T
    n = a.shape[0]
    targets = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    return F.cross_entropy(sim, targets)


def main() -> None:
    print(nt_xent(torch.randn(4, 8), torch.randn(4, 8)).shape)


if __name__ == "__main__":
    main()
