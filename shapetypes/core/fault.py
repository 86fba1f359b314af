"""Faults: what a check found, as frozen data. Text is made in `shapetypes.diagnose`, last."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any, Final

CODES: Final[dict[str, str]] = {
    "dim-mismatch": "an axis has another size than is expected",
    "rank-mismatch": "a tensor has another number of axes than is expected",
    "dtype-mismatch": "a tensor has another dtype than is expected",
    "target-mismatch": "input and target of a loss have shapes that do not belong together",
    "indivisible": "a size is not divisible as the operation needs it",
    "axis-order": "a size stands at another axis of the same tensor: the axes are in the wrong order",
    "broadcast-surprise": "an element-wise operation silently makes an outer product",
    "squeeze-all": "squeeze() without an axis also removes an axis that happens to have size 1",
    "layer-spec": "a layer cannot do what its spec says",
    "bad-annotation": "a shape string cannot be read",
    "unresolved-annotation": "an annotation cannot be resolved",
    "unused-dim": "a name in an annotation constrains nothing",
    "unstated-size": "the code requires a size that the annotation does not state",
    "unannotated": "a public function takes or returns tensors and has no annotations",
    "syntax-error": "a file is not valid Python",
}
"""Every code with its one-line summary."""

LINTS: Final = frozenset({"broadcast-surprise", "squeeze-all", "unannotated", "unused-dim"})
"""Codes that are warnings on the command line."""


@dataclass(frozen=True, slots=True)
class Place:
    """A span of source. Lines and columns count from 1, columns in code points; ends are exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one side of a disagreement came from.

    Attributes:
        what: What fixed the size: `argument`, `parameter`, `layer`, `identified`, `annotation`, `twin`, `call`,
            `scope`, `inside` (the operation that an outer place stands for), or `flat` (a layer that keeps axes which
            a `Flatten` before it would put together; `size` is the shape it then returns).
        name: The argument, constructor parameter, layer or function it names.
        size: The size it stands for, printed by the renderer.
        axis: The axis of the argument, when it is one.
        place: Where in the source, when known.
        dim: The name that was bound, when it is one.
    """

    what: str
    name: str = ""
    size: Any = None
    axis: int | None = None
    place: Place | None = None
    dim: str | None = None


@dataclass(frozen=True, slots=True)
class Operand:
    """One tensor that took part, for the table of shapes."""

    name: str
    shape: tuple[Any, ...] | None
    dtype: str | frozenset[str] | None = None
    spec: str | None = None
    axis: int | None = None
    """The axis to point at."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One disagreement.

    Which sentence tells it is its `kind`, and what that reads beside `subject` and `argument`:

    | kind | what disagrees | fields |
    | --- | --- | --- |
    | `axis` | the size of one axis with what is needed | `axis`, `name`, `got`, `want` |
    | `match` | two axes that must be equal | the same, `other`, `other_axis` |
    | `broadcast` | two axes that must be equal or 1 | the same |
    | `twin` | the order of axes | `axis`, `got`, `want`, an origin `twin` with `size` and `axis` |
    | `order` | the order of axes in two annotations of one value | `got`, `want` axis strings |
    | `rank` | the number of axes | `got` a shape; `want` a number, several, or an axis string; `detail` `least` |
    | `ranks` | the numbers of axes of two tensors | `got`, `want` shapes, `other` |
    | `no-axis` | an axis that is named with what there is | `axis` as named, `got` the shape, `want` its rank |
    | `axis-twice` | an axis that is named twice | `axis`, `got` the shape |
    | `unpack` | the sizes of a shape with the names that unpack it | `got` the shape, `want` how many names |
    | `enlarge` | a target with a result that does not fit into it | `axis`, `got`, `want` |
    | `dtype` | the dtype | `got`, `want` dtypes, sets of them or a group's name; `other` when it is another's |
    | `value` | an argument that is no tensor | `got`, `want`, `name` when `argument` does not tell it |
    | `least`, `most` | a size or an argument with its least or greatest value | as `axis`, or as `value` |
    | `type` | the kind of an object | `got`, `want` as source text |
    | `count` | how many of `name` (plural: `values`) there are | `got`, `want` numbers |
    | `divide` | a size that must be a multiple of `want` | `axis`, `name` of it; without one `name` of the divisor |
    | `elements` | the number of elements | `got`, `want` numbers or shapes |
    | `target` | input and target of a loss | as `match`; without `axis`, `got` and `want` are shapes |
    | `outer` | an unmeant outer product | `got` the resulting shape, two operands |
    | `surprise` | the same | `argument` and `axis` of size 1, `other` and its size `want` |
    | `squeeze` | an axis that a bare `squeeze()` also removes | `axis` or `name`, `spec` the string that needs it |
    | `spec` | a layer with its spec | as `axis`, or `detail` alone; `spec`, `column` |
    | `annotation` | a string that cannot be read | `spec`, `column`, `detail` |
    | `unresolved` | an annotation that cannot be resolved | `got` its source, `detail` |
    | `unused` | a name that constrains nothing | `name`, `axis` |
    | `requires` | a name with the size that the code requires of it | `name`, `want` |
    | `unannotated` | a function without annotations | `got` parameters for tensors, `want` whether it returns one |
    | `syntax` | a file that is not Python | `detail` |

    Attributes:
        code: The slug, a key of `CODES`.
        kind: Which sentence tells it, see above.
        subject: The function, layer or operator at fault as the user knows it: `attn()`, `Linear`, `+`.
        argument: The argument (`k`, `tensors[1]`), or `return` for a returned value; None for the whole call.
        axis: The index of the axis, from 0, when one axis is at fault.
        name: The name of the axis (`D`) or of the constructor argument that it must equal (`in_features`); a name that
            the user can see, never one of a stub.
        got: What it is.
        want: What it should be.
        other: The other operand's name, where two operands disagree.
        other_axis: Its axis.
        detail: A further fact for the sentence, a plain string.
        operands: The tensors that took part.
        origins: Where the sizes came from.
        spec: The text of the annotation or spec, and `column` the 0-based column in it to point at.
        path: Names of the layers or calls around it, outermost first.
    """

    code: str
    kind: str
    subject: str = ""
    argument: str | None = None
    axis: int | None = None
    name: str | None = None
    got: Any = None
    want: Any = None
    other: str | None = None
    other_axis: int | None = None
    detail: str = ""
    operands: tuple[Operand, ...] = ()
    origins: tuple[Origin, ...] = ()
    spec: str | None = None
    column: int | None = None
    path: tuple[str, ...] = ()

    def but(self, **changes: Any) -> Fault:
        """The same fault with some fields changed."""
        return replace(self, **changes)


class ShapeError(TypeError):
    """A shape or dtype that does not fit.

    Takes one message argument, so that it survives pickling; `.fault` holds the data.
    """

    fault: Fault | None = None
    ag_pass_through = True  # TensorFlow's AutoGraph raises it again as it is, not as a StagingError

    def __init__(self, message: str = "", fault: Fault | None = None) -> None:
        super().__init__(message)
        if fault is not None:
            self.fault = fault

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), str(self), self.fault))

    def __str__(self) -> str:
        text = str(self.args[0]) if self.args else ""
        if not text and self.fault is not None:
            # By name, at the last moment: core knows no words, and nothing is loaded before a failure.
            return str(import_module("shapetypes.diagnose").headline(self.fault))
        return text


# Where users find it, in tracebacks too.
ShapeError.__module__ = "shapetypes"


def _rebuild(cls: type[ShapeError], message: str, fault: Fault | None) -> ShapeError:
    return cls(message, fault)


class AnnotationError(ShapeError):
    """A shape string or annotation that cannot be read or resolved."""

    def __str__(self) -> str:
        if (self.args and self.args[0]) or self.fault is None:
            return super().__str__()
        # The string with a caret under the bad column.
        return str(import_module("shapetypes.diagnose").render(self.fault))


AnnotationError.__module__ = "shapetypes"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A fault at its place in the user's source, ready to be rendered."""

    fault: Fault
    place: Place
    severity: str = "error"
    notes: tuple[Note, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Note:
    """A further fact about a diagnostic: where a size came from, who called."""

    origin: Origin
    place: Place | None = None
