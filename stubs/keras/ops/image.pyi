"""Images."""

from typing import Any

from keras import KerasTensor
from shapetypes import Rule

def resize(images: Any, size: Any, interpolation: Any = "bilinear", antialias: bool = False, crop_to_aspect_ratio: bool = False, pad_to_aspect_ratio: bool = False, fill_mode: Any = "constant", fill_value: Any = 0.0, data_format: Any = None) -> Rule[KerasTensor, "ops_image_resize"]: ...
