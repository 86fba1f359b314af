"""Shapes: tuples of sizes, with variadic parts and unknown ranks as values of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Self, TypeAlias

from shapetypes.core import dim as d
from shapetypes.core.dim import RIGID, UNKNOWN, Dim, Poly


class Unknown:
    """A value of which nothing is known, with the reason. Never Python's `None`.

    Attributes:
        reason: Why it is not known, in a few words for a person.
    """

    __slots__ = ("reason",)

    def __init__(self, reason: str = "") -> None:
        self.reason = reason

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Unknown, (self.reason,))


class Number(Unknown):
    """A Python number, whole or not, of which only that is known: it has no axes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Number({self.reason!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Number, (self.reason,))


class LikelyNumber(Number):
    """A result of arithmetic with a field of which nothing is known: a number, or a tensor if the field holds one."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return (LikelyNumber, (self.reason,))


def is_field(value: object) -> bool:
    """Whether a size comes from a field of an object of which nothing is known: the field may hold a tensor."""
    return isinstance(value, Poly) and any("." in a.name for a in d.atoms_of(value))


class MaybeSize(Unknown):
    """A value of which nothing is known, but that stands for this size (elements) wherever an int is meant.

    A config field is one: `cfg.n_embd` may be an int, a tuple or a flag; what takes it decides.
    """

    __slots__ = ("size",)

    def __init__(self, size: Dim, reason: str = "a config field") -> None:
        super().__init__(reason)
        self.size = size

    def __reduce__(self) -> tuple[Any, ...]:
        return (MaybeSize, (self.size, self.reason))


class Slices(Unknown):
    """Tensors cut from one, of which it is not known how many there are.

    Attributes:
        item: One that stands for each of them.
        count: How many there are (elements), where that is a size; else None.
    """

    __slots__ = ("count", "item")

    def __init__(self, item: TensorSpec, count: Dim | None, reason: str = "the number of slices is not known") -> None:
        super().__init__(reason)
        self.item = item
        self.count = count

    def __reduce__(self) -> tuple[Any, ...]:
        return (Slices, (self.item, self.count, self.reason))


class Packed(Unknown):
    """A `PackedSequence`: sequences of different lengths, of which the axes behind time are known.

    Attributes:
        batch: The number of sequences.
        rest: The axes behind batch and time.
        dtype: As of a `TensorSpec`.
    """

    __slots__ = ("batch", "dtype", "rest")

    def __init__(self, batch: Dim, rest: Parts, dtype: str | frozenset[str] | None = None) -> None:
        super().__init__("a packed sequence")
        self.batch = batch
        self.rest = rest
        self.dtype = dtype

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Packed) and (self.batch, self.rest, self.dtype) == (
            other.batch,
            other.rest,
            other.dtype,
        )

    def __hash__(self) -> int:
        return hash((self.batch, self.rest))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Packed, (self.batch, self.rest, self.dtype))


class Var:
    """A variadic part of a shape: any number of axes, equal only to itself.

    `kind` is `rigid` for a name of a signature (`*batch`), `unknown` for axes of which nothing is known, `cut` for
    those of a rigid one without one of them, `any` for the `...` of an argument: the caller may give any number.
    """

    __slots__ = ("kind", "name", "owner")

    def __init__(self, name: str, owner: str = "", kind: str = RIGID) -> None:
        self.name = name
        self.owner = owner
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Var) and (self.kind, self.name, self.owner) == (other.kind, other.name, other.owner)
        )

    def __hash__(self) -> int:
        return hash((self.kind, self.name, self.owner))

    def __repr__(self) -> str:
        return f"Var({self})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Var, (self.name, self.owner, self.kind))

    def __str__(self) -> str:
        return "..." if self.kind != RIGID or self.name == "..." else f"*{self.name}"


Part: TypeAlias = Dim | Var
Parts: TypeAlias = tuple[Part, ...]

CUT: Final = "cut"
ANY: Final = "any"
_counter = [0]


class Unit(int):
    """A size 1 that the user wrote out at this place (`None`, `unsqueeze`, `keepdim`): broadcasting it is meant."""

    __slots__ = ()

    def __new__(cls) -> Self:
        """The one size it can be."""
        return super().__new__(cls, 1)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Unit, ())


class KeptUnit(Unit):
    """A size 1 that was kept so that the result still fits its tensor (`keepdim`), not to be spread over another."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return (KeptUnit, ())


class MadeUnit(int):
    """A size 1 given where a tensor was made (`torch.ones(3, 1)`): it may have been made to be spread over another."""

    __slots__ = ()

    def __new__(cls) -> Self:
        """The one size it can be."""
        return super().__new__(cls, 1)

    def __reduce__(self) -> tuple[Any, ...]:
        return (MadeUnit, ())


UNIT: Final = Unit()
MADE: Final = MadeUnit()
KEPT: Final = KeptUnit()


def cut_var() -> Var:
    """The axes of a rigid variadic part without one of them, which one is not known."""
    return Var(unknown_var().name, kind=CUT)


def unknown_var() -> Var:
    """Fresh axes of which neither the number nor the sizes are known."""
    _counter[0] += 1
    return Var(f"?{_counter[0]}", kind=UNKNOWN)


def any_var() -> Var:
    """Fresh axes that a caller may choose: what is done with them must be right for any number."""
    return Var(unknown_var().name, kind=ANY)


def is_fresh(var: Var) -> bool:
    """Whether nothing is known of these axes, not even a name."""
    return var.kind == UNKNOWN and var.name[1:].isdigit()


class TensorSpec:
    """What is known of one tensor.

    Attributes:
        shape: A tuple with one entry an axis: a number or symbolic size (elements), or `Unknown`; a `Var` stands
            for any number of axes. `None` when not even the rank is known.
        dtype: A dtype name such as `"float32"`, a frozenset of the names it may be, or `None` when unknown.
        label: The name of the argument it was passed as; takes no part in equality.
        library: `numpy` for an array with NumPy's methods and dtype rules, empty for torch's; no part in equality.
    """

    __slots__ = ("dtype", "label", "library", "shape")

    def __init__(
        self,
        shape: Iterable[Part | Unknown] | None,
        dtype: str | frozenset[str] | None = None,
        label: str = "",
        library: str = "",
    ) -> None:
        self.shape: Final[tuple[Any, ...] | None] = None if shape is None else tuple(shape)
        self.dtype: Final = dtype
        self.label: Final = label
        self.library: Final = library

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TensorSpec) and (self.shape, self.dtype) == (other.shape, other.dtype)

    def __hash__(self) -> int:
        return hash((self.shape, self.dtype))

    def __repr__(self) -> str:
        return f"TensorSpec({show_shape(self.shape)}, {show_dtype(self.dtype)})"

    def labelled(self, label: str) -> TensorSpec:
        """The same tensor under an argument's name."""
        return TensorSpec(self.shape, self.dtype, label, self.library)

    def with_shape(self, shape: Iterable[Part | Unknown] | None) -> TensorSpec:
        """A tensor of the same dtype with another shape."""
        return TensorSpec(shape, self.dtype, library=self.library)

    @property
    def parts(self) -> Parts:
        """The shape with unknown sizes as fresh atoms, and an unknown rank as one fresh variadic part."""
        if self.shape is None:
            return (unknown_var(),)
        return tuple(d.unknown(s.reason) if isinstance(s, Unknown) else s for s in self.shape)

    @property
    def rank(self) -> int | None:
        """The number of axes, or None when it is not known."""
        return rank(self.shape)


def rank(shape: Sequence[Any] | None) -> int | None:
    """The number of axes, or None when it is not known."""
    if shape is None or any(isinstance(s, Var) for s in shape):
        return None
    return len(shape)


def least_rank(shape: Sequence[Any]) -> int:
    """How many axes there are at least: those that are not variadic."""
    return sum(not isinstance(s, Var) for s in shape)


def axis_at(shape: Sequence[Any], axis: int) -> Dim | None:
    """The size at an axis (negative counts from the end), or None when a variadic part hides it."""
    steps = range(axis + 1) if axis >= 0 else range(-1, axis - 1, -1)
    size = None
    for i in steps:
        if not -len(shape) <= i < len(shape) or isinstance(shape[i], Var):
            return None
        size = shape[i]
    return size


def normal_axis(axis: int, of_rank: int) -> int:
    """A negative axis counted from the front.

    Raises:
        IndexError: There is no such axis.
    """
    if not -of_rank <= axis < of_rank:
        raise IndexError(axis)
    return axis % of_rank


def show_size(size: object) -> str:
    """A size as a person writes it; `?` for an unknown one, and for what is worked out from several of them."""
    if isinstance(size, Unknown):
        return "?"
    text = str(size)
    return "?" if isinstance(size, Poly) and d.is_unknown(size) and (d.as_atom(size) or text.count("?") > 2) else text


def show_shape(shape: Sequence[Any] | None) -> str:
    """A shape as a person writes it: `(2, n, ?)`; `(...)` for an unknown rank."""
    if shape is None:
        return "(...)"
    return "(" + ", ".join(show_size(s) for s in shape) + ("," if len(shape) == 1 else "") + ")"


def show_dtype(dtype: str | frozenset[str] | None) -> str:
    """A dtype as a person writes it."""
    if dtype is None:
        return "?"
    return dtype if isinstance(dtype, str) else "|".join(sorted(dtype))


def known_side(p: Any, rp: Any, q: Any, rq: Any) -> Any:
    """An unknown size beside a number above 1, or beside a name, gives that one. `rp`, `rq`: as far as known."""
    if not d.is_unknown(rp) and (not isinstance(rp, int) or rp > 1):
        return p
    if not d.is_unknown(rq) and (not isinstance(rq, int) or rq > 1):
        return q
    return d.unknown("broadcast")


def strays(size: Any, met: Any, own: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether a size meets one that is surely another while it stands in the other operand before all that is met.

    So it is in `(n, 4) * (n,)`, where `n` would have to be 4: the axis of size 1 behind it was forgotten. Either `n` is
    unknown and what it meets known, or it is a name and what it meets a number or a size of an object.

    Args:
        size: The size.
        met: The size that it meets.
        own: The sizes of its tensor.
        other: The sizes of the tensor that it meets.
    """
    atom = d.as_atom(size)
    if atom is None or d.is_unknown(met):
        return False
    named = atom.kind == RIGID and all(a.kind == d.FIXED for a in d.atoms_of(met))
    if not (atom.kind == UNKNOWN or named) or any(isinstance(v, Var) for v in (*own, *other)):
        return False
    return size in other[: max(len(other) - len(own), 0)]
