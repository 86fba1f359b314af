from collections.abc import Sequence
from typing import Any

from shapetypes import Rule

def norm(x: Any, ord: Any = None, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Rule[Any, "np_norm"]: ...
