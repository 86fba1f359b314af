from typing import Sequence

from shapetypes import Rule, Shaped

from ._tensor import Tensor as Tensor

def bmm(input: Shaped[Tensor, "b n m"], mat2: Shaped[Tensor, "b m p"], out_dtype: dtype | None = None, *, out: Tensor | None = None) -> Shaped[Tensor, "b n p"]: ...
def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Rule[Tensor, "matmul"]: ...

class dtype: ...
