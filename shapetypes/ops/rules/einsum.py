"""Einstein sums, in both forms of `torch.einsum`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dtype import disjoint, promote
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.call import Call, Unclear, rule

DOTS = "..."


@dataclass(frozen=True, slots=True)
class _Term:
    """One operand with the letters of its axes, `...` among them."""

    tensor: TensorSpec
    letters: tuple[str, ...]


@rule
def einsum(call: Call, args: tuple[Any, ...]) -> TensorSpec:
    """Letters are sizes: `"b i k, b k j -> b i j"`; equal letters agree (or are 1). Source: `torch.einsum`."""
    terms, output = _read(call, args)
    axes: dict[str, list[tuple[TensorSpec, int]]] = {}
    dots: list[TensorSpec] = []
    for term in terms:
        _align(call, term, axes, dots)
    sizes = {letter: _agree(call, places) for letter, places in axes.items()}
    lead = call.broadcast(*dots) if dots else ()
    letters = {letter for term in terms for letter in term.letters}
    output = _implicit(terms) if output is None else _checked(call, output, letters)
    shape: list[Any] = []
    for letter in output:
        if letter == DOTS:
            shape += lead
        else:
            shape.append(sizes[letter] if letter in sizes else d.unknown(f"the size of {letter}"))
    return TensorSpec(shape, _dtype(call, terms, output))


def _read(call: Call, args: tuple[Any, ...]) -> tuple[list[_Term], tuple[str, ...] | None]:
    if args and isinstance(args[0], str):
        return _read_text(call, args[0], args[1:])
    if len(args) < 2 or isinstance(args[0], Unknown):
        raise Unclear("the equation is not known")
    return _read_lists(args)


def _read_text(call: Call, text: str, operands: Sequence[Any]) -> tuple[list[_Term], tuple[str, ...] | None]:
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = operands[0]
    elif len(operands) == 1 and isinstance(operands[0], Unknown):
        raise Unclear("the operands are not known")
    left, arrow, right = text.replace(" ", "").partition("->")
    parts = [_letters(call, part) for part in left.split(",")]
    if len(parts) != len(operands):
        call.fail("rank-mismatch", "count", name="operands", got=len(operands), want=len(parts))
    terms = [_Term(_operand(x), letters) for x, letters in zip(operands, parts, strict=True)]
    return terms, _letters(call, right) if arrow else None


def _operand(x: Any) -> TensorSpec:
    return x if isinstance(x, TensorSpec) else TensorSpec(None)


def _letters(call: Call, text: str) -> tuple[str, ...]:
    before, dots, after = text.partition(DOTS)
    letters = (*before, *((DOTS,) if dots else ()), *after)
    for letter in letters:
        if letter != DOTS and not (letter.isascii() and letter.isalpha()):
            call.wrong("subscript", letter, "a letter", "equation")
    return letters


def _read_lists(args: tuple[Any, ...]) -> tuple[list[_Term], tuple[str, ...] | None]:
    """`einsum(x, [0, 1], y, [1, 2], [0, 2])`."""
    pairs, rest = list(zip(args[0::2], args[1::2], strict=False)), args[len(args) - len(args) % 2 :]
    terms = [_Term(_operand(x), _sublist(letters)) for x, letters in pairs]
    return terms, _sublist(rest[0]) if rest else None


def _sublist(items: Any) -> tuple[str, ...]:
    if not isinstance(items, (list, tuple)) or not all(i is Ellipsis or isinstance(i, int) for i in items):
        raise Unclear("a list of subscripts is not known")
    return tuple(DOTS if i is Ellipsis else chr(ord("A") + i if i < 26 else ord("a") + i - 26) for i in items)


def _align(call: Call, term: _Term, axes: dict[str, list[tuple[TensorSpec, int]]], dots: list[TensorSpec]) -> None:
    """Enter the axes of one operand under their letters, as far as a variadic part lets them be told."""
    x, letters = term.tensor, term.letters
    if x.shape is None:
        if DOTS in letters:
            dots.append(TensorSpec(None))
        return
    x = TensorSpec(x.parts, x.dtype, x.label)
    known = sum(letter != DOTS for letter in letters)
    open_ended = DOTS in letters
    if x.rank is not None and (x.rank < known if open_ended else x.rank != known):
        detail = "least" if open_ended else ""
        call.fail("rank-mismatch", "rank", argument=x.label or None, got=x.shape, want=known, detail=detail)
    before = letters.index(DOTS) if open_ended else len(letters)
    after = len(letters) - before - 1 if open_ended else 0
    if not open_ended and x.rank is None:
        after = len(letters)
    seen: dict[int, str] = {}
    for places in (range(before), range(-1, -after - 1, -1)):
        for i in places:
            if not -len(x.parts) <= i < len(x.parts) or isinstance(x.parts[i], Var):
                break
            seen[i % len(x.parts)] = letters[i]
    own: dict[str, int] = {}
    for i, letter in sorted(seen.items()):
        if letter in own:
            call.equal_axes(x, own[letter], i)
        else:
            own[letter] = i
            axes.setdefault(letter, []).append((x, i))
    if open_ended:
        outer = (*x.parts[:before], *x.parts[len(x.parts) - after :]) if after else x.parts[:before]
        hidden = len(outer) < before + after or any(isinstance(p, Var) for p in outer)
        dots.append(TensorSpec(None if hidden else x.parts[before : len(x.parts) - after], None, ""))


def _agree(call: Call, places: list[tuple[TensorSpec, int]]) -> Any:
    """The size that a letter has in all operands."""
    (x, i), *others = places
    size = x.parts[i]
    for y, j in others:
        fitted = call.fit(x, i, y, j)
        if size == 1:
            x, i = y, j
        size = fitted
    return size


def _implicit(terms: Iterable[_Term]) -> tuple[str, ...]:
    """Without an arrow: what was written `...`, then the letters that stand once, sorted."""
    letters = [letter for term in terms for letter in term.letters]
    once = sorted(letter for letter in set(letters) - {DOTS} if letters.count(letter) == 1)
    return (*((DOTS,) if DOTS in letters else ()), *once)


def _checked(call: Call, output: tuple[str, ...], letters: set[str]) -> tuple[str, ...]:
    for letter in output:
        if letter != DOTS and letter not in letters:
            call.wrong("output subscript", letter, "one of an operand", "equation")
        if output.count(letter) > 1:
            call.wrong("output subscript", letter, "each letter once", "equation")
    return output


def _dtype(call: Call, terms: list[_Term], output: tuple[str, ...]) -> Any:
    """Products are summed by matrix products, which take one dtype; without a sum dtypes promote."""
    dtypes = [term.tensor.dtype for term in terms]
    if len(terms) == 2 and disjoint(dtypes[0], dtypes[1]):
        x, y = terms
        summed = (set(x.letters) & set(y.letters)) - set(output) - {DOTS}
        if any(_more_than_one(x, letter) and _more_than_one(y, letter) for letter in summed):
            call.same_dtype(x.tensor, y.tensor)
    return promote(*dtypes) if all(t.tensor.rank for t in terms) else (dtypes[0] if len(set(dtypes)) == 1 else None)


def _more_than_one(term: _Term, letter: str) -> bool:
    x = term.tensor
    if x.rank is None:
        return False
    i = term.letters.index(letter)
    if DOTS in term.letters[:i]:
        i -= len(term.letters)
    size = x.parts[i]
    return not (isinstance(size, int) and size == 1)
