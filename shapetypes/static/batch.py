"""Many files judged: what is kept is taken over, the rest is judged by one process or several."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from shapetypes.static.cache import ResultCache
from shapetypes.static.report import FileReport
from shapetypes.static.settings import Settings
from shapetypes.static.store import UnitStore, settings_text
from shapetypes.static.walk import find_roots, read_source

Outcome: TypeAlias = FileReport | str
"""The result of a file, or why it could not be checked."""


def run(
    files: Sequence[str], settings: Settings, strict: bool, keep: bool = True, jobs: int = 1
) -> Iterator[tuple[str, Outcome]]:
    """Judge files, in their order.

    Args:
        files: The files.
        settings: The project's settings.
        strict: Whether inferred requirements are reported.
        keep: Whether results are read from and written to `.shapetypes_cache` in the current folder.
        jobs: How many processes.
    """
    if not keep:
        yield from _judged(files, files, settings, strict, False, jobs)
        return
    cache = ResultCache(Path.cwd(), settings_text(strict, settings.stub_path), find_roots(files))
    try:
        kept = {file: report for file in files if (report := cache.load(file)) is not None}
        rest = [file for file in files if file not in kept]
        judged = _judged(rest, files, settings, strict, True, jobs)
        for file in files:
            if file in kept:
                yield file, kept[file]
                continue
            _, found = next(judged)
            if isinstance(found, FileReport):
                cache.save(file, found)
            yield file, found
    finally:
        cache.close()


def _judged(
    files: Sequence[str], all_files: Sequence[str], settings: Settings, strict: bool, keep: bool, jobs: int
) -> Iterator[tuple[str, Outcome]]:
    if jobs > 1 and len(files) > jobs:
        from shapetypes.static.parallel import Lost, judged

        for file, found in judged(files, jobs, judge_of, list(all_files), settings, strict, keep):
            yield file, f"cannot check {file}: the process died" if isinstance(found, Lost) else found
        return
    judge = judge_of(all_files, settings, strict, keep) if files else None
    for file in files:
        assert judge is not None
        yield file, judge(file)


def judge_of(all_files: Sequence[str], settings: Settings, strict: bool, keep: bool) -> Callable[[str], Outcome]:
    """A function that judges one file after the other."""
    from shapetypes.ops.reader import StubError
    from shapetypes.static.api import Checker

    gc.set_threshold(200_000, 50, 50)  # syntax trees are many objects that stay
    store = UnitStore(Path.cwd(), settings_text(strict, settings.stub_path)) if keep else None
    texts: dict[str, str] = {}

    def read(path: str) -> str:
        if path not in texts:
            texts[path] = read_source(path)
        return texts[path]

    checker = Checker(roots=find_roots(all_files), read=read, strict=strict, stub_path=settings.stub_path, store=store)

    def judge(file: str) -> Outcome:
        try:
            return _one(checker.check, file, read)
        except OSError as error:
            return f"cannot read {file}: {error.strerror or error}"
        except StubError as error:
            return f"cannot check {file}: {error}"

    return judge


def _one(check: Callable[[str], FileReport], file: str, read: Callable[[str], str]) -> FileReport:
    """Check one file; one that is not Python is one diagnostic.

    Raises:
        OSError: it cannot be read.
    """
    from shapetypes.static.syntax import unreadable

    text: str | None = None
    try:
        text = read(file)
        if "\0" in text:
            return FileReport(file, [unreadable(file, ValueError(), text)])
        return check(file)
    except (SyntaxError, UnicodeDecodeError) as error:
        return FileReport(file, [unreadable(file, error, text)])
    except (RecursionError, MemoryError) as error:
        if _can_be_parsed(text or ""):
            raise
        return FileReport(file, [unreadable(file, error, text)])


def _can_be_parsed(text: str) -> bool:
    """Whether it was not Python's own parser that gave up."""
    import ast

    try:
        ast.parse(text)
    except (RecursionError, MemoryError):
        return False
    return True
