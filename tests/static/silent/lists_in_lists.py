"""Lists in lists and dicts that are filled by an index or a key that is not known."""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def grouped(x: Float[Tensor, "n d"], labels: Int[Tensor, "n"], classes: int) -> list[Float[Tensor, "_ d"]]:
    groups = [[], []]
    for i in range(len(x)):
        groups[int(labels[i])].append(x[i])
    return [torch.stack(groups[0]), torch.stack(groups[1])]


def by_key(x: Float[Tensor, "n d"], keys: list[str]) -> Float[Tensor, "_ d"]:
    found = {"a": [], "b": []}
    for key, row in zip(keys, x):
        found[key].append(row)
    return torch.stack(found["a"] + found["b"])


def by_name(x: Float[Tensor, "n d"], at: int) -> Float[Tensor, "_ d"]:
    groups = [[], []]
    group = groups[at]
    for row in x:
        group.append(row)
    return torch.stack(groups[at])


def in_turn(x: Float[Tensor, "n d"]) -> Float[Tensor, "_ d"]:
    groups = [[], []]
    for group, row in zip(groups, x):
        group.append(row)
    return torch.stack(groups[0] + groups[1])


def set_items(x: Float[Tensor, "n d"], i: int, k: str) -> Float[Tensor, "_ d"]:
    rows = [[x, x], [x, x]]
    rows[i][0] = x[:, :1]
    tables = {"u": {"w": x}, "v": {"w": x}}
    tables[k]["w"] = x[:1]
    return rows[0][0] * tables["u"]["w"]


def picked(x: Float[Tensor, "n d"], at: int) -> Float[Tensor, "m n d"]:
    parts = [[], []]
    parts[at].append(x)
    parts[at].append(x)
    return torch.stack(parts[0] + parts[1])


def sizes(x: Float[Tensor, "n d"], at: str) -> Float[Tensor, "m d"]:
    kept = {"a": [x, x], "b": [x]}
    kept[at][0] = torch.cat([x, x])
    return kept["a"][0] + kept["b"][0]


def main() -> None:
    x = torch.randn(4, 3)
    print([g.shape for g in grouped(x, torch.tensor([0, 1, 1, 0]), 2)])
    print(by_key(x, ["a", "b", "a", "a"]).shape, by_name(x, 1).shape, in_turn(x).shape, set_items(x, 0, "u").shape)
    print(picked(x, 1).shape)


if __name__ == "__main__":
    main()
