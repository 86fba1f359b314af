from shapetypes import Dim, Float, Shaped
from torch import Tensor
from torch.nn.parameter import Parameter

class Linear:
    weight: Shaped[Parameter, "o i"]
    bias: Shaped[Parameter, "o"]
    def __init__(self, in_features: Dim[int, "i"], out_features: Dim[int, "o"], bias: bool = True, device: object = None, dtype: object = None) -> None: ...
    def forward(self, input: Shaped[Tensor, "*b i"]) -> Shaped[Tensor, "*b o"]: ...
