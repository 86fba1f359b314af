"""The shape functions, by family. Importing this package registers them all."""

from shapetypes.ops.rules import linear

__all__ = ["linear"]
