"""Models of `keras.applications`, as the engine knows them and as Keras makes them."""

import keras
import pytest

from shapetypes.core.shape import TensorSpec
from shapetypes.static import keras_zoo

OPTIONS = [
    {"include_top": False, "input_shape": (64, 64, 3)},
    {"include_top": False, "input_shape": (64, 64, 3), "pooling": "avg"},
    {"include_top": True, "classes": 7, "input_shape": (64, 64, 3)},
]


@pytest.mark.parametrize("name", ["MobileNet", "VGG16", "MobileNetV3Small"])
@pytest.mark.parametrize("options", OPTIONS)
def test_shapes_are_those_of_keras(name, options):
    made = keras_zoo.model(f"keras.applications.{name}", (), {"weights": None, **options})
    real = getattr(keras.applications, name)(weights=None, **options)

    assert isinstance(made.outputs, TensorSpec)
    assert (len(real.output_shape), real.output_shape[-1]) == (made.outputs.rank, made.outputs.parts[-1])
    assert real.input_shape[1:] == made.inputs.parts[1:]


@pytest.mark.parametrize("options", [{"alpha": 0.5}, {"input_tensor": None}, {"include_top": None}, {"pooling": "sum"}])
def test_other_settings_are_not_known(options):
    assert not hasattr(keras_zoo.model("keras.applications.MobileNet", (), {"weights": None, **options}), "outputs")
