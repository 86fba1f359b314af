"""Recurrent layers and cells."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import Packed, TensorSpec, Unknown, Var
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, rule
from shapetypes.ops.rules.layer_parts import at_least, layer_dtype, number, option


class _Sizes:
    """The sizes of a recurrent layer.

    Attributes:
        rows: Layers times directions: the first axis of a state.
        hidden: Units of a layer.
        out: What each direction puts out: the projection, or `hidden` without one.
        width: The last axis of the output.
    """

    def __init__(self, call: Call, layer: Layer) -> None:
        both = option(layer, "bidirectional", False)
        directions: Dim = d.unknown("bidirectional") if isinstance(both, Unknown) else 2 if both else 1
        projected = option(layer, "proj_size", 0)
        known_projection = number(call, call.size(projected))
        self.hidden = call.size(option(layer, "hidden_size"))
        self.out = self.hidden if known_projection == 0 else call.size(projected)
        if known_projection is None and isinstance(projected, Unknown):
            self.out = d.unknown("proj_size")
        self.rows = call.size(option(layer, "num_layers", 1)) * directions
        self.width = self.out * directions


def _recurrent(call: Call, self: Layer, input: Any, hx: Any, cells: bool) -> Any:
    sizes = _Sizes(call, self)
    if isinstance(input, Packed):
        return _packed(call, self, sizes, input, cells)
    if not isinstance(input, TensorSpec):
        return Unknown("a packed sequence"), _states(call, sizes, (d.unknown("batch"),), None, cells)
    states = _given(call, hx, cells)
    dtype = layer_dtype(call, self, input, *states)
    _input_rank(call, input)
    _input_width(call, input, call.size(option(self, "input_size")))
    if input.rank is None:
        return TensorSpec((*input.parts[:-1], sizes.width) if _plain_last(input) else None, dtype), _unranked(
            cells, dtype
        )
    batch = _batch(call, self, input)
    for i, state in enumerate(states):
        _check_state(call, state, sizes, sizes.hidden if i == 1 else sizes.out, input, batch)
    shape = tuple(call.at(input, i) for i in range(call.rank(input) - 1))
    return TensorSpec((*shape, sizes.width), dtype), _states(call, sizes, batch[0], dtype, cells)


def _input_width(call: Call, x: TensorSpec, width: Dim) -> None:
    """The last axis is `input_size`; two axes alone are one sequence, which a fault says: the batch was forgotten."""
    try:
        call.expect(x, -1, width, "input_size")
    except ShapeError as error:
        if x.rank != 2 or error.fault is None or error.fault.detail:
            raise
        raise ShapeError(fault=error.fault.but(detail="two axes are read as one sequence, without a batch")) from None


def _packed(call: Call, self: Layer, sizes: _Sizes, input: Packed, cells: bool) -> Any:
    """Sequences of different lengths: as with one batch, whatever `batch_first` says."""
    steps = TensorSpec((d.unknown("steps"), *input.rest), input.dtype, label="input")
    call.expect(steps, -1, call.size(option(self, "input_size")), "input_size")
    dtype = layer_dtype(call, self, steps)
    return Packed(input.batch, (sizes.width,), dtype), _states(call, sizes, (input.batch,), dtype, cells)


def _plain_last(x: TensorSpec) -> bool:
    return bool(x.parts) and not isinstance(x.parts[-1], Var)


def _input_rank(call: Call, x: TensorSpec) -> None:
    if x.shape is not None and (x.rank is not None or len(x.shape) > 3):
        call.rank(x, 2, 3)


def _unranked(cells: bool, dtype: Any) -> Any:
    state = TensorSpec(None, dtype)
    return (state, state) if cells else state


def _batch(call: Call, self: Layer, x: TensorSpec) -> tuple[tuple[Dim, ...], int | None]:
    """The batch axis, if there is one, and where it stands in the input."""
    if call.rank(x) == 2:
        return (), None
    first = option(self, "batch_first", False)
    if isinstance(first, Unknown):
        return (d.unknown("batch_first"),), None
    axis = 0 if first else 1
    return (call.at(x, axis),), axis


def _given(call: Call, hx: Any, cells: bool) -> list[TensorSpec]:
    """The states that the caller passes: `(h, c)` or `h`."""
    if hx is None or isinstance(hx, Unknown):
        return []
    if not cells:
        return [hx] if isinstance(hx, TensorSpec) else []
    if isinstance(hx, TensorSpec):
        call.fail("rank-mismatch", "type", argument="hx", got="Tensor", want="tuple[Tensor, Tensor]")
    if not isinstance(hx, (list, tuple)):
        return []
    if len(hx) != 2 and not any(isinstance(v, Var) for v in hx):
        call.fail("rank-mismatch", "count", name="states in `hx`", got=len(hx), want=2)
    return [v for v in hx if isinstance(v, TensorSpec)] if all(isinstance(v, TensorSpec) for v in hx) else []


def _check_state(
    call: Call, state: TensorSpec, sizes: _Sizes, units: Dim, x: TensorSpec, batch: tuple[tuple[Dim, ...], int | None]
) -> None:
    """A state is `"rows batch units"`, without the batch where the input has none."""
    ranks = len(batch[0]) + 2
    if state.rank is not None or state.shape is not None:
        call.rank(state, ranks)
    call.expect(state, 0, sizes.rows, "num_layers" if sizes.rows == 1 else "num_layers*directions")
    if batch[1] is not None:
        call.match(x, batch[1], state, 1)
    call.expect(state, -1, units, "hidden_size" if units == sizes.hidden else "proj_size")


def _states(call: Call, sizes: _Sizes, batch: tuple[Dim, ...], dtype: Any, cells: bool) -> Any:
    h = TensorSpec((sizes.rows, *batch, sizes.out), dtype)
    return (h, TensorSpec((sizes.rows, *batch, sizes.hidden), dtype)) if cells else h


@rule
def lstm(call: Call, self: Layer, input: Any, hx: Any) -> Any:
    """`"t b input_size", ("l b p", "l b hidden_size")? -> "t b d*p", ("l b p", "l b hidden_size")`.

    With `l` layers times directions, `d` directions, `p` the `proj_size` or else `hidden_size`; `batch_first` puts `b`
    first in input and output, and it may be absent everywhere. Source: `torch.nn.LSTM`.
    """
    return _recurrent(call, self, input, hx, cells=True)


@rule
def recurrent(call: Call, self: Layer, input: Any, hx: Any) -> Any:
    """`"t b input_size", "l b hidden_size"? -> "t b d*hidden_size", "l b hidden_size"`.

    With `l` layers times directions and `d` directions; `batch_first` puts `b` first in input and output, and it may
    be absent everywhere. Source: `torch.nn.RNN`, `torch.nn.GRU`.
    """
    return _recurrent(call, self, input, hx, cells=False)


@rule
def recurrent_init(
    call: Call, input_size: Any, hidden_size: Any, num_layers: Any, proj_size: Any = 0, dropout: Any = 0.0
) -> None:
    """Sizes are at least 1, `proj_size` below `hidden_size`, `dropout` within 0 and 1. Source: `torch.nn.RNNBase`."""
    for value, name in ((input_size, "input_size"), (hidden_size, "hidden_size"), (num_layers, "num_layers")):
        at_least(call, value, 1, name)
    at_least(call, proj_size, 0, "proj_size")
    if isinstance(proj_size, int) and isinstance(hidden_size, int) and proj_size >= hidden_size:
        call.fail(
            "dim-mismatch",
            "most",
            argument="proj_size",
            got=proj_size,
            want=hidden_size - 1,
            detail="below hidden_size",
        )
    if isinstance(dropout, (int, float)) and not 0 <= dropout <= 1:
        call.fail("dim-mismatch", "value", argument="dropout", got=dropout, want="between 0 and 1")


# -- cells -----------------------------------------------------------------------------------------------------------


def _cell(call: Call, self: Layer, input: Any, states: list[TensorSpec]) -> TensorSpec:
    x = call.tensor(input)
    dtype = layer_dtype(call, self, x, *states)
    if x.rank is not None or x.shape is not None:
        call.rank(x, 1, 2)
    call.expect(x, -1, call.size(option(self, "input_size")), "input_size")
    hidden = call.size(option(self, "hidden_size"))
    for state in states:
        if x.rank is not None:
            call.rank(state, x.rank)
        call.expect(state, -1, hidden, "hidden_size")
        if x.rank == 2:
            call.match(x, 0, state, 0)
    return TensorSpec((*x.parts[:-1], hidden) if _plain_last(x) else None, dtype)


@rule
def recurrent_cell(call: Call, self: Layer, input: Any, hx: Any) -> TensorSpec:
    """`"b? input_size", "b? hidden_size"? -> "b? hidden_size"`. Source: `torch.nn.RNNCell`, `torch.nn.GRUCell`."""
    return _cell(call, self, input, _given(call, hx, cells=False))


@rule
def lstm_cell(call: Call, self: Layer, input: Any, hx: Any) -> tuple[TensorSpec, TensorSpec]:
    """`"b? input_size", ("b? hidden_size", "b? hidden_size")? -> ` such a pair. Source: `torch.nn.LSTMCell`."""
    out = _cell(call, self, input, _given(call, hx, cells=True))
    return out, out
