from typing import TypeVar

from shapetypes import Rule
from torch.nn.modules.module import Module

_Layer = TypeVar("_Layer", bound=Module)

def orthogonal(module: _Layer, name: str = "weight", orthogonal_map: str | None = None, *, use_trivialization: bool = True) -> Rule[_Layer, "same_layer"]: ...
def spectral_norm(module: _Layer, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None) -> Rule[_Layer, "same_layer"]: ...
def weight_norm(module: _Layer, name: str = "weight", dim: int = 0) -> Rule[_Layer, "same_layer"]: ...
