"""What is reported in transformer-lens 2.18.0, one function for each cause.

- `qk_norm`: components/abstract_attention.py:362, components/grouped_query_attention.py:203
- `loss_per_token`: utils.py:167
- `accuracy`: utils.py:184
- `overloaded`: HookedEncoderDecoder.py:167, 177
"""

from typing import Literal, overload

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

REPORTS = {
    "qk_norm": "`Norm.forward()` argument `x`: number of axes is 2 in (batch*heads*pos, width), expected 3 "
    '("batch pos length")',
    "loss_per_token": "`loss_per_token()` return value: axis 1 is `pos-1`, expected `pos`",
    "accuracy": "`accuracy()` return value: dtype is `bool`, expected `Float`",
    "overloaded": "`logits()` return value: axis 1 is `out`, expected `pos`",
}


class Norm(nn.Module):
    def __init__(self, length: int) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.ones(length))

    def forward(self, x: Float[Tensor, "batch pos length"]) -> Float[Tensor, "batch pos length"]:
        return x / (x.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt() * self.w


def qk_norm(x: Float[Tensor, "batch pos heads width"], norm: Norm) -> Float[Tensor, "batch pos heads width"]:
    flat = x.reshape(-1, x.shape[-1])
    return norm(flat).reshape(x.shape)  # REPORT qk_norm


def loss_per_token(
    logits: Float[Tensor, "batch pos words"], tokens: Int[Tensor, "batch pos"], each: bool = False
) -> Float[Tensor, ""] | Float[Tensor, "batch pos"]:
    log_probs = logits.log_softmax(dim=-1)
    found = log_probs[:, :-1].gather(-1, tokens[:, 1:, None])[..., 0]
    if each:
        return -found  # REPORT loss_per_token
    return -found.mean()


def accuracy(
    logits: Float[Tensor, "batch pos words"], tokens: Int[Tensor, "batch pos"], each: bool = False
) -> Float[Tensor, ""] | Float[Tensor, "batch pos"]:
    right = logits.argmax(dim=-1)[:, :-1] == tokens[:, 1:]
    if each:
        return right  # REPORT accuracy
    return right.sum() / right.numel()


@overload
def logits(
    tokens: Int[Tensor, "batch pos"], output: Int[Tensor, "batch out"], kind: Literal["logits"] = "logits"
) -> Float[Tensor, "batch pos words"]: ...  # REPORT overloaded
@overload
def logits(tokens: Int[Tensor, "batch pos"], output: Int[Tensor, "batch out"], kind: None) -> None: ...
def logits(
    tokens: Int[Tensor, "batch pos"], output: Int[Tensor, "batch out"], kind: str | None = "logits"
) -> Float[Tensor, "batch out words"] | None:
    return torch.zeros(*output.shape, 7) if kind else None


def show_overloaded() -> None:
    tokens, output = torch.ones(2, 3, dtype=torch.int64), torch.ones(2, 5, dtype=torch.int64)
    assert logits(tokens, output, "logits").shape[1] == tokens.shape[1], "the overload declares as many as tokens"


def show_qk_norm() -> None:
    qk_norm(torch.ones(2, 3, 4, 5), Norm(5))


def show_loss_per_token() -> None:
    loss_per_token(torch.randn(2, 3, 7), torch.ones(2, 3, dtype=torch.int64), each=True)


def show_accuracy() -> None:
    accuracy(torch.randn(2, 3, 7), torch.ones(2, 3, dtype=torch.int64), each=True)
