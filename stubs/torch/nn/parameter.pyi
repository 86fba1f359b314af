from shapetypes import Rule
from torch import Tensor

class Parameter(Tensor):
    requires_grad: bool
    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Rule[Parameter, "parameter"]: ...

class UninitializedParameter(Parameter): ...

class Buffer(Tensor):
    persistent: bool
    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Rule[Buffer, "parameter"]: ...

class UninitializedBuffer(Tensor): ...
