"""What is reported in interpreto, one function for each cause.

- `masked`: attributions/perturbations/base.py:193, 196, insertion_deletion_perturbation.py:179, 182
- `association`: attributions/perturbations/base.py:240
- `spread`: attributions/perturbations/insertion_deletion_perturbation.py:221
- `identity`: concepts/methods/neurons_as_concepts.py:68
- `reintegrated`: concepts/splitters/model_with_split_points.py:569
- `lengths`: concepts/splitters/model_with_split_points.py:939
- `repeated`: concepts/splitters/model_with_split_points.py:945
- `selected`: concepts/splitters/splitter_for_generation.py:423
- `whole`: concepts/splitters/splitter_for_generation.py:442
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

REPORTS = {
    "masked": "`*` operand `(1 - mask).unsqueeze(-1)`: axis 1 is `g`, expected `l` (axis 1 of "
    "`inputs.unsqueeze(-3)`) or 1",
    "association": "`matrix`: dtype is `float32`, expected `Int`",
    "spread": "`einsum()` argument `args[2]`: dtype is `Int`, expected `Float`, the dtype of `args[1]`",
    "reintegrated": "`[]=` operand `value`: axis 1 is `l`, expected `n` or 1",
    "identity": '`identity()` return value: number of axes is at least 1 in (n, ...), expected 2 ("n c")',
    "lengths": "`repeats`: dtype is `int64`, expected `Float`",
    "repeated": "`repeat_interleave()` argument `repeats`: axis 0 is `ng`, expected `n` (axis 0 of `input`)",
    "selected": "`[]` operand `indices`: axis 0 is `l*n`, expected `b*l`",
    "whole": '`put_back()` argument `raw`: number of axes is 3 in (b, l, d), expected 2 ("ng d")',
}


def masked(inputs: Int[Tensor, "l 1"], mask: Float[Tensor, "p g"]) -> Float[Tensor, "p l"]:
    base = inputs.unsqueeze(-3) * (1 - mask).unsqueeze(-1)  # REPORT masked
    return base.squeeze(-1)


def association(rows: Int[Tensor, "g l"]) -> Tensor:
    matrix: Int[Tensor, "g l"] = rows.float()  # REPORT association
    return matrix


def spread(mask: Float[Tensor, "p g"], rows: Int[Tensor, "g l"]) -> Float[Tensor, "p l"]:
    return torch.einsum("pg,gl->pl", mask, rows)  # REPORT spread


def reintegrated(
    first: Float[Tensor, "n l d"], new: Float[Tensor, "n l d"] | Float[Tensor, "ng d"]
) -> Float[Tensor, "n l d"]:
    first = first.clone()
    first[:, 0, :] = new  # REPORT reintegrated
    return first


def identity(activations: Float[Tensor, "n ..."]) -> Float[Tensor, "n c"]:
    return activations  # REPORT identity


def lengths(groups: list[list[int]]) -> Tensor:
    repeats: Float[Tensor, "ng"] = torch.tensor([len(group) for group in groups])  # REPORT lengths
    return repeats


def repeated(predictions: Float[Tensor, "n"], repeats: Int[Tensor, "ng"]) -> Tensor:
    return torch.repeat_interleave(predictions, repeats, dim=0)  # REPORT repeated


def selected(x: Float[Tensor, "b l d"], mask: Bool[Tensor, "n l"]) -> Float[Tensor, "bg d"]:
    return x.flatten(0, 1)[mask.flatten()]  # REPORT selected


def put_back(raw: Float[Tensor, "ng d"], decoded: Float[Tensor, "ng d"]) -> Tensor:
    return raw + decoded


def whole(raw: Float[Tensor, "b l d"], decoded: Float[Tensor, "bg d"]) -> Tensor:
    return put_back(raw, decoded)  # REPORT whole


def show_masked() -> None:
    masked(torch.ones(4, 1, dtype=torch.int64), torch.ones(2, 3))


def show_association() -> None:
    association(torch.ones(2, 3, dtype=torch.int64))


def show_spread() -> None:
    spread(torch.ones(2, 3), torch.ones(3, 4, dtype=torch.int64))


def show_reintegrated() -> None:
    reintegrated(torch.ones(2, 3, 4), torch.ones(5, 4))


def show_identity() -> None:
    identity(torch.ones(2, 3, 4))


def show_lengths() -> None:
    lengths([[1, 2], [3]])


def show_repeated() -> None:
    repeated(torch.ones(3), torch.tensor([1, 2]))


def show_selected() -> None:
    selected(torch.ones(2, 3, 4), torch.ones(5, 3, dtype=torch.bool))


def show_whole() -> None:
    whole(torch.ones(2, 3, 4), torch.ones(5, 4))
