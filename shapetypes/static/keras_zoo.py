"""Models of `keras.applications`: what they take, and how many features come out of them."""

from __future__ import annotations

from typing import Any, Final

from shapetypes.core import dim as d
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.static import keras_layers, keras_models
from shapetypes.static.values import KerasModel

PACKAGE: Final = "keras.applications."
_FEATURES: Final = {
    512: "VGG16 VGG19",
    576: "MobileNetV3Small",
    768: "ConvNeXtSmall ConvNeXtTiny",
    960: "MobileNetV3Large",
    1024: "ConvNeXtBase DenseNet121 MobileNet",
    1056: "NASNetMobile",
    1280: "EfficientNetB0 EfficientNetB1 EfficientNetV2B0 EfficientNetV2B1 EfficientNetV2L EfficientNetV2M"
    " EfficientNetV2S MobileNetV2",
    1408: "EfficientNetB2 EfficientNetV2B2",
    1536: "ConvNeXtLarge EfficientNetB3 EfficientNetV2B3 InceptionResNetV2",
    1664: "DenseNet169",
    1792: "EfficientNetB4",
    1920: "DenseNet201",
    2048: "ConvNeXtXLarge EfficientNetB5 InceptionV3 ResNet50 ResNet50V2 ResNet101 ResNet101V2 ResNet152"
    " ResNet152V2 Xception",
    2304: "EfficientNetB6",
    2560: "EfficientNetB7",
    4032: "NASNetLarge",
}
_COUNTS: Final = {name: count for count, names in _FEATURES.items() for name in names.split()}
_SETTINGS: Final = frozenset({"include_top", "weights", "input_shape", "pooling", "classes", "classifier_activation"})


def model(path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`"b h w c" -> "b ? ? features"`, pooled `"b features"`, with its top `"b classes"`."""
    features = _COUNTS.get(path.removeprefix(PACKAGE))
    if features is None or args or not kwargs.keys() <= _SETTINGS | {"name"}:
        return Unknown("a model of keras.applications")
    top, pooling, classes = kwargs.get("include_top", True), kwargs.get("pooling"), kwargs.get("classes", 1000)
    shape = kwargs.get("input_shape")
    sizes = (None, None, 3) if shape is None else keras_layers.sizes(shape)
    if not isinstance(top, bool) or sizes is None or len(sizes) != 3 or pooling not in (None, "avg", "max"):
        return Unknown("a model of keras.applications")
    batch = d.unknown("the size of a batch")
    given = TensorSpec((batch, *(d.unknown("an open axis") if s is None else s for s in sizes)), library="tf")
    if top:
        out: tuple[Any, ...] = (batch, classes) if isinstance(classes, int) else (batch, d.unknown("classes"))
    else:
        places = () if pooling else (d.unknown("an axis of features"), d.unknown("an axis of features"))
        out = (batch, *places, features)
    return KerasModel(keras_models.CONVOLVES, None, given, TensorSpec(out, library="tf"))


__all__ = ["PACKAGE", "model"]
