"""Layers against torch on random calls, many of them wrong on purpose: both accept, with one result, or both refuse."""

from __future__ import annotations

import random

import pytest
import torch

from tests.ops.oracle import check, spec

F = "torch.nn.functional."
NN = "torch.nn."
DTYPES = ("int64", "int32", "bool", "uint8")
"""Dtypes that no layer with parameters takes; their own is not known without the constructor's `dtype`."""
RUNS = 150

CASES = {}


def cases(*kinds):
    """Make a function of a random generator and a kind known as a maker of calls, one for each kind."""

    def keep(make):
        for kind in kinds:
            CASES[f"{make.__name__}-{kind}"] = (make, kind)
        return make

    return keep


@pytest.mark.parametrize("name", CASES)
def test_as_torch_does(name):
    make, kind = CASES[name]
    rng = random.Random(name)
    accepted = sum(
        check(path, args, kwargs, call) for path, args, kwargs, call in (make(rng, kind) for _ in range(RUNS))
    )
    assert RUNS * 0.1 < accepted < RUNS, "a good maker makes right calls and wrong ones"


def shape_of(rng, rank, low=1, high=9):
    return [rng.randint(low, high) for _ in range(rank)]


def tensor(rng, shape, dtype=None):
    """A tensor, now and then of another dtype: an empty one is not refused for that by every kernel."""
    odd = rng.random() < 0.15 and 0 not in shape
    return spec(*shape, dtype=dtype or (rng.choice(DTYPES) if odd else "float32"))


def one_or_each(rng, count, low, high):
    """An int or a tuple of ints."""
    if rng.random() < 0.5:
        return rng.randint(low, high)
    return tuple(rng.randint(low, high) for _ in range(count))


def image(rng, count, channels, low=1, high=9, batch=0):
    """Spatial axes behind channels, with or without a batch, now and then of another rank."""
    spatial = shape_of(rng, count, low, high)
    extra = rng.random()
    if extra < 0.05:
        return [channels, *spatial][1:]
    if extra < 0.1:
        return [2, 2, channels, *spatial]
    return [channels, *spatial] if extra < 0.4 else [rng.randint(batch, 3), channels, *spatial]


def typed(rng, x):
    """A tensor, and the dtype that a layer is built with, now and then another."""
    if rng.random() < 0.7:
        return x, {}
    names = ["float64", "bfloat16"] if x.dtype == "float32" else [x.dtype]
    own = rng.choice([torch.float32, torch.float64, torch.bfloat16])
    return spec(*x.shape, dtype=rng.choice(names)), {"dtype": own}


def off(rng, value, chance=0.1):
    """The value, or now and then another."""
    return max(0, value + rng.choice([-1, 1])) if rng.random() < chance else value


# -- affine ----------------------------------------------------------------------------------------------------------


@cases("Linear", "LazyLinear")
def affine(rng, kind):
    i, o = rng.randint(1, 4), rng.randint(1, 4)
    x = tensor(rng, [*shape_of(rng, rng.randint(0, 3), 0), off(rng, i, 0.3)][rng.random() < 0.1 :])
    x, own = typed(rng, x)
    return NN + kind, (i, o) if kind == "Linear" else (o,), {"bias": rng.random() < 0.5, **own}, ((x,), {})


def test_identity_takes_anything():
    for shape in [(), (0, 3), (2, 3, 4)]:
        assert check(NN + "Identity", (54, "unused"), {}, ((spec(*shape, dtype="int64"),), {}))


@cases("linear")
def linear_function(rng, _):
    i, o = rng.randint(1, 4), rng.randint(1, 4)
    x = tensor(rng, [*shape_of(rng, rng.randint(0, 3)), i], "float32")
    weight = tensor(rng, [o, off(rng, i)] if rng.random() < 0.8 else [i])
    bias = None if rng.random() < 0.5 else spec(*([off(rng, o)] if len(weight.shape) == 2 else []))
    return F + "linear", (x, weight, bias), {}, None


@cases("layer", "function")
def bilinear(rng, kind):
    i, j, o = (rng.randint(1, 4) for _ in range(3))
    rows = shape_of(rng, rng.randint(0, 2))
    x, y = tensor(rng, [*rows, off(rng, i)]), spec(*(off(rng, r) for r in rows), j)
    if kind == "layer":
        return NN + "Bilinear", (i, j, o), {}, ((x, y), {})
    bias = None if rng.random() < 0.5 else spec(off(rng, o))
    return F + "bilinear", (x, y, spec(o, i, j), bias), {}, None


# -- convolutions ----------------------------------------------------------------------------------------------------


@cases(1, 2, 3)
def conv(rng, n):
    groups = rng.choice([1, 1, 1, 2, 3])
    i, o = off(rng, groups * rng.randint(1, 2), 0.05), off(rng, groups * rng.randint(1, 2), 0.05)
    padding = rng.choice([0, 1, 2, "same", "valid", one_or_each(rng, n, 0, 2)])
    if i == 0 or o == 0:
        i = o = groups
    kwargs = {
        "stride": 1 if padding == "same" and rng.random() < 0.8 else one_or_each(rng, n, 1, 3),
        "padding": padding,
        "dilation": one_or_each(rng, n, 1, 2),
        "groups": groups,
        "bias": rng.random() < 0.5,
        "padding_mode": rng.choice(["zeros", "zeros", "reflect", "replicate", "circular"]),
    }
    x, own = typed(rng, tensor(rng, image(rng, n, off(rng, i) or i, 1, 7, batch=1)))
    kwargs |= own
    if rng.random() < 0.3:
        return f"{NN}LazyConv{n}d", (o, one_or_each(rng, n, 1, 4)), kwargs, ((x,), {})
    return f"{NN}Conv{n}d", (i, o, one_or_each(rng, n, 1, 4)), kwargs, ((x,), {})


@cases(1, 2, 3)
def conv_function(rng, n):
    groups = rng.choice([1, 1, 2])
    i, o = rng.randint(1, 3), groups * rng.randint(1, 2)
    weight = spec(off(rng, o, 0.05) or 1, i, *shape_of(rng, n, 1, 4))
    x = tensor(rng, image(rng, n, off(rng, i * groups), 1, 7))
    bias = None if rng.random() < 0.5 else spec(off(rng, o, 0.2))
    padding = rng.choice([0, 1, -1, "same", "valid", one_or_each(rng, n, 0, 2)])
    stride = 1 if padding == "same" else one_or_each(rng, n, 0 if rng.random() < 0.1 else 1, 3)
    kwargs = {"stride": stride, "padding": padding, "dilation": one_or_each(rng, n, 1, 2), "groups": groups}
    return f"{F}conv{n}d", (x, weight, bias), kwargs, None


@cases(1, 2, 3)
def conv_transpose(rng, n):
    groups = rng.choice([1, 1, 2])
    i, o = groups * rng.randint(1, 2), off(rng, groups * rng.randint(1, 2), 0.05) or groups
    kwargs = {
        "stride": one_or_each(rng, n, 1, 3),
        "padding": one_or_each(rng, n, 0, 1),
        "output_padding": one_or_each(rng, n, 0, 1) if rng.random() < 0.4 else 0,
        "dilation": one_or_each(rng, n, 1, 2),
        "groups": groups,
    }
    x = tensor(rng, image(rng, n, off(rng, i) or i, 3, 5, batch=1))
    call = {} if rng.random() < 0.6 else {"output_size": shape_of(rng, n, 3, 8)}
    if call and rng.random() < 0.5:
        kwargs |= {"stride": 3, "padding": 0, "dilation": 1}
        call = {"output_size": [3 * s - 3 + 3 + rng.randint(-1, 3) for s in x.shape[-n:]]}
        return f"{NN}ConvTranspose{n}d", (i, o, 3), kwargs, ((x,), call)
    name = "LazyConvTranspose" if rng.random() < 0.2 else "ConvTranspose"
    args = (o, one_or_each(rng, n, 1, 4))
    return f"{NN}{name}{n}d", args if name[0] == "L" else (i, *args), kwargs, ((x,), call)


@cases(1, 2, 3)
def conv_transpose_function(rng, n):
    groups = rng.choice([1, 1, 2])
    i, o = groups * rng.randint(1, 2), rng.randint(1, 3)
    weight = spec(off(rng, i, 0.05) or 1, o, *shape_of(rng, n, 1, 4))
    x = tensor(rng, image(rng, n, off(rng, i, 0.05) or i, 3, 5, batch=1))
    bias = None if rng.random() < 0.5 else spec(off(rng, o * groups, 0.2))
    kwargs = {"stride": one_or_each(rng, n, 1, 3), "padding": one_or_each(rng, n, -1, 1), "groups": groups}
    kwargs["output_padding"] = rng.choice([0, 0, 1])
    return f"{F}conv_transpose{n}d", (x, weight, bias), kwargs, None


@cases("conv_tbc")
def conv_tbc(rng, _):
    i, o = rng.randint(1, 3), rng.randint(1, 3)
    x = tensor(rng, [rng.randint(1, 6), 2, off(rng, i)], "float32")
    args = (x, spec(rng.randint(1, 4), i, o), spec(off(rng, o)), rng.randint(0, 2))
    return "torch.conv_tbc", args, {}, None


# -- pooling ---------------------------------------------------------------------------------------------------------


@cases(1, 2, 3)
def max_pool(rng, n):
    kwargs = {
        "stride": None if rng.random() < 0.4 else one_or_each(rng, n, 1, 4),
        "padding": one_or_each(rng, n, 0, 2) if rng.random() < 0.5 else 0,
        "dilation": one_or_each(rng, n, 1, 3) if rng.random() < 0.3 else 1,
        "ceil_mode": rng.random() < 0.5,
        "return_indices": rng.random() < 0.3,
    }
    kernel = one_or_each(rng, n, 0 if rng.random() < 0.05 else 1, 4)
    x = tensor(rng, image(rng, n, rng.randint(0, 3) if rng.random() < 0.1 else 2, 1, 12), "float32")
    if rng.random() < 0.5:
        return f"{F}max_pool{n}d", (x, kernel), kwargs, None
    return f"{NN}MaxPool{n}d", (kernel,), kwargs, ((x,), {})


@cases(1, 2, 3)
def avg_pool(rng, n):
    kwargs = {
        "padding": one_or_each(rng, n, 0, 2) if rng.random() < 0.5 else 0,
        "ceil_mode": rng.random() < 0.5,
        "count_include_pad": rng.random() < 0.5,
    }
    if rng.random() < 0.6:
        kwargs["stride"] = one_or_each(rng, n, 1, 4)
    if n > 1 and rng.random() < 0.3:
        kwargs["divisor_override"] = rng.randint(0, 2)
    kernel = one_or_each(rng, n, 1, 4)
    dtype = rng.choice(["int64", "int32", "float64"]) if rng.random() < 0.2 else "float32"
    x = tensor(rng, image(rng, n, rng.randint(1, 2), 1, 12), dtype)
    if rng.random() < 0.5:
        return f"{F}avg_pool{n}d", (x, kernel), kwargs, None
    return f"{NN}AvgPool{n}d", (kernel,), kwargs, ((x,), {})


@cases(1, 2, 3)
def lp_pool(rng, n):
    kwargs = {"ceil_mode": rng.random() < 0.5}
    if rng.random() < 0.6:
        kwargs["stride"] = one_or_each(rng, n, 1, 4)
    kernel = rng.randint(1, 4)
    x = tensor(rng, image(rng, n, 2, 1, 9), rng.choice(["float32", "float64", "float32", "int64"]))
    if rng.random() < 0.5:
        return f"{F}lp_pool{n}d", (x, 2.0, kernel), kwargs, None
    return f"{NN}LPPool{n}d", (2.0, kernel), kwargs, ((x,), {})


@cases("avg-1", "avg-2", "avg-3", "max-1", "max-2", "max-3")
def adaptive_pool(rng, kind):
    which, n = kind.split("-")
    n = int(n)
    size = one_or_each(rng, n, -1 if rng.random() < 0.1 else 0, 5)
    if n > 1 and isinstance(size, tuple):
        size = tuple(None if rng.random() < 0.3 else s for s in size)
    kwargs = {"return_indices": True} if which == "max" and rng.random() < 0.4 else {}
    low = 0 if which == "max" and rng.random() < 0.1 else 1
    x = tensor(
        rng, image(rng, n, rng.randint(which == "avg" and n == 3, 2), low, 9), "float32" if "0" in str(size) else None
    )
    if rng.random() < 0.5:
        return f"{F}adaptive_{which}_pool{n}d", (x, size), kwargs, None
    return f"{NN}Adaptive{which.title()}Pool{n}d", (size,), kwargs, ((x,), {})


@cases(2, 3)
def fractional_pool(rng, n):
    given = rng.random()
    kwargs = {"return_indices": True} if rng.random() < 0.4 else {}
    if given < 0.5:
        kwargs["output_size"] = one_or_each(rng, n, 1, 4)
    elif given < 0.95:
        kwargs["output_ratio"] = rng.choice([0.5, 0.3, (0.5,) * n, (0.7, *(0.4,) * (n - 1))])
    x = tensor(rng, image(rng, n, rng.randint(1, 2), 1, 9))
    kernel = one_or_each(rng, n, 1, 3)
    if rng.random() < 0.5:
        ratio = kwargs.get("output_ratio")
        kwargs |= {"output_ratio": (ratio,) * n} if isinstance(ratio, float) else {}
        return f"{F}fractional_max_pool{n}d", (x, kernel), kwargs, None
    return f"{NN}FractionalMaxPool{n}d", (kernel,), kwargs, ((x,), {})


@cases(1, 2, 3)
def max_unpool(rng, n):
    shape = image(rng, n, rng.randint(1, 2), 1, 4)
    indices = spec(*(off(rng, s, 0.03) for s in shape), dtype="int64" if rng.random() < 0.95 else "int32")
    kernel, stride = rng.randint(1, 3), rng.choice([None, 1, 2, 3])
    call = {}
    if rng.random() < 0.5:
        step = stride or kernel
        call["output_size"] = [max(1, (s - 1) * step + kernel + rng.randint(-1, 2)) for s in shape[-n:]]
    x = tensor(rng, shape)
    if rng.random() < 0.5:
        return f"{F}max_unpool{n}d", (x, indices, kernel, stride), call, None
    return f"{NN}MaxUnpool{n}d", (kernel, stride), {}, ((x, indices), call)


# -- normalization ---------------------------------------------------------------------------------------------------


@cases("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "LazyBatchNorm2d", "SyncBatchNorm")
def batch_norm(rng, kind):
    n = {"1": 1, "2": 2, "3": 3}.get(kind[-2], rng.randint(0, 2))
    c = rng.randint(2, 3)
    x = tensor(rng, [rng.randint(2, 4), max(2, off(rng, c, 0.2)), *shape_of(rng, n, 2, 3)][rng.random() < 0.2 :])
    x, own = typed(rng, x)
    return NN + kind, () if kind[0] == "L" else (c,), {"affine": rng.random() < 0.5, **own}, ((x,), {})


@cases("batch_norm", "instance_norm", "group_norm")
def norm_function(rng, kind):
    c = rng.randint(1, 4)
    x = tensor(rng, [rng.randint(1, 3), c, *shape_of(rng, rng.randint(0, 2), 1, 3)][rng.random() < 0.1 :])
    one = lambda: None if rng.random() < 0.4 else spec(*[off(rng, c, 0.05), 7][: rng.choice([1] * 19 + [2])])  # noqa: E731
    if kind == "group_norm":
        return F + kind, (x, rng.choice([1, 1, 2, 3, c])), {"weight": one(), "bias": one()}, None
    stats = (None, None) if rng.random() < 0.3 else (spec(off(rng, c, 0.1)), spec(c))
    flag = {"training" if kind == "batch_norm" else "use_input_stats": stats[0] is None or rng.random() < 0.5}
    return F + kind, (x, *stats), {"weight": one(), "bias": one(), **flag}, None


@cases("InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d", "LazyInstanceNorm1d")
def instance_norm(rng, kind):
    n, c = int(kind[-2]), rng.randint(1, 3)
    shape = image(rng, n, off(rng, c, 0.2) or 2, 1 + (kind[0] == "L"), 3)
    x = tensor(rng, [s or 1 for s in shape])
    kwargs = {"affine": rng.random() < 0.5}
    return NN + kind, () if kind[0] == "L" else (c,), kwargs, ((x,), {})


@cases("LayerNorm", "RMSNorm", "layer_norm", "rms_norm")
def trailing_norm(rng, kind):
    shape = shape_of(rng, rng.randint(1, 4), 1, 3)
    norm = [off(rng, s) or 1 for s in shape[-rng.randint(1, 2) :]]
    x = tensor(rng, shape)
    if kind[0].isupper():
        x, own = typed(rng, x)
        return NN + kind, (norm[0] if len(norm) == 1 and rng.random() < 0.5 else tuple(norm),), own, ((x,), {})
    weight = None if rng.random() < 0.5 else spec(*(off(rng, s, 0.05) for s in norm))
    return F + kind, (x, norm, weight), {}, None


@cases("GroupNorm")
def group_norm(rng, _):
    groups = rng.randint(1, 3)
    c = off(rng, groups * rng.randint(1, 2), 0.1) or 1
    x = tensor(
        rng, [rng.randint(1, 3), off(rng, c) or 1, *shape_of(rng, rng.randint(0, 2), 1, 3)][rng.random() < 0.1 :]
    )
    return NN + "GroupNorm", (groups, c), {}, ((x,), {})


@cases("LocalResponseNorm", "CrossMapLRN2d", "local_response_norm")
def response_norm(rng, kind):
    x = tensor(rng, shape_of(rng, rng.choice([2, 3, 4, 4, 4, 5]), 1, 4), "float32")
    size = rng.randint(1, 3)
    return (F + kind, (x, size), {}, None) if kind[0] == "l" else (NN + kind, (size,), {}, ((x,), {}))


# -- recurrent -------------------------------------------------------------------------------------------------------


@cases("RNN", "GRU", "LSTM")
def recurrent(rng, kind):
    i, h, layers, batch = rng.randint(1, 4), rng.randint(2, 4), rng.randint(1, 2), rng.randint(1, 3)
    both, first = rng.random() < 0.5, rng.random() < 0.5
    kwargs = {"num_layers": layers, "bidirectional": both, "batch_first": first, "bias": rng.random() < 0.5}
    out = h
    if kind == "LSTM" and rng.random() < 0.4:
        kwargs["proj_size"] = rng.randint(1, h)
        out = kwargs["proj_size"]
    time = rng.randint(1, 4)
    rows = layers * (2 if both else 1)
    batched = rng.random() < 0.7
    lead = ([batch, time] if first else [time, batch]) if batched else [time]
    x = tensor(rng, [*lead, off(rng, i)] if rng.random() < 0.95 else [2, 2, *lead, i])
    args = (x,)
    if rng.random() < 0.6:
        mid = [batch] if batched else []
        state = lambda units: spec(*(off(rng, s, 0.03) for s in (rows, *mid, units)))  # noqa: E731
        args = (x, (state(out), state(h)) if kind == "LSTM" else state(out))
    return NN + kind, (i, h), kwargs, (args, {})


@cases("RNNCell", "GRUCell", "LSTMCell")
def cell(rng, kind):
    i, h = rng.randint(1, 4), rng.randint(1, 4)
    lead = [rng.randint(1, 3)] if rng.random() < 0.7 else []
    x = tensor(rng, [*lead, off(rng, i)] if rng.random() < 0.95 else [1, 1, *lead, i])
    args = (x,)
    if rng.random() < 0.6:
        state = lambda: spec(*(off(rng, s, 0.05) for s in (*lead, h)))  # noqa: E731
        args = (x, (state(), state()) if kind == "LSTMCell" else state())
    return NN + kind, (i, h), {}, (args, {})


# -- padding ---------------------------------------------------------------------------------------------------------


@cases("Constant", "Zero", "Reflection", "Replication", "Circular")
def padding(rng, kind):
    n = rng.randint(1, 3)
    amount = one_or_each(rng, 2 * n, -2 if kind in ("Constant", "Zero") else 0, 3)
    x = tensor(rng, image(rng, n, rng.randint(1, 2), 1, 4))
    return f"{NN}{kind}Pad{n}d", (amount, 0.5) if kind == "Constant" else (amount,), {}, ((x,), {})


@cases("constant", "reflect", "replicate", "circular")
def pad(rng, mode):
    rank = rng.randint(1, 5)
    count = rng.randint(0, rank + 1) if mode == "constant" else rng.randint(1, 3)
    if mode != "constant":
        rank = count + rng.choice([1, 2, 2, 2, 3])
    low = -2 if rng.random() < 0.3 else 0
    amount = [rng.randint(low, 3) for _ in range(2 * count + (rng.random() < 0.05))]
    return F + "pad", (tensor(rng, shape_of(rng, rank, 1, 5)), amount), {"mode": mode}, None


# -- rearranging -----------------------------------------------------------------------------------------------------


@cases("Flatten")
def flatten(rng, _):
    x = tensor(rng, shape_of(rng, rng.randint(0, 4), 0, 3))
    args = () if rng.random() < 0.3 else (rng.randint(-3, 3), rng.randint(-3, 3))
    return NN + "Flatten", args, {}, ((x,), {})


@cases("Unflatten")
def unflatten(rng, _):
    sizes = [rng.randint(1, 3), rng.randint(1, 3)]
    shape = shape_of(rng, rng.randint(1, 3), 1, 3)
    at = rng.randrange(len(shape))
    shape[at] = off(rng, sizes[0] * sizes[1], 0.2)
    if rng.random() < 0.4:
        sizes[rng.randrange(2)] = -1
    return NN + "Unflatten", (at if rng.random() < 0.9 else 5, tuple(sizes)), {}, ((tensor(rng, shape),), {})


@cases("Fold", "Unfold", "fold", "unfold")
def blocks(rng, kind):
    k, dil, p, s = (rng.randint(1, 3), rng.randint(1, 2), rng.randint(0, 1), rng.randint(1, 2))
    kwargs = {"kernel_size": (k, 2), "dilation": dil, "padding": p, "stride": s}
    h, w = rng.randint(3, 7), rng.randint(3, 7)
    if kind.lower() == "unfold":
        x = tensor(rng, image(rng, 2, rng.randint(1, 2), 1, 6))
        return (F + kind, (x,), kwargs, None) if kind[0] == "u" else (NN + kind, (), kwargs, ((x,), {}))
    places = ((h + 2 * p - dil * (k - 1) - 1) // s + 1) * ((w + 2 * p - dil - 1) // s + 1)
    lead = [rng.randint(1, 2)] if rng.random() < 0.7 else []
    x = tensor(rng, [*lead, off(rng, 2 * k * rng.randint(1, 2)), max(0, off(rng, places))])
    kwargs["output_size"] = (h, w)
    return (F + kind, (x,), kwargs, None) if kind[0] == "f" else (NN + kind, (), kwargs, ((x,), {}))


@cases("PixelShuffle", "PixelUnshuffle", "ChannelShuffle")
def shuffle(rng, kind):
    r = rng.randint(1, 3)
    many = r * r if kind == "PixelShuffle" else r
    shape = [off(rng, many * rng.randint(1, 2), 0.1) for _ in range(3)]
    lead = shape_of(rng, rng.randint(0, 2), 1, 3) if rng.random() < 0.9 else []
    x = tensor(rng, [*lead, *shape][rng.random() < 0.1 :])
    return NN + kind, (r,), {}, ((x,), {})


# -- resampling ------------------------------------------------------------------------------------------------------


@cases("Upsample", "interpolate")
def upsample(rng, kind):
    n = rng.randint(1, 3)
    mode = rng.choice(["nearest", "nearest", "nearest-exact", "area", ("linear", "bilinear", "trilinear")[n - 1]])
    mode = rng.choice(["bicubic", "linear", "odd"]) if rng.random() < 0.1 else mode
    kwargs = {"mode": mode}
    if rng.random() < 0.5:
        kwargs["size"] = one_or_each(rng, n, 1, 6)
    if "size" not in kwargs or rng.random() < 0.05:
        scale = lambda: rng.choice([0.5, 2, 1.5, 3.0, 0.3, 0.1])  # noqa: E731
        kwargs["scale_factor"] = scale() if rng.random() < 0.5 else tuple(scale() for _ in range(n))
    if rng.random() < 0.2:
        kwargs["align_corners"] = rng.random() < 0.5
    dtype = "float32" if mode == "area" else None
    x = tensor(rng, [rng.randint(1, 2), rng.randint(1, 2), *shape_of(rng, n, 1, 6)][rng.random() < 0.1 :], dtype)
    return (F + kind, (x,), kwargs, None) if kind[0] == "i" else (NN + kind, (), kwargs, ((x,), {}))


@cases("UpsamplingNearest2d", "UpsamplingBilinear2d")
def upsampling(rng, kind):
    kwargs = {"size": one_or_each(rng, 2, 1, 5)} if rng.random() < 0.5 else {"scale_factor": rng.choice([2, 0.4, 1.5])}
    x = tensor(rng, shape_of(rng, rng.choice([3, 4, 4, 4, 5]), 1, 5))
    return NN + kind, (), kwargs, ((x,), {})


@cases("grid_sample", "affine_grid")
def grid(rng, kind):
    n, batch = rng.randint(2, 3), rng.randint(1, 3)
    if kind == "affine_grid":
        theta = spec(off(rng, batch, 0.05), off(rng, n, 0.05), off(rng, n + 1, 0.05))
        return F + kind, (theta, [batch, *shape_of(rng, n + 1, 1, 3)]), {"align_corners": False}, None
    x = tensor(rng, [batch, rng.randint(1, 2), *shape_of(rng, n, 1, 4)])
    points = spec(off(rng, batch, 0.1), *shape_of(rng, n, 1, 4), off(rng, n, 0.1))
    return F + kind, (x, points), {"mode": rng.choice(["bilinear", "nearest", "bicubic"]), "align_corners": False}, None


@cases("pad_sequence")
def sequences(rng, _):
    width = rng.randint(1, 3)
    items = [tensor(rng, [rng.randint(1, 4), off(rng, width, 0.1)], "float32") for _ in range(rng.randint(0, 3))]
    return f"{NN}utils.rnn.pad_sequence", (items,), {"batch_first": rng.random() < 0.5}, None
