from collections.abc import Sequence

import torch
from shapetypes import Dim, Rule, Shaped
from torch import Tensor
from torch.nn.parameter import Parameter

from .module import Module

class LocalResponseNorm(Module):
    def __init__(self, size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1.0) -> None: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "torch.nn.functional.local_response_norm"]: ...

class CrossMapLRN2d(Module):
    def __init__(self, size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1) -> None: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "cross_map_lrn2d"]: ...

class LayerNorm(Module):
    normalized_shape: tuple[int, ...]
    weight: Shaped[Parameter, "*n"]
    bias: Shaped[Parameter, "*n"]
    def __init__(self, normalized_shape: Dim[int | Sequence[int], "*n"], eps: float = 1e-05, elementwise_affine: bool = True, bias: bool = True, device: object = None, dtype: torch.dtype | None = None) -> None: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "layer_norm_layer"]: ...

class GroupNorm(Module):
    weight: Shaped[Parameter, "c"]
    bias: Shaped[Parameter, "c"]
    def __init__(self, num_groups: int, num_channels: Dim[int, "c"], eps: float = 1e-05, affine: bool = True, device: object = None, dtype: torch.dtype | None = None, *, bias: bool = True) -> Rule[None, "group_norm_init"]: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "group_norm_layer"]: ...

class RMSNorm(Module):
    normalized_shape: tuple[int, ...]
    weight: Shaped[Parameter, "*n"]
    def __init__(self, normalized_shape: Dim[int | Sequence[int], "*n"], eps: float | None = None, elementwise_affine: bool = True, device: object = None, dtype: torch.dtype | None = None) -> None: ...
    def forward(self, x: Tensor) -> Rule[Tensor, "rms_norm_layer"]: ...
