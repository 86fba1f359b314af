import torch
from jaxtyping import Float
from torch import Tensor, nn


class Wide(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(2, width))


class Named(nn.Module):
    def __init__(self, width: int, name: str) -> None:
        super().__init__()
        self.register_parameter(name, nn.Parameter(torch.zeros(width)))


class Late(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def __getattr__(self, name: str) -> Tensor:
        if name == "weight":
            return torch.zeros(self.__dict__["width"])
        return super().__getattr__(name)


def make(kind: str, width: int) -> nn.Module:
    if kind == "named":
        return Named(width, "weight")
    return Late(width) if kind == "late" else Wide(width)


class Model(nn.Module):
    def __init__(self, kind: str, width: int) -> None:
        super().__init__()
        self.inner = make(kind, width)

    def weight(self) -> Float[Tensor, "width"]:
        if isinstance(self.inner, Wide):
            return self.inner.weight[0]
        return self.inner.weight


class Scale(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self._factor = torch.tensor(factor)
        self.factor = factor

    @property
    def factor(self) -> Float[Tensor, ""]:
        return self._factor

    @factor.setter
    def factor(self, value: float) -> None:
        self._factor = torch.tensor(value)

    def forward(self, x: Float[Tensor, "n 3"]) -> Float[Tensor, "n 3"]:
        self.factor = 2.0
        return x * self.factor


def main() -> None:
    print(*(tuple(Model(kind, 5).weight().shape) for kind in ("named", "late", "wide")), Scale(3.0)(torch.ones(2, 3)))


if __name__ == "__main__":
    main()
