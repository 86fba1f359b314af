import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.func import functional_call, grad, vmap


def per_sample(net: nn.Linear, x: Float[Tensor, "n d"], y: Float[Tensor, "n"]) -> Float[Tensor, "n 1 d"]:
    params = dict(net.named_parameters())

    def loss(p, xi, yi):
        return (functional_call(net, p, (xi[None],))[0, 0] - yi) ** 2

    return vmap(grad(loss), in_dims=(None, 0, 0))(params, x, y)["weight"]


def main() -> None:
    print(per_sample(nn.Linear(3, 1), torch.randn(4, 3), torch.randn(4)).shape)


if __name__ == "__main__":
    main()
