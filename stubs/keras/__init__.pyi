from typing import Any

class KerasTensor:
    @property
    def shape(self) -> tuple[int | None, ...]: ...
    @property
    def dtype(self) -> str: ...

class Variable(KerasTensor): ...

class Layer:
    name: str
    built: bool
    def __init__(self, *, activity_regularizer: Any = None, trainable: bool = True, dtype: Any = None, autocast: bool = True, name: str | None = None, **kwargs: Any) -> None: ...
