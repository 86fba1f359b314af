"""Kept results hold exactly as long as what they depend on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shapetypes.static import cache as cached
from shapetypes.static.api import Checker

USER = """
import torch
from sizes import WIDTH


def f() -> None:
    torch.nn.Linear(WIDTH, 5)(torch.zeros(2, 10))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "user.py").write_text(USER)
    (tmp_path / "sizes.py").write_text("WIDTH = 10\n")
    return tmp_path


def lines(folder: Path, *options: str) -> list[int]:
    run = subprocess.run(
        [sys.executable, "-m", "shapetypes", "check", "user.py", "--format", "json", *options],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    return [d["line"] for d in json.loads(run.stdout)["diagnostics"]]


def kept(folder: Path) -> list[Path]:
    return sorted(
        p for p in (folder / cached.FOLDER).iterdir() if p.name not in (".gitignore", "index") and p.suffix != ".units"
    )


def test_an_unchanged_run_reads_what_was_kept(project: Path) -> None:
    assert [] == lines(project)
    (entry,) = kept(project)
    before = entry.stat().st_mtime_ns

    assert [] == lines(project)
    assert before == entry.stat().st_mtime_ns


def test_a_change_in_another_module_is_seen(project: Path) -> None:
    assert [] == lines(project)
    (project / "sizes.py").write_text("WIDTH = 12\n")

    assert [7] == lines(project)
    (project / "sizes.py").write_text("WIDTH = 10\n")

    assert [] == lines(project)


def test_a_module_that_appears_or_goes_is_seen(project: Path) -> None:
    (project / "sizes.py").unlink()
    assert [] == lines(project)
    (project / "sizes.py").write_text("WIDTH = 12\n")

    assert [7] == lines(project)
    (project / "sizes.py").unlink()

    assert [] == lines(project)


def test_the_file_itself_is_seen(project: Path) -> None:
    assert [] == lines(project)
    (project / "user.py").write_text(USER.replace("(2, 10)", "(2, 11)"))

    assert [7] == lines(project)


def test_a_file_that_was_only_touched_keeps_its_result(project: Path) -> None:
    assert [] == lines(project)
    (entry,) = kept(project)
    before = entry.stat().st_mtime_ns
    os.utime(project / "user.py")

    assert [] == lines(project)
    assert before == entry.stat().st_mtime_ns


def test_damage_does_no_harm(project: Path) -> None:
    (project / "sizes.py").write_text("WIDTH = 12\n")
    assert [7] == lines(project)
    for entry in kept(project):
        entry.write_bytes(b"\x80damaged")

    assert [7] == lines(project)


def test_no_cache_leaves_nothing(project: Path) -> None:
    assert [] == lines(project, "--no-cache")
    assert not (project / cached.FOLDER).exists()


def test_another_engine_does_not_believe_the_old_results(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    cached.ResultCache(project, "settings").save("user.py", cached.FileReport("user.py"))
    assert cached.ResultCache(project, "settings").load("user.py") is not None
    assert cached.ResultCache(project, "other settings").load("user.py") is None

    monkeypatch.setattr(cached, "engine_version", lambda: "another")
    assert cached.ResultCache(project, "settings").load("user.py") is None


def test_imports_are_found_without_parsing() -> None:
    text = """
import a, b.c as d  # import not_this
from e import f, g as h
from . import i
from .j import (  # a ) in a comment
    k,
    l as m,
)
from ..n import o
if x: from p import q; import r
try:
    from s import \\
        t
except ImportError: import u
from v import *
"""
    assert cached.imported_names(text, "x.y") == {
        "a", "b.c", "e", "e.f", "e.g", "x.y", "x.y.i", "x.y.j", "x.y.j.k", "x.y.j.l", "x.n", "x.n.o",
        "p", "p.q", "r", "s", "s.t", "u", "v", "v.*",
    }  # fmt: skip


PAIRS = sorted((Path(__file__).parent / "pairs").glob("*_buggy.py"))


def test_every_kind_of_result_can_be_kept(tmp_path: Path) -> None:
    for path in PAIRS:
        (tmp_path / path.name).write_text(path.read_text())
    names = [path.name for path in PAIRS]
    store = cached.ResultCache(tmp_path, "")
    checker = Checker([str(tmp_path)])
    for name in names:
        store.save(str(tmp_path / name), checker.check(str(tmp_path / name)))

    again = cached.ResultCache(tmp_path, "")
    assert [name for name in names if again.load(str(tmp_path / name)) is None] == []
