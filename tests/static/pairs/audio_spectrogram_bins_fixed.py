import torch
from jaxtyping import Float
from torch import Tensor


def log_mel(spec: Float[Tensor, "b 201 t"], mel: Float[Tensor, "80 201"]) -> Float[Tensor, "b 80 t"]:
    return torch.log(mel @ spec + 1e-6)


def main() -> None:
    print(log_mel(torch.rand(2, 201, 7), torch.rand(80, 201)).shape)


if __name__ == "__main__":
    main()
