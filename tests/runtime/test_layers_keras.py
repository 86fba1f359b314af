"""`shaped` and `instrument` for Keras, on the backend that is set; the last test runs all others on torch's."""

import copy
import json
import os
import pickle
import re
import subprocess
import sys
import zipfile
from typing import Any

import pytest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
from keras import layers as kl

from shapetypes import AnnotationError, Float, ShapeError, instrument, scope, shapecheck, shaped

BACKEND = keras.backend.backend()


def zeros(*shape):
    return np.zeros(shape, "float32")


class Net(keras.Model):
    def __init__(self, hidden=128):
        super().__init__()
        self.lstm = shaped(kl.LSTM(128), "B T F -> B H")
        self.drop = shaped(kl.Dropout(0.1), "B H -> B H")
        self.mid = shaped(kl.Dense(hidden), "B K -> B H")
        self.many = [shaped(kl.Dense(6), "B H -> B C"), shaped(kl.Dense(5), "B G -> B C")]

    def call(self, x):
        return self.many[1](self.many[0](self.mid(self.drop(self.lstm(x)))))


# -- construction -----------------------------------------------------------------------------------------------------


def test_same_object_and_repr():
    layer = kl.Dense(5, name="out")
    assert shaped(layer, "B 10 -> B 5") is layer
    assert type(layer) is kl.Dense
    assert repr(layer) == '<Dense name=out, built=False, shaped="B 10 -> B 5">'
    assert "shaped" not in repr(kl.Dense(5))


REFUSED = [
    (lambda: kl.Dense(5), "B 10 -> B 6", "axis 1 of return value is 5, expected 6"),
    (lambda: kl.Dense(5), "B -> B 5", "axes"),
    (lambda: kl.LSTM(128), "B T 50 -> B T 128", "returns 2 axes, and the spec has 3"),
    (lambda: kl.LSTM(128, return_state=True), "B T 50 -> B 128, B 128", "returns 3 values, and the spec has 2"),
    (lambda: kl.Bidirectional(kl.LSTM(12)), "B T F -> B 12", "is 24, expected 12"),
    (lambda: kl.Conv2D(8, 3), "B H W C -> B H W 8", "expected `H`"),
    (lambda: kl.Conv2D(8, 3), "B H W C -> B H-2 W-2 9", "is 8, expected 9"),
    (lambda: kl.Embedding(100, 16), "B T -> B T 17", "is 16, expected 17"),
    (lambda: kl.MaxPooling2D(), "B H W C -> B H W C", "expected `H`"),
    (lambda: kl.GlobalAveragePooling1D(), "B T F -> B T", "is `F`, expected `T`"),
]


@pytest.mark.parametrize(("make", "spec", "says"), REFUSED, ids=[spec for _, spec, _ in REFUSED])
def test_refused_at_once(make, spec, says, refused):
    error = refused("layer-spec", shaped, make(), spec)
    assert says in str(error), str(error)
    assert error.fault.column is not None


ACCEPTED = [
    (lambda: kl.Dense(5), "*b F -> *b 5", (2, 3, 4)),
    (lambda: kl.LSTM(12, return_sequences=True, return_state=True), "B T F -> B T 12, B 12, B 12", (2, 3, 4)),
    (lambda: kl.Bidirectional(kl.GRU(12)), "B T F -> B 24", (2, 3, 4)),
    (lambda: kl.Conv1D(8, 3, padding="causal"), "B T C -> B T 8", (2, 5, 4)),
    (lambda: kl.Conv2D(8, 3, strides=2, padding="same"), "B H W C -> B h w 8", (2, 5, 6, 4)),
    (kl.Flatten, "B H W -> B H*W", (2, 5, 6)),
    (kl.BatchNormalization, "B T F -> B T F", (2, 5, 6)),
]


@pytest.mark.parametrize(("make", "spec", "shape"), ACCEPTED, ids=[spec for _, spec, _ in ACCEPTED])
def test_accepted(make, spec, shape):
    layer = shaped(make(), spec)
    layer(zeros(*shape))
    layer(zeros(*shape))
    shaped(layer, spec)


def test_compared_when_built(refused):
    layer = shaped(kl.Dense(5), "B 10 -> B 5")
    error = refused("layer-spec", layer.build, (None, 12))
    assert "axis 1 of argument `inputs` is 10, expected 12" in str(error)
    layer = shaped(kl.Dense(5), "B F -> B H")
    layer.build((None, 12))
    refused("dim-mismatch", layer, zeros(2, 13))
    built = kl.Dense(5)
    built.build((None, 12))
    refused("layer-spec", shaped, built, "B 10 -> B 5")


def test_bad_specs():
    with pytest.raises(AnnotationError):
        shaped(kl.Dense(5), "B 10 B 5")
    with pytest.raises(AnnotationError, match="no input `mask`"):
        shaped(kl.Dense(5), "B 10, mask: B -> B 5")


# -- calls ------------------------------------------------------------------------------------------------------------


def test_calls(refused):
    layer = shaped(kl.Dense(5), "B F -> B H")
    assert tuple(layer(zeros(2, 12)).shape) == (2, 5)
    error = refused("dim-mismatch", layer, zeros(2, 13))
    assert "`Dense` argument `inputs`: axis 1 (`F`) is 13, expected 12" in str(error)
    refused("rank-mismatch", layer, zeros(2, 3, 12))
    assert pickle.loads(pickle.dumps(error)).fault.code == "dim-mismatch"


def test_an_own_layer(refused):
    class Own(keras.Layer):
        def call(self, x, keep=None):
            return x[:, :-1]

    layer = shaped(Own(), "B T F, keep: Bool B T? -> B T-1 F")
    layer(zeros(2, 3, 4))
    layer(zeros(2, 3, 4), keep=np.ones((2, 3), bool))
    refused("dim-mismatch", layer, zeros(2, 3, 4), keep=np.ones((2, 4), bool))
    layer = shaped(Own(), "B T F -> B T F")
    error = refused("dim-mismatch", layer, zeros(2, 3, 4))
    assert "return value: axis 1 (`T`) is 2, expected 3" in str(error)


def test_symbolic_tensors(refused):
    layer = shaped(kl.Dense(7), "B F -> B H")
    assert layer(keras.Input((4,))).shape == (None, 7)
    error = refused("dim-mismatch", layer, keras.Input((5,)))
    assert "expected 4" in str(error)
    shaped(kl.LSTM(3), "B T F -> B H")(keras.Input((None, 4)))


def test_the_error_keeps_class_and_fault_in_a_model(refused):
    net = Net()
    net(zeros(2, 3, 50))
    error = refused("dim-mismatch", net, zeros(2, 3, 51))
    assert "Exception encountered" not in str(error)
    assert error.fault.path == ("Net", "lstm")


def test_fit(refused):
    net = Net()
    net.compile("sgd", "mse")
    net.fit(zeros(8, 3, 50), zeros(8, 5), batch_size=4, verbose=0)

    class Wrong(Net):
        cut = False

        def call(self, x):
            return super().call(x[:, 0] if self.cut else x)

    net = Wrong()
    net(zeros(2, 3, 50))
    net.compile("sgd", "mse")
    net.cut = True
    refused("rank-mismatch", net.fit, zeros(8, 3, 50), zeros(8, 5), batch_size=4, verbose=0)


class Shaped(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = shaped(kl.Dense(4), "B 7 -> B 4")

    def call(self, x):
        return self.dense(x)


@shapecheck
class Checked(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = kl.Dense(4)

    def call(self, x: Float[Any, "B 7"]) -> Float[Any, "B 4"]:
        return self.dense(x)


def test_checked_functions_on_symbolic_tensors(refused):
    @shapecheck
    def join(x: Float[Any, "B T"], y: Float[Any, "B T"]) -> Float[Any, "B T"]:
        return x + y

    three = keras.Input((3,))
    assert (None, 3) == join(three, keras.Input((3,))).shape
    assert (None, 3) == join(three, keras.Input((None,))).shape
    assert (2, 3) == tuple(join(keras.ops.zeros((2, 3)), keras.ops.zeros((2, 3))).shape)
    refused("dim-mismatch", join, three, keras.Input((4,)))
    refused("rank-mismatch", join, three, keras.Input((3, 3)))
    refused("dtype-mismatch", join, three, keras.Input((3,), dtype="int32"))


@pytest.mark.parametrize("make", [Shaped, Checked])
@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("built", [False, True])
def test_fit_evaluate_and_predict_keep_the_error(make, eager, built, refused):
    """Also where Keras first has to build the model, and would make a RuntimeError of any other error."""

    def net():
        out = make()
        if built:
            out(zeros(2, 7))
        out.compile("sgd", "mse", run_eagerly=eager)
        return out

    net().fit(zeros(8, 7), zeros(8, 4), batch_size=4, verbose=0)
    for name, given in (
        ("fit", (zeros(8, 6), zeros(8, 4))),
        ("evaluate", (zeros(8, 6), zeros(8, 4))),
        ("predict", (zeros(8, 6),)),
    ):
        error = refused("dim-mismatch", getattr(net(), name), *given, verbose=0)
        assert "axis 1 is 6, expected 7" in str(error).splitlines()[0]
        assert isinstance(error, TypeError)
        again = pickle.loads(pickle.dumps(error))
        assert (error.fault.argument, 6, 7, str(error)) == (
            again.fault.argument,
            again.fault.got,
            again.fault.want,
            str(again),
        )


def test_blocks():
    layer = shaped(kl.Dense(5), "B F -> B H")
    layer(zeros(2, 12))
    with scope("B"):
        layer(zeros(2, 12))
        with pytest.raises(ShapeError, match="expected 2"):
            layer(zeros(3, 12))


# -- the model that owns the layers -----------------------------------------------------------------------------------


def test_layers_that_contradict_each_other_fail_at_construction(refused):
    error = refused("layer-spec", Net, 129)
    assert '`Dense` spec "B K -> B H": axis 1 (`H`) of return value is 129, expected 128' in str(error)
    assert "binds H = 128" in str(error)


def test_names_of_the_owner(refused):
    net = Net()
    net(zeros(2, 3, 50))
    error = refused("dim-mismatch", net.drop, zeros(2, 127))
    assert "axis 1 (`H`) is 127, expected 128" in str(error)
    refused("dim-mismatch", net.many[0], zeros(2, 127))
    refused("layer-spec", setattr, net, "other", [shaped(kl.Dense(3), "B K -> B H")])


# -- copies -----------------------------------------------------------------------------------------------------------


def sequential():
    return keras.Sequential([shaped(kl.Dense(7), "B F -> B H"), shaped(kl.Dense(3), "B H -> B C")])


def functional():
    inputs = keras.Input((4,))
    return keras.Model(inputs, shaped(kl.Dense(3), "B H -> B C")(shaped(kl.Dense(7), "B F -> B H")(inputs)))


@keras.saving.register_keras_serializable("tests")
class Serializable(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.one = shaped(kl.Dense(7), "B F -> B H")
        self.two = shaped(kl.Dense(3), "B H -> B C")

    def call(self, x):
        return self.two(self.one(x))


def specs(model):
    return [repr(layer).partition("shaped=")[2] for layer in model._flatten_layers() if "shaped=" in repr(layer)]


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("make", [sequential, functional, Serializable])
def test_copies_keep_the_specs(make, how, refused):
    net, x = make(), np.random.default_rng(0).normal(size=(2, 4)).astype("float32")
    want = keras.ops.convert_to_numpy(net(x))
    again = COPIES[how](net)

    assert specs(net) == specs(again)
    assert len(specs(again)) == 2
    np.testing.assert_allclose(keras.ops.convert_to_numpy(again(x)), want, rtol=1e-6)
    dense = next(layer for layer in again._flatten_layers() if isinstance(layer, kl.Dense))
    refused("dim-mismatch", dense, zeros(2, 5))
    assert specs(COPIES[how](again)) == specs(net)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_layer_alone_keeps_its_spec(refused):
    layer = shaped(kl.Dense(7), "B F -> B H")
    layer(zeros(2, 4))
    for how in COPIES.values():
        again = how(layer)
        assert repr(layer) == repr(again)
        refused("dim-mismatch", again, zeros(2, 5))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_model_without_specs_is_copied_as_ever():
    shaped(kl.Dense(2), "B F -> B H")
    net = keras.Sequential([kl.Dense(7)])
    net(zeros(2, 4))
    assert specs(copy.deepcopy(net)) == []
    assert net.__reduce__()[0] == net._unpickle_model


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("make", [sequential, functional, Serializable])
def test_what_is_saved_is_what_keras_saves(make, tmp_path, monkeypatch):
    """No spec stands in the file. What is loaded has those that its class gives itself, and no others."""

    def saved(name):
        keras.utils.clear_session()
        net = make()
        net(zeros(2, 4))
        net.save(tmp_path / name)
        with zipfile.ZipFile(tmp_path / name) as file:
            text = re.sub(r', "shared_object_id": \d+', "", file.read("config.json").decode())
            return json.loads(text), sorted(file.namelist()), net

    config, names, net = saved("shaped.keras")
    monkeypatch.setenv("SHAPETYPES", "off")
    bare, bare_names, _ = saved("bare.keras")
    monkeypatch.delenv("SHAPETYPES")

    assert (config, names) == (bare, bare_names)
    assert "shaped" not in json.dumps(config)
    loaded = keras.models.load_model(tmp_path / "shaped.keras")
    np.testing.assert_allclose(*(keras.ops.convert_to_numpy(m(zeros(2, 4))) for m in (net, loaded)))
    assert specs(loaded) == (specs(net) if make is Serializable else [])
    net.save_weights(tmp_path / "net.weights.h5")
    loaded.load_weights(tmp_path / "net.weights.h5")


def test_a_clone_is_made_from_the_configuration():
    net = sequential()
    net(zeros(2, 4))
    clone = keras.models.clone_model(net)
    assert specs(clone) == []
    shaped(clone.layers[0], "B F -> B H")
    assert len(specs(clone)) == 1


def test_a_second_spec_takes_the_place_of_the_first(refused):
    layer = shaped(kl.Dense(5), "B F -> B H")
    layer(zeros(2, 12))
    shaped(layer, "B T F -> B T H")
    layer(zeros(2, 3, 12))
    refused("rank-mismatch", layer, zeros(2, 12))


def test_instrument(refused):
    net = keras.Sequential([kl.Dense(7), kl.LayerNormalization()])
    net(zeros(2, 3, 4))
    with instrument(net) as handle:
        assert len(handle.layers) == 2
        net(zeros(2, 3, 4))
        refused("dim-mismatch", net.layers[0], zeros(2, 5))
        refused("dim-mismatch", net.layers[1], zeros(2, 3, 8))
    assert "call" not in vars(net.layers[0])


def test_off(monkeypatch):
    monkeypatch.setenv("SHAPETYPES", "off")
    layer = shaped(kl.Dense(5), "B 10 -> B 6")
    assert "call" not in vars(layer)
    assert instrument(layer).layers == ()


# -- TensorFlow -------------------------------------------------------------------------------------------------------


if BACKEND == "tensorflow":
    import tensorflow as tf

    def test_in_a_tf_function(refused):
        layer = shaped(kl.Dense(5), "B F -> B H")
        layer.build((None, 12))

        @tf.function
        def run(x):
            return layer(x)

        assert run(tf.zeros((2, 12))).shape == (2, 5)
        error = refused("dim-mismatch", run, tf.zeros((2, 13)))
        assert isinstance(error, ShapeError)

    def test_unknown_sizes_are_no_mismatch(refused):
        layer = shaped(kl.Identity(), "B 4 F -> B 4 F")
        for shape in ((None, None, 3), (None, 4, None), None):
            run = tf.function(lambda x: layer(x), input_signature=[tf.TensorSpec(shape)])
            assert run(tf.zeros((2, 4, 3))).shape == (2, 4, 3)
        run = tf.function(lambda x: layer(x), input_signature=[tf.TensorSpec((None, 5, None))])
        refused("dim-mismatch", run, tf.zeros((2, 5, 3)))

    def test_on_the_torch_backend():
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", __file__],
            env={**os.environ, "KERAS_BACKEND": "torch"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:]
