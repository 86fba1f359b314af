from collections.abc import Sequence
from typing import NamedTuple

import torch
from shapetypes import Dim, Int64, Rule, Shaped
from torch import Tensor

from .module import Module

class _ASMoutput(NamedTuple):
    output: Tensor
    loss: Tensor

class AdaptiveLogSoftmaxWithLoss(Module):
    in_features: int
    n_classes: int
    def __init__(self, in_features: Dim[int, "i"], n_classes: Dim[int, "c"], cutoffs: Sequence[int], div_value: float = 4.0, head_bias: bool = False, device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "adaptive_log_softmax_init"]: ...
    def forward(self, input_: Tensor, target_: Tensor) -> Rule[tuple[Tensor, Tensor], "adaptive_log_softmax"]: ...
    def log_prob(self, input: Shaped[Tensor, "n i"]) -> Shaped[Tensor, "n c"]: ...
    def predict(self, input: Shaped[Tensor, "n i"]) -> Int64[Tensor, "n"]: ...
