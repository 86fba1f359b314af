"""Lists and dicts, those of a module too, whose items are put, deleted and moved: aliases change with them."""

from unittest import mock

import torch
from torch import Tensor, nn

STAGES = [nn.Linear(4, 4)]
TABLES: dict[int, Tensor] = {}


def table(n: int) -> Tensor:
    if n not in TABLES:
        TABLES[n] = torch.eye(n)
    return TABLES[n]


def rows() -> Tensor:
    a = [torch.zeros(2), torch.zeros(3), torch.zeros(4)]
    b = a
    del a[0]
    out = torch.zeros(3) + b[0]
    a[0:1] = [torch.zeros(5), torch.zeros(6)]
    out = torch.zeros(5) + b[0]
    del a[:2]
    out = torch.zeros(4) + b[0]
    named = {"x": torch.zeros(2), "y": torch.zeros(3)}
    other = named
    del named["x"]
    other["x"] = torch.zeros(9)
    return torch.zeros(9) + named["x"] + out.sum()


def stages() -> Tensor:
    STAGES.append(nn.Linear(4, 2))
    x = torch.zeros(4)
    for layer in STAGES:
        x = layer(x)
    return x + torch.zeros(2)


def replaced() -> Tensor:
    with mock.patch.object(torch, "zeros", return_value=torch.ones(1, 7)):
        return torch.zeros(3).view(7)


def eye() -> Tensor:
    with mock.patch(f"{__name__}.table", lambda n: torch.zeros(n, 7)):
        return table(3) @ torch.zeros(7)


def main() -> None:
    print(rows().shape, stages().shape, replaced().shape, eye().shape, table(3) @ torch.ones(3), table(2) @ torch.ones(2))


if __name__ == "__main__":
    main()
