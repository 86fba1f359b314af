from typing import Any

import torch
from shapetypes import Dim, Rule, Shaped
from torch import Tensor
from torch.nn.parameter import Parameter
from torch.nn.utils.rnn import PackedSequence

from .module import Module

class RNNBase(Module):
    mode: str
    input_size: int
    hidden_size: int
    num_layers: int
    batch_first: bool
    dropout: float
    bidirectional: bool
    proj_size: int
    def __init__(self, mode: str, input_size: Dim[int, "i"], hidden_size: Dim[int, "h"], num_layers: int = 1, bias: bool = True, batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False, proj_size: int = 0, device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "recurrent_init"]: ...
    def flatten_parameters(self) -> None: ...

class RNN(RNNBase):
    weight_ih_l0: Shaped[Parameter, "h i"]
    weight_hh_l0: Shaped[Parameter, "h _"]
    bias_ih_l0: Shaped[Parameter, "h"]
    bias_hh_l0: Shaped[Parameter, "h"]
    nonlinearity: str
    def __init__(self, input_size: Dim[int, "i"], hidden_size: Dim[int, "h"], num_layers: int = 1, nonlinearity: str = "tanh", bias: bool = True, batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False, device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "recurrent_init"]: ...
    def forward(self, input: Tensor | PackedSequence, hx: Tensor | None = None) -> Rule[tuple[Any, Tensor], "recurrent"]: ...

class LSTM(RNNBase):
    weight_ih_l0: Shaped[Parameter, "4*h i"]
    weight_hh_l0: Shaped[Parameter, "4*h _"]
    bias_ih_l0: Shaped[Parameter, "4*h"]
    bias_hh_l0: Shaped[Parameter, "4*h"]
    def __init__(self, input_size: Dim[int, "i"], hidden_size: Dim[int, "h"], num_layers: int = 1, bias: bool = True, batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False, proj_size: int = 0, device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "recurrent_init"]: ...
    def forward(self, input: Tensor | PackedSequence, hx: tuple[Tensor, Tensor] | None = None) -> Rule[tuple[Any, tuple[Tensor, Tensor]], "lstm"]: ...

class GRU(RNNBase):
    weight_ih_l0: Shaped[Parameter, "3*h i"]
    weight_hh_l0: Shaped[Parameter, "3*h _"]
    bias_ih_l0: Shaped[Parameter, "3*h"]
    bias_hh_l0: Shaped[Parameter, "3*h"]
    def __init__(self, input_size: Dim[int, "i"], hidden_size: Dim[int, "h"], num_layers: int = 1, bias: bool = True, batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False, device: object = None, dtype: torch.dtype | None = None) -> Rule[None, "recurrent_init"]: ...
    def forward(self, input: Tensor | PackedSequence, hx: Tensor | None = None) -> Rule[tuple[Any, Tensor], "recurrent"]: ...

class RNNCellBase(Module):
    input_size: int
    hidden_size: int
    def __init__(self, input_size: Dim[int, "i"], hidden_size: Dim[int, "h"], bias: bool, num_chunks: int, device: object = None, dtype: torch.dtype | None = None) -> None: ...

class RNNCell(RNNCellBase):
    weight_ih: Shaped[Parameter, "h i"]
    weight_hh: Shaped[Parameter, "h h"]
    bias_ih: Shaped[Parameter, "h"]
    bias_hh: Shaped[Parameter, "h"]
    nonlinearity: str
    def __init__(self, input_size: Dim[int, "i"], hidden_size: Dim[int, "h"], bias: bool = True, nonlinearity: str = "tanh", device: object = None, dtype: torch.dtype | None = None) -> None: ...
    def forward(self, input: Tensor, hx: Tensor | None = None) -> Rule[Tensor, "recurrent_cell"]: ...

class LSTMCell(RNNCellBase):
    weight_ih: Shaped[Parameter, "4*h i"]
    weight_hh: Shaped[Parameter, "4*h h"]
    bias_ih: Shaped[Parameter, "4*h"]
    bias_hh: Shaped[Parameter, "4*h"]
    def __init__(self, input_size: Dim[int, "i"], hidden_size: Dim[int, "h"], bias: bool = True, device: object = None, dtype: torch.dtype | None = None) -> None: ...
    def forward(self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> Rule[tuple[Tensor, Tensor], "lstm_cell"]: ...

class GRUCell(RNNCellBase):
    weight_ih: Shaped[Parameter, "3*h i"]
    weight_hh: Shaped[Parameter, "3*h h"]
    bias_ih: Shaped[Parameter, "3*h"]
    bias_hh: Shaped[Parameter, "3*h"]
    def __init__(self, input_size: Dim[int, "i"], hidden_size: Dim[int, "h"], bias: bool = True, device: object = None, dtype: torch.dtype | None = None) -> None: ...
    def forward(self, input: Tensor, hx: Tensor | None = None) -> Rule[Tensor, "recurrent_cell"]: ...
