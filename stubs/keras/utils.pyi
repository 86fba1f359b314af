"""Tools for data."""

from typing import Any

from numpy import ndarray
from shapetypes import Rule

def to_categorical(x: Any, num_classes: Any = None) -> Rule[ndarray, "ops_categories"]: ...
def normalize(x: Any, axis: Any = -1, order: Any = 2) -> Rule[ndarray, "ops_along"]: ...
