"""Compares `infer` with what torch gave, and counts."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops import infer
from tests.conformance.calls import Made, operators, refusals, run, samples

VALUE_DEPENDENT = frozenset(
    {
        "allclose",
        "argwhere",
        "bincount",
        "equal",
        "item",
        "masked_select",
        "nonzero",
        "repeat_interleave",
        "unique",
        "unique_consecutive",
    }
)
"""Operators whose result depends on the values in their tensors, and not on shapes and plain arguments alone."""

EXACT, UNKNOWN, WRONG = "exact", "Unknown", "wrong"


def verdict(ours: Any, theirs: Any) -> str:
    """How an inferred result relates to the real one."""
    if isinstance(ours, Unknown):
        return UNKNOWN
    if isinstance(theirs, TensorSpec):
        return _tensor(ours, theirs)
    if isinstance(theirs, (list, tuple)):
        if not isinstance(ours, (list, tuple)) or len(ours) != len(theirs):
            return WRONG
        found = {verdict(a, b) for a, b in zip(ours, theirs, strict=True)}
        return WRONG if WRONG in found else UNKNOWN if UNKNOWN in found else EXACT
    return EXACT if ours == theirs and type(ours) is type(theirs) else WRONG


def _tensor(ours: Any, theirs: TensorSpec) -> str:
    if not isinstance(ours, TensorSpec):
        return WRONG
    if ours.dtype is not None and ours.dtype != theirs.dtype:
        return WRONG
    if ours.shape is None:
        return UNKNOWN
    assert theirs.shape is not None
    if len(ours.shape) != len(theirs.shape):
        return WRONG
    pairs = list(zip(ours.shape, theirs.shape, strict=True))
    if any(not isinstance(a, Unknown) and a != b for a, b in pairs):
        return WRONG
    return UNKNOWN if ours.dtype is None or any(isinstance(a, Unknown) for a, _ in pairs) else EXACT


def judge(made: Made) -> tuple[str, Any]:
    """The verdict on one accepted call, with what we said."""
    try:
        ours = infer(made.name, made.args, made.kwargs)
    except ShapeError as error:
        return WRONG, f"refused: {error}"
    except Exception as error:
        return WRONG, f"crashed: {error!r}"
    return verdict(ours, made.result), ours


def refuses(made: Made) -> bool:
    """Whether we refuse the call too."""
    try:
        infer(made.name, made.args, made.kwargs)
    except ShapeError:
        return True
    except Exception:
        return False
    return False


_SHAPE = re.compile(
    r"size|shape|dim(?!ension.*nam)|rank|broadcast|number of elements|numel|axis|axes|length|expand|1-?D|2-?D|3-?D|"
    r"square|matri|vector|scalar|divisib|out of range|non-?empty|empty|batch",
    re.IGNORECASE,
)
_NOT_SHAPE = re.compile(
    r"dtype|scalar type|device|layout|sparse|strided|complex|floating|integral|not implemented for|memory|overlap|"
    r"requires grad|torch\.strided|string|data type|Long|Float|Double|alias|index \S+ is out of bounds|"
    r"index out of range|out of bounds for|must be Tensor|positional|keyword|unexpected type|expected type",
)


def about_shapes(reason: str) -> bool:
    """Whether torch's reason speaks of shapes, sizes or axes rather than of dtypes, devices or values."""
    return bool(_SHAPE.search(reason)) and not _NOT_SHAPE.search(reason)


@dataclass
class Tally:
    """What came out, by operator."""

    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    cases: list[tuple[str, Made, Any]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    accepted: list[tuple[Made, str]] = field(default_factory=list)

    def add(self, made: Made, found: str, ours: Any) -> None:
        """Count one accepted sample; keep it if we were not exact."""
        self.verdicts.setdefault(made.op, Counter())[found] += 1
        if found != EXACT:
            self.cases.append((found, made, ours))

    def count(self, found: str, *, value_dependent: bool | None = None) -> int:
        """Samples with this verdict, of all operators or of one kind."""
        return sum(
            c[found]
            for op, c in self.verdicts.items()
            if value_dependent is None or (op in VALUE_DEPENDENT) is value_dependent
        )

    @property
    def total(self) -> int:
        """All samples."""
        return sum(sum(c.values()) for c in self.verdicts.values())

    @property
    def determined(self) -> int:
        """Samples of operators whose shape follows from shapes and plain arguments."""
        return sum(sum(c.values()) for op, c in self.verdicts.items() if op not in VALUE_DEPENDENT)

    @property
    def exact_ratio(self) -> float:
        """Exact among the samples whose shape follows from shapes and plain arguments."""
        return self.count(EXACT, value_dependent=False) / max(self.determined, 1)

    @property
    def refused_ratio(self) -> float:
        """Refused among the shape-related error inputs."""
        return self.refused["refused"] / max(self.refused["refused"] + self.refused["accepted"], 1)

    def line(self) -> str:
        """The result in one line."""
        names = sorted(op for op in self.verdicts if op in VALUE_DEPENDENT)
        dependent = self.total - self.determined
        errors = self.refused["refused"] + self.refused["accepted"]
        return (
            f"op_db: {self.total} samples of {len(self.verdicts)} operators: exact {self.count(EXACT)}, "
            f"Unknown {self.count(UNKNOWN)}, wrong {self.count(WRONG)}; "
            f"{self.exact_ratio:.1%} exact of the {self.determined} that follow from shapes and plain arguments; "
            f"{dependent} ({dependent / max(self.total, 1):.1%}) value-dependent ({', '.join(names)}); "
            f"shape-related error inputs refused {self.refused['refused']}/{errors} ({self.refused_ratio:.1%})"
        )

    def table(self, rows: int = 60) -> str:
        """The operators with the most samples that are not exact."""
        worst = sorted(
            self.verdicts.items(), key=lambda item: (-item[1][WRONG], item[1][EXACT] - sum(item[1].values()))
        )
        lines = [f"{'operator':45} exact  Unknown  wrong"]
        for op, c in worst[:rows]:
            if c[UNKNOWN] or c[WRONG]:
                lines.append(f"{op:45} {c[EXACT]:5}  {c[UNKNOWN]:7}  {c[WRONG]:5}")
        return "\n".join(lines)


def tally(only: str = "") -> Tally:
    """Run the database, or the operators whose name matches a pattern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the database's own
        return _tally([op for op in operators() if not only or re.fullmatch(only, op.name)])


def _tally(chosen: list[Any]) -> Tally:
    out = Tally()
    for op in chosen:
        for sample in samples(op):
            made = run(op, sample)
            if not made.error:
                out.add(made, *judge(made))
        for made, reason in refusals(op):
            if about_shapes(reason):
                found = refuses(made)
                out.refused["refused" if found else "accepted"] += 1
                if not found:
                    out.accepted.append((made, reason))
    return out
