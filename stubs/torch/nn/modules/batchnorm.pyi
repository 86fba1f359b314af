import torch
from shapetypes import Dim, Rule, Shaped
from torch import Tensor
from torch.nn.parameter import Parameter

from .lazy import LazyModuleMixin
from .module import Module

class _NormBase(Module):
    num_features: int
    weight: Shaped[Parameter, "c"]
    bias: Shaped[Parameter, "c"]
    running_mean: Shaped[Tensor, "c"]
    running_var: Shaped[Tensor, "c"]
    def __init__(self, num_features: Dim[int, "c"], eps: float = 1e-05, momentum: float | None = 0.1, affine: bool = True, track_running_stats: bool = True, device: object = None, dtype: torch.dtype | None = None, *, bias: bool = True) -> None: ...

class _BatchNorm(_NormBase):
    def __init__(self, num_features: Dim[int, "c"], eps: float = 1e-05, momentum: float | None = 0.1, affine: bool = True, track_running_stats: bool = True, device: object = None, dtype: torch.dtype | None = None, *, bias: bool = True) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class _LazyNormBase(LazyModuleMixin, _NormBase):
    def __init__(self, eps: float = 1e-05, momentum: float | None = 0.1, affine: bool = True, track_running_stats: bool = True, device: object = None, dtype: torch.dtype | None = None, *, bias: bool = True) -> None: ...

class BatchNorm1d(_BatchNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "batch_norm1d_layer"]: ...

class LazyBatchNorm1d(_LazyNormBase, _BatchNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "batch_norm1d_layer"]: ...

class BatchNorm2d(_BatchNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "batch_norm2d_layer"]: ...

class LazyBatchNorm2d(_LazyNormBase, _BatchNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "batch_norm2d_layer"]: ...

class BatchNorm3d(_BatchNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "batch_norm3d_layer"]: ...

class LazyBatchNorm3d(_LazyNormBase, _BatchNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "batch_norm3d_layer"]: ...

class SyncBatchNorm(_BatchNorm):
    def __init__(self, num_features: Dim[int, "c"], eps: float = 1e-05, momentum: float | None = 0.1, affine: bool = True, track_running_stats: bool = True, process_group: object = None, device: object = None, dtype: torch.dtype | None = None, *, bias: bool = True) -> None: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "sync_batch_norm_layer"]: ...
