"""What is reported in inseq, one function for each cause.

- `stops`: attr/feat/ops/reagent_core/stopping_condition_evaluator.py:114, 135, token_replacer.py:111
- `scores`: attr/feat/ops/value_zeroing.py:303
- `put_back`: data/attribution.py:772, 778, 785, 798
- `ids_at`: data/batch.py:245
- `forward`: models/attribution_model.py:731
- `step_args`: models/decoder_only.py:147, models/encoder_decoder.py:189
- `words`: models/huggingface_model.py:427
- `remapped`: utils/torch_utils.py:39
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64, Num
from torch import Tensor

REPORTS = {
    "stops": "`stops()` return value: dtype is `bool`, expected `Int64`",
    "scores": '`scores()` return value: number of axes is 4 in (batch, n, n, 5), expected 3 ("batch layers others")',
    "put_back": '`remapped()` argument `mask`: number of axes is 1 in (batch,), expected 2 ("batch 1")',
    "ids_at": '`ids_at()` return value: number of axes is 1 in (batch,), expected 2 ("batch length")',
    "forward": '`step_args()` argument `ids`: number of axes is 1 in (batch,), expected 2 ("batch 1")',
    "step_args": '`StepArgs()` argument `ids`: number of axes is 2 in (batch, 1), expected 1 ("batch")',
    "words": '`word()` argument `ids`: number of axes is 1 in (length,), expected 2 ("batch length")',
    "remapped": "`expand_as()`: number of axes is 2 in (?, 1), expected 1 for (kept,)",
}


def stops(ids: Int64[Tensor, "batch length"]) -> Int64[Tensor, "batch"]:
    return torch.ones([ids.shape[0]], dtype=torch.bool)  # REPORT stops


def scores(x: Float[Tensor, "batch n"]) -> Float[Tensor, "batch layers others"]:
    out = torch.zeros(x.shape[0], 5, x.shape[1], x.shape[1])
    return out.permute(0, 3, 2, 1)  # REPORT scores


def remapped(mask: Int64[Tensor, "batch 1"], filtered: Num[Tensor, "kept"]) -> Num[Tensor, "batch"]:
    index = mask.squeeze(-1).nonzero().reshape(-1, 1)
    index = index.expand_as(filtered)  # REPORT remapped
    return torch.ones(mask.shape[0]).scatter(0, index, filtered)


def put_back(mask: Int64[Tensor, "batch"], x: Float[Tensor, "kept"]) -> Tensor:
    return remapped(mask, x)  # REPORT put_back


def ids_at(ids: Int64[Tensor, "batch length"], at: int) -> Int64[Tensor, "batch length"]:
    return ids[:, at]  # REPORT ids_at


@dataclass
class StepArgs:
    ids: Int64[Tensor, "batch"]


def step_args(ids: Int64[Tensor, "batch 1"]) -> StepArgs:
    return StepArgs(ids=ids)  # REPORT step_args


def forward(ids: Int64[Tensor, "batch 1"]) -> StepArgs:
    ids = ids.squeeze(-1)
    return step_args(ids)  # REPORT forward


def word(ids: Int64[Tensor, "batch length"] | int) -> str:
    return str(ids)


def words(ids: Int64[Tensor, "batch length"]) -> list[str]:
    return [word(row) for row in ids]  # REPORT words


def show_stops() -> None:
    stops(torch.ones(2, 3, dtype=torch.int64))


def show_scores() -> None:
    scores(torch.ones(2, 3))


def show_remapped() -> None:
    remapped(torch.ones(2, 1, dtype=torch.int64), torch.ones(2))


def show_put_back() -> None:
    put_back(torch.ones(2, dtype=torch.int64), torch.ones(2))


def show_ids_at() -> None:
    ids_at(torch.ones(2, 3, dtype=torch.int64), 1)


def show_step_args() -> None:
    step_args(torch.ones(2, 1, dtype=torch.int64))


def show_forward() -> None:
    forward(torch.ones(2, 1, dtype=torch.int64))


def show_words() -> None:
    words(torch.ones(2, 3, dtype=torch.int64))
