"""Injected shape bugs: nearly all that show when the program runs are reported, and nothing else is.

Every mutant of every model is executed, with the annotations checked by jaxtyping; `python -m tests.mutation` prints
the table over all models.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections import defaultdict
from collections.abc import Callable

import pytest
import torch

from tests.mutation import execute
from tests.mutation.contracts import helpers, with_checks
from tests.mutation.operators import mutants
from tests.mutation.score import MODELS, Result, counts, is_broken, is_false, judged, misjudged, reports

FOUND_FLOOR = 0.90
OPERATOR_FLOOR = 0.70  # of an operator with at least this many broken mutants in one model:
ENOUGH = 10

OPERATORS = {
    "annotation: add an axis",
    "annotation: another size",
    "annotation: drop an axis",
    "annotation: rename an axis",
    "annotation: swap two axes",
    "another dim",
    "another letter",
    "another order of unpacking",
    "another size of a layer",
    "another slice axis",
    "another view size",
    "batch_first or bidirectional flipped",
    "drop a change of layout",
    "keepdim added or dropped",
    "operands or arguments swapped",
    "sizes of a layer swapped",
}


def source_of(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def share(found: list[Result]) -> float:
    broken = [r for r in found if is_broken(r)]
    return sum(bool(r.reports) for r in broken) / len(broken)


@pytest.fixture(autouse=True)
def _quiet() -> None:
    warnings.simplefilter("ignore")  # layers of size 0, and other odd calls that mutants make
    torch.set_num_threads(1)  # the tensors are small


@pytest.mark.parametrize("path", MODELS, ids=os.path.basename)
def test_models_hold_what_they_declare(path: str) -> None:
    execute.run(with_checks(ast.parse(source_of(path))), path, helpers())
    assert reports(path, source_of(path)) == ()


def test_every_operator_applies_somewhere() -> None:
    assert {m.operator for path in MODELS for m in mutants(source_of(path))} == OPERATORS


@pytest.mark.parametrize("path", MODELS, ids=os.path.basename)
def test_mutants(path: str, record_property: Callable[[str, object], None]) -> None:
    found = judged(path)
    record_property("mutants", counts(found))
    assert [r.mutant.change for r in found if is_false(r)] == []
    assert share(found) >= FOUND_FLOOR, "\n".join(misjudged(found))
    of_operator = defaultdict(list)
    for result in found:
        of_operator[result.mutant.operator].append(result)
    for operator, some in of_operator.items():
        if sum(map(is_broken, some)) >= ENOUGH:
            assert share(some) >= OPERATOR_FLOOR, f"{operator}\n" + "\n".join(misjudged(some))
