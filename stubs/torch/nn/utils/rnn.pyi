from collections.abc import Sequence

from shapetypes import Rule
from torch import Tensor

class PackedSequence:
    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None
