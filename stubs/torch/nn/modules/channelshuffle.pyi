from shapetypes import Rule
from torch import Tensor

from .module import Module

class ChannelShuffle(Module):
    def __init__(self, groups: int) -> None: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "torch.nn.functional.channel_shuffle"]: ...
