from typing import Literal

import torch
from shapetypes import Dim, Rule, Shaped
from torch import Tensor
from torch.nn.parameter import Parameter

from .lazy import LazyModuleMixin
from .module import Module

class _ConvNd(Module):
    in_channels: int
    out_channels: int
    transposed: bool
    groups: int
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"]
    def __init__(self, in_channels: int, out_channels: int, kernel_size: tuple[int, ...], stride: tuple[int, ...], padding: str | tuple[int, ...], dilation: tuple[int, ...], transposed: bool, output_padding: tuple[int, ...], groups: int, bias: bool, padding_mode: Literal["zeros", "reflect", "replicate", "circular"], device: object = None, dtype: torch.dtype | None = None) -> None: ...

class Conv1d(_ConvNd):
    kernel_size: tuple[int]
    stride: tuple[int]
    padding: str | tuple[int]
    dilation: tuple[int]
    output_padding: tuple[int]
    weight: Shaped[Parameter, "o i//g k"]
    bias: Shaped[Parameter, "o"]
    def __init__(self, in_channels: Dim[int, "i"], out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int], "k"], stride: int | tuple[int] = 1, padding: str | int | tuple[int] = 0, dilation: int | tuple[int] = 1, groups: Dim[int, "g"] = 1, bias: bool = True, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_init"]: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "conv1d_layer"]: ...

class Conv2d(_ConvNd):
    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: str | tuple[int, int]
    dilation: tuple[int, int]
    output_padding: tuple[int, int]
    weight: Shaped[Parameter, "o i//g k l"]
    bias: Shaped[Parameter, "o"]
    def __init__(self, in_channels: Dim[int, "i"], out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int, int], "k l"], stride: int | tuple[int, int] = 1, padding: str | int | tuple[int, int] = 0, dilation: int | tuple[int, int] = 1, groups: Dim[int, "g"] = 1, bias: bool = True, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_init"]: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "conv2d_layer"]: ...

class Conv3d(_ConvNd):
    kernel_size: tuple[int, int, int]
    stride: tuple[int, int, int]
    padding: str | tuple[int, int, int]
    dilation: tuple[int, int, int]
    output_padding: tuple[int, int, int]
    weight: Shaped[Parameter, "o i//g k l m"]
    bias: Shaped[Parameter, "o"]
    def __init__(self, in_channels: Dim[int, "i"], out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int, int, int], "k l m"], stride: int | tuple[int, int, int] = 1, padding: str | int | tuple[int, int, int] = 0, dilation: int | tuple[int, int, int] = 1, groups: Dim[int, "g"] = 1, bias: bool = True, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_init"]: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "conv3d_layer"]: ...

class _ConvTransposeNd(_ConvNd):
    def __init__(self, in_channels: object, out_channels: object, kernel_size: object, stride: object, padding: object, dilation: object, transposed: object, output_padding: object, groups: object, bias: object, padding_mode: object, device: object = None, dtype: torch.dtype | None = None) -> None: ...

class ConvTranspose1d(_ConvTransposeNd):
    kernel_size: tuple[int]
    stride: tuple[int]
    padding: tuple[int]
    dilation: tuple[int]
    output_padding: tuple[int]
    weight: Shaped[Parameter, "i o//g k"]
    bias: Shaped[Parameter, "o"]
    def __init__(self, in_channels: Dim[int, "i"], out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int], "k"], stride: int | tuple[int] = 1, padding: int | tuple[int] = 0, output_padding: int | tuple[int] = 0, groups: Dim[int, "g"] = 1, bias: bool = True, dilation: int | tuple[int] = 1, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_transpose_init"]: ...
    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Rule[Tensor, "conv_transpose1d_layer"]: ...

class ConvTranspose2d(_ConvTransposeNd):
    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]
    output_padding: tuple[int, int]
    weight: Shaped[Parameter, "i o//g k l"]
    bias: Shaped[Parameter, "o"]
    def __init__(self, in_channels: Dim[int, "i"], out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int, int], "k l"], stride: int | tuple[int, int] = 1, padding: int | tuple[int, int] = 0, output_padding: int | tuple[int, int] = 0, groups: Dim[int, "g"] = 1, bias: bool = True, dilation: int | tuple[int, int] = 1, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_transpose_init"]: ...
    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Rule[Tensor, "conv_transpose2d_layer"]: ...

class ConvTranspose3d(_ConvTransposeNd):
    kernel_size: tuple[int, int, int]
    stride: tuple[int, int, int]
    padding: tuple[int, int, int]
    dilation: tuple[int, int, int]
    output_padding: tuple[int, int, int]
    weight: Shaped[Parameter, "i o//g k l m"]
    bias: Shaped[Parameter, "o"]
    def __init__(self, in_channels: Dim[int, "i"], out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int, int, int], "k l m"], stride: int | tuple[int, int, int] = 1, padding: int | tuple[int, int, int] = 0, output_padding: int | tuple[int, int, int] = 0, groups: Dim[int, "g"] = 1, bias: bool = True, dilation: int | tuple[int, int, int] = 1, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_transpose_init"]: ...
    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Rule[Tensor, "conv_transpose3d_layer"]: ...

class _LazyConvXdMixin(LazyModuleMixin):
    ...

class LazyConv1d(_LazyConvXdMixin, Conv1d):
    def __init__(self, out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int], "k"], stride: int | tuple[int] = 1, padding: str | int | tuple[int] = 0, dilation: int | tuple[int] = 1, groups: Dim[int, "g"] = 1, bias: bool = True, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_init"]: ...

class LazyConv2d(_LazyConvXdMixin, Conv2d):
    def __init__(self, out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int, int], "k l"], stride: int | tuple[int, int] = 1, padding: str | int | tuple[int, int] = 0, dilation: int | tuple[int, int] = 1, groups: Dim[int, "g"] = 1, bias: bool = True, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_init"]: ...

class LazyConv3d(_LazyConvXdMixin, Conv3d):
    def __init__(self, out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int, int, int], "k l m"], stride: int | tuple[int, int, int] = 1, padding: str | int | tuple[int, int, int] = 0, dilation: int | tuple[int, int, int] = 1, groups: Dim[int, "g"] = 1, bias: bool = True, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_init"]: ...

class LazyConvTranspose1d(_LazyConvXdMixin, ConvTranspose1d):
    def __init__(self, out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int], "k"], stride: int | tuple[int] = 1, padding: int | tuple[int] = 0, output_padding: int | tuple[int] = 0, groups: Dim[int, "g"] = 1, bias: bool = True, dilation: int | tuple[int] = 1, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_transpose_init"]: ...

class LazyConvTranspose2d(_LazyConvXdMixin, ConvTranspose2d):
    def __init__(self, out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int, int], "k l"], stride: int | tuple[int, int] = 1, padding: int | tuple[int, int] = 0, output_padding: int | tuple[int, int] = 0, groups: Dim[int, "g"] = 1, bias: bool = True, dilation: int | tuple[int, int] = 1, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_transpose_init"]: ...

class LazyConvTranspose3d(_LazyConvXdMixin, ConvTranspose3d):
    def __init__(self, out_channels: Dim[int, "o"], kernel_size: Dim[int | tuple[int, int, int], "k l m"], stride: int | tuple[int, int, int] = 1, padding: int | tuple[int, int, int] = 0, output_padding: int | tuple[int, int, int] = 0, groups: Dim[int, "g"] = 1, bias: bool = True, dilation: int | tuple[int, int, int] = 1, padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros", device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "conv_transpose_init"]: ...
