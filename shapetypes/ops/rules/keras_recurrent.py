"""Keras: recurrent layers, their cells, and the wrappers over time."""

from __future__ import annotations

from typing import Any

from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.keras_conv import windowed
from shapetypes.ops.rules.keras_parts import arranged, built_axis, inner_layer, one_tensor, run_layer
from shapetypes.ops.rules.layer_parts import option

_STATES = {"LSTM": 2, "LSTMCell": 2}


def _units(call: Call, self: Layer) -> Any:
    return call.size(option(self, "units"))


def _in_time(call: Call, self: Layer, x: TensorSpec, sizes: tuple[Any, ...]) -> TensorSpec:
    """The outputs of all steps, or of the last."""
    batch, time = call.at(x, 0), call.at(x, 1)
    return TensorSpec((batch, time, *sizes) if call.flag(option(self, "return_sequences")) else (batch, *sizes))


def _check_states(call: Call, x: TensorSpec, states: Any, sizes: tuple[Any, ...], name: str) -> None:
    """Given states are `"batch *sizes"`, the batch that of the input, or 1."""
    for state in states if isinstance(states, (list, tuple)) else (states,):
        if isinstance(state, TensorSpec) and state.shape is not None:
            call.rank(state, len(sizes) + 1)
            call.fit(x, 0, state, 0)
            for i, size in enumerate(sizes, 1):
                call.expect(state, i, size, name)


@rule
def keras_recurrent(call: Call, self: Layer, sequences: TensorSpec, initial_state: Any) -> Any:
    """`"b t i" -> "b units"`; `"b t units"` with `return_sequences`, states with `return_state`.

    Source: `keras.layers.LSTM`, `keras.layers.GRU`, `keras.layers.SimpleRNN`.
    """
    call.rank(sequences, 3)
    built_axis(call, self, sequences, -1)
    units = _units(call, self)
    out = _in_time(call, self, sequences, (units,))
    _check_states(call, sequences, initial_state, (units,), "units")
    count = _STATES.get(self.stub.name, 1)
    states = [TensorSpec((call.at(sequences, 0), units))] * count if call.flag(option(self, "return_state")) else []
    return (out, *states) if states else out


# -- cells ------------------------------------------------------------------------------------------------------------


def _cells(cell: Any) -> list[Layer]:
    """The cells of a recurrent layer, one above the other."""
    inner = option(cell, "cells") if isinstance(cell, Layer) and cell.stub.name == "StackedRNNCells" else cell
    cells = list(inner) if isinstance(inner, (list, tuple)) else [inner]
    if not cells or not all(isinstance(c, Layer) and "units" in c.args for c in cells):
        raise Unclear("the cell is not known")
    return cells


@rule
def keras_cell(call: Call, self: Layer, states: Any, **inputs: Any) -> Any:
    """`"b i", states "b units" -> "b units", states`. Source: `keras.layers.LSTMCell`, `GRUCell`, `SimpleRNNCell`."""
    x = call.tensor(next(v for k, v in inputs.items() if k in ("inputs", "sequence")))
    built_axis(call, self, x, -1)
    units = _units(call, self)
    given = states if isinstance(states, (list, tuple)) else [states]
    if x.rank != 2 or not all(isinstance(s, TensorSpec) and s.rank == 2 for s in given):
        raise Unclear("other axes than those of a batch broadcast")
    _check_states(call, x, states, (units,), "units")
    batch = call.broadcast(*(TensorSpec(t.parts[:1], None, t.label) for t in (x, *given)))
    out = TensorSpec((*batch, units))
    many = isinstance(states, (list, tuple)) or self.stub.name == "LSTMCell"
    return out, [out] * _STATES.get(self.stub.name, 1) if many else out


@rule
def keras_stacked(call: Call, self: Layer, inputs: TensorSpec, states: Any) -> Any:
    """One cell after the other, each with its own states. Source: `keras.layers.StackedRNNCells`."""
    cells = _cells(self)
    built_axis(call, self, inputs, -1)
    if not isinstance(states, (list, tuple)) or len(states) != len(cells):
        raise Unclear("the states are not known")
    new = []
    for cell, own in zip(cells, states, strict=True):
        single = not isinstance(own, (list, tuple))
        out = run_layer(call, cell, inputs, [own] if single else own)
        if not isinstance(out, tuple):
            raise Unclear("what a cell returns is not known")
        inputs = out[0]
        new.append(out[1][0] if single and isinstance(out[1], list) else out[1])
    return inputs, new


@rule
def keras_rnn(call: Call, self: Layer, sequences: TensorSpec) -> Any:
    """`"b t i" -> "b units"` of the last cell, with the states of all. Source: `keras.layers.RNN`."""
    cell = option(self, "cell")
    cells = _cells(cell)
    call.rank(sequences, 3)
    built_axis(call, self, sequences, -1)
    out = _in_time(call, self, sequences, (_units(call, cells[-1]),))
    if not call.flag(option(self, "return_state")):
        return out
    batch, stacked = call.at(sequences, 0), isinstance(cell, (list, tuple)) or cell is not cells[0]
    states: list[Any] = []
    for one in cells:
        own = [TensorSpec((batch, _units(call, one)))] * _STATES.get(one.stub.name, 1)
        states += [own] if stacked else own
    return (out, *states)


@rule
def keras_conv_recurrent(call: Call, self: Layer, sequences: TensorSpec, initial_state: Any) -> Any:
    """`"b t *spatial c" -> "b *windows filters"`, with time or states. Source: `keras.layers.ConvLSTM2D`."""
    spatial, _ = windowed(call, self, sequences, lead=2)
    step = arranged(self, (), spatial, call.size(option(self, "filters"))).parts
    _check_states(call, sequences, initial_state, step, "filters")
    out = _in_time(call, self, sequences, step)
    state = TensorSpec((call.at(sequences, 0), *step))
    return (out, state, state) if call.flag(option(self, "return_state")) else out


# -- wrappers ---------------------------------------------------------------------------------------------------------


@rule
def keras_bidirectional(call: Call, self: Layer, sequences: TensorSpec) -> Any:
    """Both directions of a recurrent layer, their last axes concatenated. Source: `keras.layers.Bidirectional`."""
    inner, mode = inner_layer(self), option(self, "merge_mode")
    if isinstance(mode, Unknown):
        raise Unclear("`merge_mode` is not known")
    built_axis(call, self, sequences, -1)
    forward = run_layer(call, inner, sequences)
    back = option(self, "backward_layer", None)
    backward = run_layer(call, back, sequences) if isinstance(back, Layer) else forward
    if isinstance(back, Unknown):
        raise Unclear("the layer for the other direction is not known")
    (one, *states), (two, *others) = (tuple(v) if isinstance(v, tuple) else (v,) for v in (forward, backward))
    one, two = one_tensor(one), one_tensor(two)
    if mode is None:
        return (one, two, *states, *others)
    if mode == "concat":
        out = TensorSpec((*one.parts[:-1], call.at(one, -1) + call.at(two, -1)))
    else:
        out = TensorSpec(call.broadcast(one, two))
    return (out, *states, *others) if states else out


@rule
def keras_time_distributed(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """A layer at each step: `"b t *s" -> "b t *out"`. Source: `keras.layers.TimeDistributed`."""
    call.least(inputs, 3)
    rank = call.rank(inputs)
    inner = inner_layer(self)
    built_axis(call, self, inputs, -1)
    step = TensorSpec((inputs.parts[0], *inputs.parts[2:]), None, inputs.label)
    out = one_tensor(run_layer(call, inner, step))
    if out.rank is None or rank < 3:
        raise Unclear("what the layer inside returns is not known")
    return TensorSpec((*out.parts[:1], inputs.parts[1], *out.parts[1:]))
