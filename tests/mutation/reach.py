"""How far the static engine reaches in real code: wrong annotations of an unpacked package that it reports.

`python -m tests.mutation.reach PACKAGE_DIR [--seed 0] [--number 200] [--jobs 2] [--each]`

An annotation is drawn, one of the five operators on axis strings, and one of the changes that the operator can make
there. A mutant counts as reported if a check of the changed file or of a file that uses what was changed gives a report
that the original does not give. Not drawn is a new name for a size that no other argument shares: it says less than
before, and stays true. Beside it: how many of the values that meet a shape string have a known rank.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import os
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context

from shapetypes.core.dtype import GROUPS
from shapetypes.static.api import Checker
from shapetypes.static.check import FileCheck
from shapetypes.static.engine import Engine
from shapetypes.static.modules import Module, root_of
from shapetypes.static.values import Func
from tests.mutation.operators import Edit, annotation

Report = tuple[str, int, int, str]
Boundary = tuple[str, int, int, str]
Function = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Site:
    """An axis string in an annotation.

    Attributes:
        path: The file.
        node: The string.
        role: `argument`, `return`, `local` or `field`.
        where: The class and the function it stands in, dotted.
        owner: The class it stands in, or the target of a field.
        line: The first line of the function; 0 for a field.
        shared: Axes of an argument that other arguments have too.
    """

    path: str
    node: ast.Constant
    role: str
    where: str
    owner: str
    line: int
    shared: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A mutant with what is said of it."""

    site: Site
    operator: str
    change: str
    reports: tuple[Report, ...]


class Package:
    """The source files of an unpacked package.

    Args:
        root: The folder that holds the package's own folder, that folder, or one inside it.
    """

    def __init__(self, root: str) -> None:
        root = os.path.abspath(root)
        self.root = root_of(os.path.join(root, "a.py"))
        self.files: dict[str, str] = {}
        for folder, _, names in os.walk(root):
            for name in sorted(names):
                if name.endswith(".py"):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8", errors="replace") as file:
                        self.files[path] = file.read()

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """The parsed files; those that cannot be parsed are left out."""
        out = {}
        for path, source in sorted(self.files.items()):
            with contextlib.suppress(SyntaxError):
                out[path] = ast.parse(source)
        return out

    @cached_property
    def sites(self) -> list[Site]:
        """Every axis string in an annotation, in order."""
        return [site for path, tree in self.trees.items() for site in _sites(path, tree)]


def _sites(path: str, tree: ast.Module) -> Iterator[Site]:
    def visit(node: ast.AST, where: tuple[str, ...], owner: str, line: int) -> Iterator[Site]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                yield from visit(child, (*where, child.name), child.name, line)
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                name = child.name
                yield from _of_function(path, child, (*where, name), owner, line or child.lineno)
                yield from visit(child, (*where, name), "", line or child.lineno)
            elif isinstance(child, ast.AnnAssign) and not line:
                target = ast.unparse(child.target)
                for string in _strings(child.annotation):
                    yield Site(path, string, "field", ".".join((*where, target)), owner or target, 0, frozenset())
            else:
                yield from visit(child, where, owner, line)

    yield from visit(tree, (), "", 0)


def _of_function(
    path: str, node: ast.FunctionDef | ast.AsyncFunctionDef, where: tuple[str, ...], owner: str, line: int
) -> Iterator[Site]:
    a = node.args
    args = [*a.posonlyargs, *a.args, *([a.vararg] if a.vararg else []), *a.kwonlyargs, *([a.kwarg] if a.kwarg else [])]
    found = [("argument", s) for arg in args for s in _strings(arg.annotation)]
    found += [("return", s) for s in _strings(node.returns)]
    found += [("local", s) for n in _own(node) if isinstance(n, ast.AnnAssign) for s in _strings(n.annotation)]
    for role, string in found:
        others = [s for r, s in found if s is not string and r == "argument"]
        shared = frozenset(_words(string)) & {axis for s in others for axis in _words(s)}
        yield Site(path, string, role, ".".join(where), owner, line, shared)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, those of functions and classes inside it left out."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield child
            yield from _own(child)


def _strings(node: ast.expr | None) -> Iterator[ast.Constant]:
    """The axis strings of an annotation: `Float[Tensor, "b t"]`."""
    for part in ast.walk(node) if node is not None else ():
        if not isinstance(part, ast.Subscript) or not isinstance(part.slice, ast.Tuple) or len(part.slice.elts) != 2:
            continue
        head = part.value.attr if isinstance(part.value, ast.Attribute) else getattr(part.value, "id", "")
        text = part.slice.elts[1]
        if head in GROUPS and isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield text


def draw(package: Package, seed: int, number: int) -> list[tuple[Site, Edit]]:
    """Sites, each with one change: the site first, then the operator, then the change."""
    chance = random.Random(seed)
    sites = list(package.sites)
    chance.shuffle(sites)
    out: list[tuple[Site, Edit]] = []
    for site in sites:
        edits: dict[str, list[Edit]] = defaultdict(list)
        for edit in annotation(site.node):
            if not _says_less(site, edit):
                edits[edit.operator].append(edit)
        if edits and len(out) < number:
            out.append((site, chance.choice(edits[chance.choice(sorted(edits))])))
    return out


def _words(node: ast.Constant) -> list[str]:
    return re.findall(r"\w+", str(node.value))


def _says_less(site: Site, edit: Edit) -> bool:
    """Whether a size only gets a new name, where no other argument says that it is the same."""
    fresh = set(re.findall(r"\w+_x\b", edit.text)) - set(_words(site.node))
    if "rename" not in edit.operator or not fresh:
        return False
    return site.role != "argument" or any(name[:-2] not in site.shared for name in fresh)


class Traced(FileCheck):
    """A check of some functions of a file that notes which functions' annotations each of them asks for.

    Args:
        only: The lines of the functions to judge (0 for the module's own statements); None for all.
    """

    def __init__(self, engine: Engine, module: Module, only: set[int] | None = None) -> None:
        super().__init__(engine, module)
        self.only = only
        self.asked: dict[Function, set[Function]] = {}

    def function(self, func: Func) -> None:
        """Judge one function."""
        self._note(func.node.lineno, super().function, func)

    def _top_level(self, body: list[ast.stmt]) -> None:
        self._note(0, super()._top_level, body)

    def _note(self, line: int, work: Callable[..., None], *args: object) -> None:
        if self.only is None or line in self.only:
            self.engine.asked.clear()
            work(*args)
            self.asked[(self.module.path, line)] = set(self.engine.asked)


class Judge:
    """Checks mutants of one package; what the originals give is kept, with who asks for whose annotations."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.text = dict(package.files)
        self.checker = Checker([package.root], read=self._read)
        self.before: set[Report] = set()
        self.done: set[str] = set()
        self.met: dict[Boundary, bool] = {}
        self.askers: dict[Function, set[Function]] = defaultdict(set)
        for path in package.trees:
            self.before |= self._reports(path, None)

    def _read(self, path: str) -> str:
        full = os.path.abspath(path)
        if full in self.text:
            return self.text[full]
        with open(path, encoding="utf-8") as file:
            return file.read()

    def outcome(self, site: Site, edit: Edit) -> Outcome:
        """What is said of one mutant that is not said of the original."""
        self.text[site.path] = _changed(self.package.files[site.path], edit)
        self.checker.forget(site.path)
        found: set[Report] = set()
        for path, lines in self._concerned(site):
            found = self._reports(path, lines) - self.before
            if found:
                break
        self.text[site.path] = self.package.files[site.path]
        self.checker.forget(site.path)
        return Outcome(site, edit.operator, f"{site.node.value!r} -> {edit.text}", tuple(sorted(found)))

    def _concerned(self, site: Site) -> list[tuple[str, set[int] | None]]:
        """The functions that a change may concern, by file: the site's own first."""
        if not site.line or site.where.endswith("__init__"):
            # Every object of the class is built otherwise: its own file, and those that name the class.
            word = re.compile(rf"\b{re.escape(site.owner)}\b")
            others = [p for p, text in self.package.files.items() if p != site.path and word.search(text)]
            return [(path, None) for path in (site.path, *others) if path in self.package.trees]
        lines: dict[str, set[int]] = {site.path: {site.line}}
        for path, line in sorted(self.askers[(site.path, site.line)]):
            lines.setdefault(path, set()).add(line)
        return list(lines.items())

    def _reports(self, path: str, only: set[int] | None) -> set[Report]:
        """What these functions of a file give; in a full run also who asks for whose annotations."""
        module = self.checker.finder.at(path, None)
        engine = Engine(self.checker.finder, self.checker.stubs, False, self.checker._shared)
        check = Traced(engine, module, only)
        check.run()
        if path not in self.done and only is None:
            self.done.add(path)
            for (line, column, label), known in check.met.items():
                self.met[(path, line, column, label)] = known
            for asker, asked in check.asked.items():
                for function in asked:
                    self.askers[function].add(asker)
        return {(x.place.file, x.place.line, x.place.column, x.fault.code) for x in engine.found}


def _changed(source: str, edit: Edit) -> str:
    lines = source.splitlines(keepends=True)
    node = edit.node
    assert isinstance(node, ast.Constant)
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    start, end = lines[first].encode()[: node.col_offset], lines[last].encode()[node.end_col_offset :]
    new = start.decode() + edit.text + "\n" * (last - first) + end.decode()
    return "".join([*lines[:first], new, *lines[last + 1 :]])


def outcomes(
    root: str, seed: int = 0, number: int = 200, jobs: int = 2, told: bool = False
) -> tuple[list[Outcome], list[bool]]:
    """Draw and judge mutants of a package; each is printed as it is judged when `told`.

    Returns:
        What is said of them; of each value that meets a shape string in the files that took part, whether its rank is
        known.
    """
    order = sorted(range(len(draw(Package(root), seed, number))), key=lambda i: i % jobs)
    parts = [(root, seed, number, [i for i in order if i % jobs == j], told) for j in range(jobs)]
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        done = list(pool.map(_part, parts))
    met = {key: known for _, part in done for key, known in part.items()}
    return [x for found, _ in done for x in found], list(met.values())


def _part(job: tuple[str, int, int, list[int], bool]) -> tuple[list[Outcome], dict[Boundary, bool]]:
    root, seed, number, chosen, told = job
    package = Package(root)
    drawn = draw(package, seed, number)
    judge = Judge(package)
    if told:
        for path, line, _, code in sorted(judge.before):
            print(f"original {os.path.relpath(path, root)}:{line} {code}", flush=True)
    # Mutants of one file follow each other: what it needs is read once.
    found = []
    for i in sorted(chosen, key=lambda i: drawn[i][0].path):
        found.append(judge.outcome(*drawn[i]))
        if told:
            print(_line(found[-1], root), flush=True)
    return found, judge.met


def table(found: list[Outcome]) -> str:
    """The results by operator and by what the annotation stands at."""
    rows = []
    for label, key in (("operator", lambda x: x.operator), ("stands at", lambda x: x.site.role)):
        rows.append(f"{label:32}{'mutants':>8}{'reported':>10}{'%':>7}")
        names = sorted({key(x) for x in found})
        rows += [_row(name, [x for x in found if key(x) == name]) for name in names]
    return "\n".join([*rows, _row("all", found)])


def _row(name: str, found: list[Outcome]) -> str:
    hit = sum(bool(x.reports) for x in found)
    return f"{name:32}{len(found):8}{hit:10}{100 * hit / max(len(found), 1):7.1f}"


def _line(x: Outcome, root: str) -> str:
    mark = "reported" if x.reports else "missed  "
    place = f"{os.path.relpath(x.site.path, root)}:{x.site.node.lineno}"
    return f"{mark} {place} {x.site.where} {x.site.role}: {x.operator[12:]}: {x.change}"


def main() -> None:
    """Read the arguments, print the table, and the misses when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", help="the folder of an unpacked package")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--number", type=int, default=200, help="how many mutants")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--each", action="store_true", help="print the reports on the originals and every mutant")
    args = parser.parse_args()
    found, met = outcomes(args.package, args.seed, args.number, args.jobs, args.each)
    print(table(found))
    print(
        f"{sum(met)} of {len(met)} values that meet a shape string have a known rank, {100 * sum(met) / len(met):.1f} %"
    )


if __name__ == "__main__":
    main()
