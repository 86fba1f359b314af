"""torch's own distributions are made and used beside ours: the same shapes, the same refusals."""

import inspect
import random
from collections import Counter

import pytest
import torch
import torch.distributions

from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer, call_function, construct
from shapetypes.ops.stubs import default_stubs

STUBS = default_stubs()
PATH = "torch.distributions"
TABLE = STUBS.module(PATH)
POSITIVE = {"scale", "rate", "concentration", "concentration0", "concentration1", "df", "df1", "df2", "alpha", "high"}
VECTOR = {"Categorical", "OneHotCategorical", "OneHotCategoricalStraightThrough", "Dirichlet", "Multinomial"}
UNIVARIATE = {
    n for n, c in TABLE.classes.items() if "__init__" in c.methods and "univariate_init" in str(c.methods["__init__"])
}


def shape(rng, least=0):
    return tuple(rng.choice((1, 1, 2, 3)) for _ in range(rng.randint(least, 3)))


def parameters(name, rng):
    """Arguments for a constructor, as torch takes them."""
    names = [
        n
        for n in inspect.signature(getattr(torch.distributions, name)).parameters
        if n not in ("validate_args", "lims")
    ]
    if "logits" in names:
        names.remove("probs" if rng.random() < 0.5 else "logits")
    out = {}
    for n in names:
        if n == "total_count":
            out[n] = 2 if name == "Multinomial" else rng.choice((2, torch.full(shape(rng), 2.0)))
            continue
        size = shape(rng, 1 if name in VECTOR else 0)
        value = torch.rand(size) * 0.5 + 0.3
        value = value + 1 if n == "high" else value * 0.1 if n == "low" else value
        bare = name not in VECTOR and name not in ("VonMises", "Binomial", "NegativeBinomial") and rng.random() < 0.2
        out[n] = 1.5 if bare and n in POSITIVE else 0.5 if bare else value
    return out


def ours(value):
    if isinstance(value, torch.Tensor):
        return TensorSpec(tuple(value.shape), str(value.dtype).removeprefix("torch."))
    return value


def made(name, args):
    return construct(Judge(), STUBS, STUBS.find(f"{PATH}.{name}"), (), {k: ours(v) for k, v in args.items()})


def used(layer, method, *args):
    """What a method gives, as a shape; `ShapeError` when it refuses."""
    found = STUBS.method(layer.stub, method)
    try:
        return call_function(Judge(), STUBS, found, tuple(map(ours, args)), {}, owner=layer).value
    except ShapeError:
        return ShapeError


def agree(mine, theirs):
    """Whether what we say is what torch gives, or nothing."""
    if isinstance(mine, Unknown):
        return False
    assert mine.shape == tuple(theirs.shape), (mine, theirs.shape)
    assert mine.dtype in (None, str(theirs.dtype).removeprefix("torch.")), (mine, theirs.dtype)
    return True


def compare(name, layer, real, rng, seen):
    size = shape(rng)
    drawn = real.sample(size)
    seen["exact"] += agree(used(layer, "sample", size), drawn)
    for attribute in ("mean", "variance", "batch_shape", "event_shape"):
        if attribute in layer.args:
            theirs = getattr(real, attribute)
            got = layer.args[attribute]
            assert tuple(theirs) == got if isinstance(got, tuple) else got.shape == tuple(theirs.shape), attribute
    value = drawn if rng.random() < 0.6 else torch.ones(shape(rng), dtype=drawn.dtype) * drawn.is_floating_point()
    expected = outcome(real, value)
    got = used(layer, "log_prob", value)
    if expected is ValueError:
        seen["refused" if got is ShapeError else "let through"] += 1
    else:
        assert got is not ShapeError, (name, real, tuple(value.shape))
        seen["exact"] += agree(got, expected)
    try:
        entropy = real.entropy()
    except NotImplementedError:
        return
    seen["exact"] += agree(used(layer, "entropy"), entropy)


def outcome(real, value):
    """The density, or the refusal of a value by its shape; whether it is in the support does not matter here."""
    real._validate_args = False
    try:
        size = torch.Size((*real.batch_shape, *real.event_shape))
        torch.broadcast_shapes(size, value.shape)
        event = len(real.event_shape)
        if event and tuple(value.shape[-event:]) != tuple(real.event_shape):
            return ValueError
        return real.log_prob(value)
    except (RuntimeError, ValueError, IndexError):
        return ValueError


@pytest.mark.parametrize("name", sorted({*UNIVARIATE, *VECTOR}))
def test_shapes_are_those_of_torch(name):
    rng, seen = random.Random(name), Counter()
    torch.manual_seed(0)
    for _ in range(50):
        args = parameters(name, rng)
        try:
            real = getattr(torch.distributions, name)(**args, validate_args=False)
        except (RuntimeError, ValueError):
            with pytest.raises(ShapeError):
                made(name, args)
            seen["not made"] += 1
            continue
        layer = made(name, args)
        assert isinstance(layer, Layer)
        compare(name, layer, real, rng, seen)
    assert seen["exact"] > 25
    assert seen["refused"] >= 9 * seen["let through"]


def covariance(size):
    return torch.eye(size[-1]).expand(*size[:-1], size[-1], size[-1])


def test_multivariate_independent_and_mixture():
    rng, seen = random.Random(1), Counter()
    torch.manual_seed(0)
    for _ in range(80):
        batch, n = shape(rng), rng.choice((2, 3))
        loc = torch.zeros((*batch, n))
        real = torch.distributions.MultivariateNormal(loc, covariance((n,)))
        layer = made("MultivariateNormal", {"loc": loc, "covariance_matrix": covariance((n,))})
        compare("MultivariateNormal", layer, real, rng, seen)
        if not batch:
            continue
        count = rng.randint(0, len(batch))
        base = torch.distributions.Normal(torch.zeros(batch), 1.0)
        inner = made("Normal", {"loc": torch.zeros(batch), "scale": 1.0})
        real = torch.distributions.Independent(base, count)
        layer = made("Independent", {"base_distribution": inner, "reinterpreted_batch_ndims": count})
        compare("Independent", layer, real, rng, seen)
        weights = {"logits": torch.zeros(batch)}
        real = torch.distributions.MixtureSameFamily(torch.distributions.Categorical(**weights), base)
        parts = {"mixture_distribution": made("Categorical", weights), "component_distribution": inner}
        compare("MixtureSameFamily", made("MixtureSameFamily", parts), real, rng, seen)
    assert seen["exact"] > 240
    assert seen["refused"] >= 9 * seen["let through"]


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("MultivariateNormal", {"loc": torch.zeros(3), "scale_tril": torch.zeros(3, 4)}),
        ("Categorical", {"logits": torch.zeros(())}),
        ("Normal", {"loc": torch.zeros(3), "scale": torch.ones(4)}),
    ],
)
def test_what_cannot_be_made_is_refused(name, args):
    with pytest.raises((ValueError, RuntimeError)):
        getattr(torch.distributions, name)(**args, validate_args=True)  # compiling anything turns this off
    with pytest.raises(ShapeError):
        made(name, args)


def test_divergence():
    rng = random.Random(2)
    both = Counter()
    for _ in range(100):
        a, b = torch.zeros(shape(rng)), torch.zeros(shape(rng))
        mine = [made("Normal", {"loc": x, "scale": 1.0}) for x in (a, b)]
        theirs = [torch.distributions.Normal(x, 1.0) for x in (a, b)]
        function = STUBS.find(f"{PATH}.kl_divergence")
        try:
            expected = torch.distributions.kl_divergence(*theirs)
        except RuntimeError:
            both["refused"] += 1
            with pytest.raises(ShapeError):
                call_function(Judge(), STUBS, function, tuple(mine), {})
            continue
        both["exact"] += agree(call_function(Judge(), STUBS, function, tuple(mine), {}).value, expected)
    assert both["exact"] + both["refused"] == 100
    assert min(both.values()) > 5


def test_a_covariance_of_another_size_is_refused_before_it_is_used():
    args = {"loc": torch.zeros(2, 3), "covariance_matrix": torch.eye(4)}
    with pytest.raises(RuntimeError):
        torch.distributions.MultivariateNormal(**args).sample()
    with pytest.raises(ShapeError):
        made("MultivariateNormal", args)
