"""The op database: stubs with axis strings, and shape functions, under one entry point, `infer`."""

from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.infer import infer

__all__ = ["ShapeError", "TensorSpec", "Unknown", "infer"]
