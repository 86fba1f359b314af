from collections.abc import Sequence
from typing import Any

from torch.nn.modules.module import Module

class DataParallel(Module):
    module: Module
    def __init__(self, module: Module, device_ids: Sequence[Any] | None = None, output_device: Any = None, dim: int = 0) -> None: ...
    def forward(self, *inputs: Any, **kwargs: Any) -> Any: ...
