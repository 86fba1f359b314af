"""Every mutant of every model, executed and judged: what is found, where, and what is said without cause."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from shapetypes.core.fault import ShapeError
from shapetypes.static.api import Checker
from tests.mutation import execute, resize, tables
from tests.mutation.operators import Mutant, mutants

MODELS = sorted(glob.glob(os.path.join(os.path.dirname(__file__), "models", "*.py")))


@dataclass(frozen=True, slots=True)
class Result:
    """A mutant with what happens to it and what is said of it.

    Attributes:
        model: The file it was made from.
        mutant: The change.
        outcome: `crash`, `annotation`, `shape`, `same`, or `open`: an axis got another name, and no call can show
            whether the two may differ.
        reports: The lines of reports with their words.
        located: Whether a report stands on the changed lines or on one that was running when it failed.
    """

    model: str
    mutant: Mutant
    outcome: str
    reports: tuple[tuple[int, str], ...]
    located: bool


def reports(path: str, source: str) -> tuple[tuple[int, str], ...]:
    """What a check says of a program."""
    found = Checker([], read=partial(_read, path, source)).check(path)
    return tuple((x.place.line, str(ShapeError(fault=x.fault))) for x in found.diagnostics)


def _read(path: str, source: str, asked: str) -> str:
    if os.path.abspath(asked) == os.path.abspath(path):
        return source
    with open(asked, encoding="utf-8") as file:
        return file.read()


def judged(path: str) -> list[Result]:
    """Judge all mutants of one model, in this process."""
    with open(path, encoding="utf-8") as file:
        source = file.read()
    return _chunk((path, source, list(mutants(source))))


def results(paths: Iterable[str] = MODELS, workers: int = 2) -> list[Result]:
    """Judge all mutants of these models."""
    jobs = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            source = file.read()
        found = list(mutants(source))
        jobs += [(path, source, found[i : i + 60]) for i in range(0, len(found), 60)]
    with ProcessPoolExecutor(workers, get_context("spawn"), _single_thread) as pool:
        return [result for part in pool.map(_chunk, jobs) for result in part]


def _single_thread() -> None:
    import torch

    torch.set_num_threads(1)


def _chunk(job: tuple[str, str, list[Mutant]]) -> list[Result]:
    path, source, found = job
    name = os.path.basename(path)
    original = execute.shapes(source, name)
    return [_result(path, name, source, original, mutant) for mutant in found]


def _result(path: str, name: str, unchanged: str, original: list[object], mutant: Mutant) -> Result:
    plain = not mutant.operator.startswith("annotation")
    outcome, running = execute.classify(mutant.source, name, original, plain)
    if outcome == execute.SAME and not plain:
        fails = resize.allows_failure(unchanged, mutant.source, name)
        outcome = execute.OPEN if fails is None else execute.ANNOTATION if fails else outcome
    said = reports(path, mutant.source) if outcome != execute.OPEN else ()
    first, last = mutant.lines
    located = any(first <= line <= last or line in running for line, _ in said)
    return Result(name, mutant, outcome, said, located)


def counts(found: list[Result]) -> tables.Counts:
    """How many there are of each operator, and how they were judged."""
    return {name: _row([r for r in found if r.mutant.operator == name]) for name in {r.mutant.operator for r in found}}


def _row(found: list[Result]) -> list[int]:
    broken = [r for r in found if is_broken(r)]
    hit = [r for r in broken if r.reports]
    same = [r for r in found if r.outcome == execute.SAME]
    return [len(found), len(broken), len(hit), sum(r.located for r in hit), len(same), sum(map(is_false, same))]


def misjudged(found: list[Result]) -> list[str]:
    """What was missed and what was said without cause, for people."""
    out = []
    for r in found:
        if is_false(r) or (is_broken(r) and not r.reports):
            kind = "missed" if is_broken(r) else "false"
            out.append(f"{kind} {r.model}:{r.mutant.lines[0]} [{r.outcome}] {r.mutant.operator}: {r.mutant.change}")
            out += [f"      {line}: {words}" for line, words in r.reports]
    return out


def is_broken(result: Result) -> bool:
    """Whether the mutant fails, contradicts an annotation or has other shapes when it runs."""
    return result.outcome not in (execute.SAME, execute.OPEN)


def is_false(result: Result) -> bool:
    """Whether something is said of a mutant that changes nothing."""
    return bool(result.reports) and result.outcome == execute.SAME
