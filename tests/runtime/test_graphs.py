"""Bodies that look at their names, eagerly and as AutoGraph converts them for `tf.function`."""

import pytest
import tensorflow as tf

from shapetypes import AnnotationError, Float, ShapeError, assert_shape, dims, shapecheck


@shapecheck
def steps(x: Float[tf.Tensor, "b t"], cut: int = 0) -> Float[tf.Tensor, "b t"]:
    y: Float[tf.Tensor, "b t"] = x * 2
    for _ in range(2):
        y = y + 1
    if tf.reduce_sum(y) > 0:
        y = y + 1
    b, t = dims("b t")
    assert (b, t) == (x.shape[0], x.shape[1])
    assert_shape(y[:, cut:], "b t")
    return y


@shapecheck
def cuts(x: Float[tf.Tensor, "b t"]) -> Float[tf.Tensor, "b t"]:
    y: Float[tf.Tensor, "b u"] = x[:, 1:]
    return y


def test_the_same_result_eagerly_and_in_a_graph():
    for run in (steps, tf.function(steps), tf.function(lambda x: steps(x))):
        assert [[3.0] * 3] * 2 == run(tf.zeros((2, 3))).numpy().tolist()


def test_faults_eagerly_and_in_a_graph():
    for run in (steps, tf.function(steps)):
        with pytest.raises(ShapeError, match=r"axis 1 \(`t`\) is 2, expected 3"):
            run(tf.zeros((2, 3)), 1)
    for run in (cuts, tf.function(cuts)):
        with pytest.raises(ShapeError, match=r"return value: axis 1 \(`t`\) is 2, expected 3"):
            run(tf.zeros((2, 3)))


def test_a_helper_has_no_names_of_its_caller_in_a_graph_either():
    def helper():
        return dims("b")

    @shapecheck
    def f(x: Float[tf.Tensor, "b"]):
        y: Float[tf.Tensor, "b"] = x
        helper()
        return y

    for run in (f, tf.function(f)):
        with pytest.raises(AnnotationError, match="`b` has no size here"):
            run(tf.zeros(2))
