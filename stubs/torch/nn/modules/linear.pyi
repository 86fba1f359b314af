from typing import Any

import torch
from shapetypes import Dim, Inexact, Rule, Shaped
from torch import Tensor
from torch.nn.parameter import Parameter

from .lazy import LazyModuleMixin
from .module import Module

class Identity(Module):
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def forward(self, input: Shaped[Tensor, "*s"]) -> Shaped[Tensor, "*s"]: ...

class Linear(Module):
    in_features: int
    out_features: int
    weight: Shaped[Parameter, "o i"]
    bias: Shaped[Parameter, "o"]
    def __init__(self, in_features: Dim[int, "i"], out_features: Dim[int, "o"], bias: bool = True, device: object = None, dtype: torch.dtype | None = None) -> None: ...
    def forward(self, input: Inexact[Tensor, "*b i"]) -> Rule[Tensor, "linear_layer"]: ...

class NonDynamicallyQuantizableLinear(Linear):
    def __init__(self, in_features: Dim[int, "i"], out_features: Dim[int, "o"], bias: bool = True, device: object = None, dtype: torch.dtype | None = None) -> None: ...

class Bilinear(Module):
    in1_features: int
    in2_features: int
    out_features: int
    weight: Shaped[Parameter, "o i j"]
    bias: Shaped[Parameter, "o"]
    def __init__(self, in1_features: Dim[int, "i"], in2_features: Dim[int, "j"], out_features: Dim[int, "o"], bias: bool = True, device: object = None, dtype: torch.dtype | None = None) -> None: ...
    def forward(self, input1: Inexact[Tensor, "*b i"], input2: Inexact[Tensor, "*b j"]) -> Rule[Tensor, "bilinear_layer"]: ...

class LazyLinear(LazyModuleMixin, Linear):
    def __init__(self, out_features: Dim[int, "o"], bias: bool = True, device: object = None, dtype: torch.dtype | None = None) -> None: ...
