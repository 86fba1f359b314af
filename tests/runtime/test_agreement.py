"""The fast path accepts exactly the calls in which the slow path finds nothing."""

import random
from typing import NamedTuple

import numpy as np
import torch
from hypothesis import given, settings, strategies as st
from torch import Tensor

from shapetypes import Dim, Float, Int, Shaped, ShapeError, shapecheck
from shapetypes.runtime import calls


class Pair(NamedTuple):
    x: Float[Tensor, "a n"]
    y: Float[Tensor, "n"] | None


NAMES = {
    "Float": Float, "Int": Int, "Shaped": Shaped, "Tensor": Tensor, "Dim": Dim, "torch": torch, "np": np, "Pair": Pair,
}  # fmt: skip
FIRM = ("a", "b", "c")


def axis_words(names):
    """Axes over these names; expressions only use them, so that they are always bound."""
    plain = st.sampled_from([*names, *names, *names, "_", "2", "k=1"])
    loose = st.sampled_from([f"#{n}" for n in names] + ["#2"])
    sums = st.tuples(st.sampled_from(names), st.sampled_from(names), st.sampled_from(["+", "*", "-"]))
    expressions = st.one_of(sums.map(lambda t: t[0] + t[2] + t[1]), st.sampled_from([f"min({n},2)" for n in names]))
    return st.one_of(plain, plain, plain, loose, expressions)


@st.composite
def axes(draw):
    words = draw(st.lists(axis_words(FIRM), max_size=3))
    if draw(st.integers(0, 3)) == 0:
        words.insert(draw(st.integers(0, len(words))), draw(st.sampled_from(["*s", "*s", "...", "*#t"])))
    return " ".join(words)


@st.composite
def hints(draw):
    group = draw(st.sampled_from(["Float", "Float", "Float", "Int", "Shaped"]))
    tensor = f"{group}[Tensor, {draw(axes())!r}]"
    plain = [w for w in draw(axes()).split() if w[0] in "abc_2k." and not set("+-*(") & set(w)]
    inner = f"Float[Tensor, {' '.join(plain)!r}]"
    form = draw(
        st.sampled_from(
            ["plain"] * 6
            + ["optional", "list", "tuple", "dict", "dim", "union", "int", "pair", "pairs", "either", "dims", "two"]
        )
    )
    return {
        "plain": tensor,
        "optional": f"{inner} | None",
        "list": f"list[{inner}]",
        "tuple": f"tuple[{tensor}, {inner}]",
        "dict": f"dict[str, {inner}]",
        "dim": f"Dim[int, {draw(axis_words(FIRM).filter(lambda w: '#' not in w))!r}]",
        "union": "Float[Tensor, 'a'] | Int[Tensor, 'a b'] | None",
        "int": "int",
        "pair": "Pair",
        "pairs": "list[Pair]",
        "either": f"{inner} | Int[Tensor, 'a b'] | str",
        "dims": "Dim[tuple[int, ...], 'a *r']",
        "two": "tuple[Float[Tensor, 'a'], Float[Tensor, 'n']] | None",
    }[form]


def value(hint, rng):
    """A value that fits the hint more often than not."""
    kinds = {"Float[": torch.float32, "Int[T": torch.int64, "Shaped": torch.bool}

    def tensor(text):
        dtype = kinds.get(text[:6], torch.float32) if rng.random() < 0.97 else torch.float64
        words = text.split("'")[1].split()
        sizes = []
        for word in words:
            if word.startswith(("*", "...")):
                sizes += [rng.choice([1, 2])] * rng.choice([0, 1, 1, 2])
            else:
                sizes.append(size(word))
        if rng.random() < 0.03:
            sizes.append(2)
        return torch.zeros(sizes, dtype=dtype)

    def size(word):
        assumed = {"a": 2, "b": 2, "c": 1}
        if rng.random() < 0.06:
            return rng.choice([0, 1, 2, 3])
        if word.startswith("#") and rng.random() < 0.5:
            return 1
        try:
            return max(0, eval(word.lstrip("#").partition("=")[2] or word.lstrip("#"), {**assumed, "_": 3}))
        except Exception:
            return 2

    if rng.random() < 0.03:
        return rng.choice([None, 3, "x", [torch.zeros(2)], (), np.zeros(2, np.float32), True])
    if hint in ("Pair", "list[Pair]"):
        n = rng.choice([1, 2])
        one = Pair(torch.zeros(rng.choice([2, 2, 2, 3]), n), rng.choice([None, torch.zeros(rng.choice([n, n, n, 2]))]))
        return one if hint == "Pair" else [one, Pair(torch.zeros(4, 3), torch.zeros(3))]
    if hint.startswith("Dim[tuple"):
        return (rng.choice([2, 2, 2, 3]), *[rng.choice([1, 2])] * rng.choice([0, 1, 2]))
    if hint.startswith("tuple[Float[Tensor, 'a']"):
        return rng.choice([None, (torch.zeros(2), torch.zeros(2)), (torch.zeros(2), torch.zeros(1))])
    if hint.endswith("| str"):
        return rng.choice(["x", tensor(hint), torch.zeros(2, 2, dtype=torch.int64)])
    if "| Int" in hint:
        return rng.choice([None, torch.zeros(2), torch.zeros(2, 2, dtype=torch.int64), torch.zeros(2, 2)])
    if "| None" in hint:
        return None if rng.random() < 0.3 else tensor(hint)
    if hint.startswith("list"):
        return [tensor(hint[5:]) for _ in range(rng.choice([0, 1, 3]))]
    if hint.startswith("tuple"):
        first, _, second = hint[6:-1].partition("], ")
        return tensor(first), tensor(second)
    if hint.startswith("dict"):
        return {str(i): tensor(hint[10:]) for i in range(rng.choice([0, 1, 2]))}
    if hint.startswith("Dim"):
        return rng.choice([size(hint.split("'")[1])] * 9 + [np.int64(2)])
    return 1 if hint == "int" else tensor(hint)


class Watch:
    """Notes whether a call has left the fast path."""

    def __enter__(self):
        self.slow = False
        self.saved = calls.Call.begin, calls.Call.resume
        calls.Call.begin = lambda call: (setattr(self, "slow", True), self.saved[0](call))[1]
        calls.Call.resume = lambda call, *bound: (setattr(self, "slow", True), self.saved[1](call, *bound))[1]
        return self

    def __exit__(self, *_):
        calls.Call.begin, calls.Call.resume = self.saved


def explained(fn, args, result):
    """The slow path's verdict on the whole call."""
    call = calls.Call(fn.__shapetypes__, args, None, warn=False)
    call.begin()
    return call.error or call._judge("return", fn.__shapetypes__.returns, result, True)


counts = {"calls": 0, "accepted": 0, "fast": 0}


@settings(max_examples=1000, deadline=None)
@given(st.lists(hints(), max_size=3), hints(), st.integers(0, 2**30))
def test_fast_and_slow_path_agree(params, returns, seed):
    # Every name is bound for sure, by the first parameter.
    params = ["Float[Tensor, 'a b c']", *params]
    names = dict(NAMES)
    text = ", ".join(f"p{i}: {hint}" for i, hint in enumerate(params))
    exec(f"def f({text}) -> {returns}: return RESULT", names)
    fn = shapecheck(names["f"])
    only_slow = "try:" not in "".join(__import__("linecache").getlines(fn.__code__.co_filename))
    rng = random.Random(seed)
    for _ in range(10):
        args = tuple(value(hint, rng) for hint in params)
        names["RESULT"] = value(returns, rng)
        with Watch() as watch:
            try:
                fn(*args)
                raised = None
            except ShapeError as error:
                raised = error
        slow = explained(fn, args, names["RESULT"])

        assert (raised is None) == (slow is None), (params, returns, args, names["RESULT"], slow)
        assert watch.slow or slow is None
        # What the fast path leaves to the slow one although it fits: integers of other types.
        odd = any(isinstance(arg, np.int64) for arg in (*args, names["RESULT"]))
        assert not watch.slow or slow is not None or only_slow or odd, (params, returns, args, names["RESULT"])
        counts["calls"] += 1
        counts["accepted"] += slow is None
        counts["fast"] += not watch.slow


def test_the_calls_were_many_and_of_both_kinds():
    assert 10_000 <= counts["calls"]
    assert 0.1 < counts["accepted"] / counts["calls"] < 0.9
    assert 0.8 < counts["fast"] / counts["accepted"]
