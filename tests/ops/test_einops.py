"""einops patterns against einops itself, on NumPy arrays and torch tensors."""

from __future__ import annotations

import random
import string

import einops
import numpy as np
import pytest
import torch
from einops.layers.torch import EinMix, Rearrange, Reduce

from shapetypes.core import dim as d
from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops import infer
from shapetypes.ops.apply import call_function
from shapetypes.ops.stubs import default_stubs
from tests.ops.oracle import REFUSALS, spec

REFUSED = (*REFUSALS, einops.EinopsError, ZeroDivisionError)


def agree(name, theirs, args, kwargs=None, call=None):
    """Compare the shape of one call, or that both refuse it."""
    try:
        want = theirs()
        want = [tuple(w.shape) for w in want] if isinstance(want, list) else tuple(want.shape)
    except REFUSED as error:
        want = error
    try:
        got = infer(name, args, kwargs or {}, call)
        got = [tuple(g.shape) for g in got] if isinstance(got, list) else tuple(got.shape)
    except ShapeError as error:
        got = error
    where = (name, args, kwargs, call, got, want)
    if isinstance(got, ShapeError) or isinstance(want, Exception):
        assert str(got)
        assert isinstance(got, ShapeError) and isinstance(want, Exception), where
        return False
    assert got == want, where
    return True


def op(name, shape, pattern, *more, **lengths):
    args = (pattern, *more)
    theirs = lambda: getattr(einops, name)(np.ones(shape), *args, **lengths)  # noqa: E731
    return agree("einops." + name, theirs, (spec(*shape), *args), lengths)


PATTERNS = [
    "b n d -> b d n",
    "b n (h e) -> b h n e",
    "b h n e -> b n (h e)",
    "b c (h p) (w q) -> b (h w) (p q c)",
    "... d -> d ...",
    "b ... -> (...) b",
    "b ... d -> b (... d)",
    "b c () -> b c",
    "b c 1 -> c b 1 1",
    "b c -> b c ()",
    "(b c) -> b c",
    "b (c) -> c b",
    "b c h w -> (b c h w)",
    " a  b->b a ",
    "a b -> a",
    "a -> a b",
    "a b -> b c",
    "a a -> a",
    "a b -> b a b",
    "(a (b c)) -> a b c",
    "(a b -> a b",
    "a b) -> a b",
    "a b",
    "a -> b -> c",
    "a b -> b a ...",
    "... ... -> ...",
    "(...) b -> b",
    "a . b -> b a",
    "a .. b -> b a",
    "a_ b -> b a_",
    "_ b -> b",
    "a-b -> a b",
    "2 b -> b 2",
    "a 2 -> 2 a",
    "a1 b2 -> b2 a1",
    "1a b -> b 1a",
    "",
    "->",
    "a+b -> a",
    "a b c d e -> e d c b a",
    "(a 1 b) c -> a (c 1) b",
]
SHAPES = [
    (),
    (6,),
    (2, 6),
    (2, 1),
    (6, 2),
    (2, 3, 4),
    (2, 3, 1),
    (2, 3, 4, 6),
    (12, 3),
    (4, 1, 6),
    (0, 3, 4),
    (1, 2, 3, 4, 5),
]
LENGTHS = [
    {},
    {"h": 2},
    {"h": 2, "e": 2},
    {"h": 4, "e": 2},
    {"p": 2, "q": 3},
    {"a": 2},
    {"b": 3},
    {"a": 2, "b": 3},
    {"z": 2},
    {"c": 1},
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_rearrange(pattern):
    for shape in SHAPES:
        for lengths in LENGTHS:
            op("rearrange", shape, pattern, **lengths)


def test_patterns_are_accepted_too():
    """So that the table above is no list of refusals."""
    accepted = sum(op("rearrange", s, p, **n) for p in PATTERNS for s in SHAPES for n in LENGTHS)
    assert accepted > 60


@pytest.mark.parametrize(
    "pattern",
    [
        "b c -> b c k", "b c -> b (c k)", "b c -> (k b) c", "b c -> b c 3", "b c -> (b 2) (c 3)", "b -> b b",
        "b c -> c", "... -> ... k", "b ... -> b k ...", "b -> b () k", "(b c) -> b k c", "b 3 -> b", "h w -> h (w 1 k)",
        "b c -> b c 0",
    ],
)  # fmt: skip
def test_repeat(pattern):
    for shape in SHAPES:
        for lengths in [{}, {"k": 2}, {"k": 3, "b": 2}, {"k": 2, "z": 1}, {"b": 2}, {"k": 1, "w": 6}]:
            op("repeat", shape, pattern, **lengths)


@pytest.mark.parametrize("reduction", ["mean", "sum", "max", "prod"])
@pytest.mark.parametrize(
    "pattern",
    [
        "b c h w -> b c", "b c (h 2) (w 3) -> b c h w", "b c (h p) (w q) -> b c h w", "b ... -> b", "... c -> c",
        "b c -> () c", "b c -> b c", "b c -> ", "b c -> b d", "b (c 2) -> b", "b 3 4 -> b", "b c h w -> b 1 1 w",
        "... -> ", "b (h ...) -> b h",
    ],
)  # fmt: skip
def test_reduce(pattern, reduction):
    for shape in SHAPES:
        if 0 in shape and reduction in ("max", "mean"):
            continue  # a value: NumPy has no largest of none
        for lengths in [{}, {"p": 2, "q": 3}, {"h": 2}, {"b": 2}]:
            op("reduce", shape, pattern, reduction, **lengths)


def random_pattern(rng):
    """A well-formed pattern, a shape that may fit it, and the sizes to give."""
    names = list(string.ascii_lowercase[: rng.randint(1, 6)])
    sizes = {n: rng.randint(1, 4) for n in names}
    left, shape, given = [], [], {}
    rest = names[:]
    while rest:
        k = min(len(rest), rng.choice([1, 1, 2, 3]))
        group, rest = rest[:k], rest[k:]
        left.append(group[0] if k == 1 and rng.random() < 0.8 else "(" + " ".join(group) + ")")
        shape.append(int(np.prod([sizes[n] for n in group])))
        given.update({n: sizes[n] for n in rng.sample(group, k - rng.choice([0, 1, 1, 1, 2 if k > 1 else 1]))})
    if rng.random() < 0.3:
        at = rng.randint(0, len(left))
        more = [rng.randint(1, 3) for _ in range(rng.randint(0, 2))]
        left.insert(at, "...")
        shape[at:at] = more
    flat = [*names, *(["..."] if "..." in left else [])]
    rng.shuffle(flat)
    right = []
    while flat:
        k = min(len(flat), rng.choice([1, 1, 2]))
        group, flat = flat[:k], flat[k:]
        right.append(group[0] if k == 1 else "(" + " ".join(group) + ")")
    if rng.random() < 0.2:
        right.insert(rng.randint(0, len(right)), rng.choice(["1", "()"]))
    if rng.random() < 0.25 and shape:
        shape[rng.randrange(len(shape))] += 1
    return " ".join(left) + " -> " + " ".join(right), tuple(shape), given


def test_random_patterns():
    rng = random.Random(0)
    accepted = 0
    for _ in range(1500):
        pattern, shape, given = random_pattern(rng)
        accepted += op("rearrange", shape, pattern, **given)
        left, right = pattern.split(" -> ")
        op(
            "reduce",
            shape,
            left + " -> " + " ".join(right.split()[:1]) if "(" not in right else pattern,
            "sum",
            **given,
        )
    assert 500 < accepted < 1450


def test_symbols_agree_with_numbers():
    """A pattern on names, with sizes put in afterwards, gives what it gives on the sizes."""
    rng = random.Random(2)
    compared = 0
    for _ in range(400):
        pattern, shape, given = random_pattern(rng)
        atoms = [d.name(f"s{i}") for i in range(len(shape))]
        values = {a: n for p, n in zip(atoms, shape, strict=True) for a in p.atoms}
        try:
            symbolic = infer("einops.rearrange", (TensorSpec(atoms), pattern), given)
            concrete = infer("einops.rearrange", (spec(*shape), pattern), given)
        except ShapeError:
            continue
        assert tuple(d.evaluate(s, values) for s in symbolic.shape) == concrete.shape, (pattern, shape, given)
        compared += 1
    assert compared > 150


@pytest.mark.parametrize(
    "pattern",
    [
        "b i d, b j d -> b i j", "b i, i ->", "i i ->", "b i i -> b", "... i, i j -> ... j", "i j, j k, k l -> i l",
        "i, j -> i j",
        "i j, j k -> i l", "(a b), a -> b", "i 1, i -> i", "i j", "i, j", "... i, ... i -> ...", "i, i -> i i",
        "_ b, b -> b",
    ],
)  # fmt: skip
def test_einsum(pattern):
    rng = random.Random(pattern)
    operands = pattern.partition("->")[0].count(",") + 1
    for _ in range(60):
        shapes = [tuple(rng.choice([2, 2, 3]) for _ in range(rng.randint(1, 3))) for _ in range(operands)]
        theirs = lambda shapes=shapes: einops.einsum(*(torch.ones(s) for s in shapes), pattern)  # noqa: E731
        agree("einops.einsum", theirs, (*(spec(*s) for s in shapes), pattern))


@pytest.mark.parametrize("pattern", ["b * d", "*", "* d", "b c *", "b d", "b * b", "b * *", "b (c) *", "b * _d"])
def test_pack_and_unpack(pattern):
    shapes = [(2, 3), (2, 5, 3), (2, 4, 3, 3), (3,), (2, 3, 7)]
    rng = random.Random(pattern)
    for _ in range(40):
        chosen = [rng.choice(shapes) for _ in range(rng.randint(1, 3))]
        theirs = lambda chosen=chosen: [einops.pack([np.ones(s) for s in chosen], pattern)[0]]  # noqa: E731
        try:
            want = tuple(theirs()[0].shape)
        except REFUSED:
            want = None
        try:
            packed, inner = infer("einops.pack", ([spec(*s) for s in chosen], pattern))
            got = packed.shape
        except ShapeError:
            got = None
        assert got == want, (pattern, chosen)
        if got is not None:
            back = infer("einops.unpack", (packed, inner, pattern))
            assert [b.shape for b in back] == chosen


def test_unpack_with_a_size_to_find():
    for parts in [
        [(3,), (-1,)],
        [(2, -1), (3,)],
        [(-1,), (-1,)],
        [(3,), (8,)],
        [(3,), (7,)],
        [(), (3, 3)],
        [(4, -1), ()],
    ]:
        theirs = lambda parts=parts: einops.unpack(torch.ones(2, 10, 4), parts, "b * d")  # noqa: E731
        if parts == [(-1,), (-1,)]:
            with pytest.raises(einops.EinopsError):
                theirs()
            assert isinstance(infer("einops.unpack", (spec(2, 10, 4), parts, "b * d")), Unknown)
            continue
        agree("einops.unpack", theirs, (spec(2, 10, 4), parts, "b * d"))


def test_parse_shape():
    for pattern in ["b _ c", "b c", "... c", "b ... c", "b 10 c", "b 9 c", "b 1 c", "b (c d) e", "b b c", "_ _ _"]:
        try:
            want = einops.parse_shape(np.ones((2, 10, 4)), pattern)
        except REFUSED:
            want = None
        try:
            got = infer("einops.parse_shape", (spec(2, 10, 4), pattern))
        except ShapeError:
            got = None
        assert got == want, pattern


def test_lists_of_tensors():
    x = spec(3, 4)
    for items in ([x, x], [x], [x, spec(3, 5)]):
        theirs = lambda items=items: einops.rearrange([np.ones(i.shape) for i in items], "n h w -> h (n w)")  # noqa: E731
        agree("einops.rearrange", theirs, (items, "n h w -> h (n w)"))


def test_layers():
    for pattern, lengths in [
        ("b n (h e) -> b h n e", {"h": 2}),
        ("b n -> n", {}),
        ("b ... -> b (...)", {}),
        ("(a b) -> a b", {}),
    ]:
        for shape in [(2, 3, 4), (2, 3), (2, 3, 5)]:
            theirs = lambda p=pattern, n=lengths, s=shape: _layer(lambda: Rearrange(p, **n), s)  # noqa: E731
            agree("einops.layers.torch.Rearrange", theirs, (pattern,), lengths, ((spec(*shape),), {}))
            theirs = lambda p=pattern, n=lengths, s=shape: _layer(lambda: Reduce(p, "sum", **n), s)  # noqa: E731
            agree("einops.layers.torch.Reduce", theirs, (pattern, "sum"), lengths, ((spec(*shape),), {}))


def _layer(make, shape):
    try:
        return make()(torch.ones(shape))
    except KeyError as error:  # a layer has no recipe for another number of axes
        raise ValueError(str(error)) from None


MIXES = [
    ("t b cin -> t b cout", "cin cout", {"cin": 4, "cout": 6}),
    ("t b cin -> t b cout", "cin cout", {"cin": 4}),
    ("t b (h c) -> t b (h d)", "h c d", {"h": 2, "c": 2, "d": 3}),
    ("t b (h c) -> t b (h d)", "h c d", {"h": 2, "c": 3, "d": 3}),
    ("... c -> ... d", "c d", {"c": 4, "d": 2}),
    ("t b c -> t b e", "c d", {"c": 4, "d": 2}),
    ("b h c -> b k c", "h k", {"h": 3, "k": 5}),
    ("b (h c) -> b c", "h", {}),
]


@pytest.mark.parametrize(("pattern", "weight", "lengths"), MIXES)
def test_einmix(pattern, weight, lengths):
    for shape in [(2, 3, 4), (3, 4), (2, 3, 5)]:
        theirs = lambda s=shape: _layer(lambda: EinMix(pattern, weight, **lengths), s)  # noqa: E731
        agree("einops.layers.torch.EinMix", theirs, (pattern, weight), lengths, ((spec(*shape),), {}))


# -- symbols and faults ---------------------------------------------------------------------------------------------

B, N, D, H = (d.name(n) for n in "bndh")


def fault(name, *args, **kwargs):
    with pytest.raises(ShapeError) as caught:
        infer("einops." + name, args, kwargs)
    return caught.value.fault


def test_heads_there_and_back():
    """What splits an axis makes it a fact that it divides; merging gives the axis back."""
    judge, stubs = Judge(), default_stubs()
    rearrange = stubs.find("einops.rearrange")
    split = call_function(judge, stubs, rearrange, (TensorSpec((B, N, D)), "b n (h e) -> b h n e"), {"h": H}).value
    assert split.shape == (B, H, N, d.floordiv(D, H))
    back = call_function(judge, stubs, rearrange, (split, "b h n e -> b n (h e)"), {}).value
    assert back.shape == (B, N, D)


def test_exact_quotient():
    out = infer("einops.rearrange", (TensorSpec((B, N, 3 * H * D)), "b n (k h e) -> k b h n e"), {"k": 3, "h": H})
    assert out.shape == (3, B, H, N, D)


def test_faults():
    few = fault("rearrange", TensorSpec((B, N, D)), "b n -> n b")
    assert (few.code, few.argument, few.want) == ("rank-mismatch", "tensor", "b n")
    rest = fault("rearrange", spec(2, 3, 12), "b n (h e) -> b h n e", h=5)
    assert (rest.code, rest.axis, rest.got, rest.want) == ("indivisible", 2, 12, 5)
    size = fault("rearrange", spec(2, 3, 12), "b n (h e) -> b h n e", h=5, e=3)
    assert (size.code, size.axis, size.name, size.got, size.want) == ("dim-mismatch", 2, "(h e)", 12, 15)
    unclosed = fault("rearrange", spec(2, 3, 12), "b n (h e -> b h n e", h=5)
    assert (unclosed.code, unclosed.column, unclosed.spec) == ("bad-annotation", 4, "b n (h e -> b h n e")
    lost = fault("rearrange", spec(2, 3, 12), "b n d -> b d")
    assert (lost.code, lost.column) == ("bad-annotation", 2)
    new = fault("rearrange", spec(2, 3), "b n -> b n k")
    assert (new.code, new.column) == ("bad-annotation", 11)
    named = fault("rearrange", TensorSpec((B, N, D)), "b n c -> b c n", c=D * 2)
    assert (named.code, named.name) == ("dim-mismatch", "c")


def test_half_known_tensors():
    out = infer("einops.rearrange", (TensorSpec(None), "b n (h e) -> b h n e"), {"h": 8})
    assert len(out.shape) == 4 and out.shape[1] == 8
    kept = infer("einops.rearrange", (TensorSpec((B, Var("s"), D)), "b ... d -> (...) b d"))
    assert kept.shape[1:] == (B, D)
    assert infer("einops.rearrange", (TensorSpec((B, N)), Unknown("?"))).shape is None
    again = infer("einops.repeat", (TensorSpec((B, N)), "b n -> b k n"), {"k": Unknown("?")})
    assert again.shape[0] == B and isinstance(again.shape[1], Unknown)


def test_dtypes_of_reductions():
    for dtype in ("float32", "int64", "int32", "bool", "float16"):
        x = torch.zeros(2, 3, dtype=getattr(torch, dtype))
        for reduction in ("sum", "max", "prod", "any", "mean"):
            for pattern in ("a b -> a", "a b -> b a"):
                try:
                    theirs = str(einops.reduce(x, pattern, reduction).dtype).removeprefix("torch.")
                except REFUSED:
                    continue
                ours = infer("einops.reduce", (spec(2, 3, dtype=dtype), pattern, reduction)).dtype
                assert ours in (None, theirs), (dtype, reduction, pattern, ours, theirs)
