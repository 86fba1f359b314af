from collections.abc import Sequence
from typing import Any

from shapetypes import Rule

def sliding_window_view(x: Any, window_shape: int | Sequence[int], axis: int | Sequence[int] | None = None, *, subok: bool = False, writeable: bool = False) -> Rule[Any, "np_windows"]: ...
