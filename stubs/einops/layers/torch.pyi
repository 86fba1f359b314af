from typing import Any

from shapetypes import Rule
from torch import Tensor
from torch.nn import Module

class Rearrange(Module):
    pattern: str
    def __init__(self, pattern: str, **axes_lengths: Any) -> Rule[None, "einops_rearrange_init"]: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "einops_rearrange_layer"]: ...

class Reduce(Module):
    pattern: str
    reduction: str
    def __init__(self, pattern: str, reduction: str, **axes_lengths: Any) -> Rule[None, "einops_reduce_init"]: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "einops_reduce_layer"]: ...

class EinMix(Module):
    pattern: str
    weight_shape: str
    bias_shape: str | None
    def __init__(self, pattern: str, weight_shape: str, bias_shape: str | None = None, **axes_lengths: Any) -> Rule[None, "einmix_init"]: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "einmix"]: ...
