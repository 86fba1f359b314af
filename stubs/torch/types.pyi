import builtins
from typing import Sequence, TypeAlias

from . import dtype

Number: TypeAlias = int | float | bool | complex
_bool: TypeAlias = builtins.bool
_complex: TypeAlias = builtins.complex
_device: TypeAlias = builtins.object
_dtype: TypeAlias = dtype
_float: TypeAlias = builtins.float
_int: TypeAlias = builtins.int
_size: TypeAlias = Sequence[builtins.int]
