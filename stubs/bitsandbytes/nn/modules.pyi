from shapetypes import Rule
from torch import Tensor
from torch.nn import Parameter

class Params4bit(Parameter):
    def __new__(
        cls, data: Tensor | None = None, requires_grad: bool = False, **kwargs: object
    ) -> Rule[Params4bit, "parameter"]: ...
