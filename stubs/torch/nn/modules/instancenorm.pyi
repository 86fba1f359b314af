import torch
from shapetypes import Dim, Rule
from torch import Tensor

from .batchnorm import _LazyNormBase, _NormBase

class _InstanceNorm(_NormBase):
    def __init__(self, num_features: Dim[int, "c"], eps: float = 1e-05, momentum: float = 0.1, affine: bool = False, track_running_stats: bool = False, device: object = None, dtype: torch.dtype | None = None, *, bias: bool = True) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class InstanceNorm1d(_InstanceNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "instance_norm1d_layer"]: ...

class LazyInstanceNorm1d(_LazyNormBase, _InstanceNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "instance_norm1d_layer"]: ...

class InstanceNorm2d(_InstanceNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "instance_norm2d_layer"]: ...

class LazyInstanceNorm2d(_LazyNormBase, _InstanceNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "instance_norm2d_layer"]: ...

class InstanceNorm3d(_InstanceNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "instance_norm3d_layer"]: ...

class LazyInstanceNorm3d(_LazyNormBase, _InstanceNorm):
    def forward(self, input: Tensor) -> Rule[Tensor, "instance_norm3d_layer"]: ...
