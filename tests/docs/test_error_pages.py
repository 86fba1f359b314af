"""Every page of `docs/errors` tells the truth: its failing example fails as shown, the mended one is silent.

The line at fault is marked in the example: `# error` and `# warning` are what `shapetypes check` reports there,
`# raises` is where running it raises. `UPDATE_PAGES=1 pytest tests/docs/test_error_pages.py` writes the outputs anew.
"""

import json
import linecache
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from shapetypes import cli
from shapetypes.core.fault import CODES, ShapeError

PAGES = Path(__file__).resolve().parents[2] / "docs" / "errors"
_BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"  # (error|warning|note|raises)$", re.MULTILINE)
STRICT = ("unannotated", "unstated-size")
"""Codes that are reported with `--strict` only."""


@dataclass(frozen=True)
class Page:
    """The parts of a page: the failing example, what it prints, the mended one, and the mark in the first."""

    path: Path
    wrong: str
    output: str
    right: str
    mark: str
    line: int


def read(code):
    path = PAGES / f"{code}.md"
    blocks = _BLOCK.findall(path.read_text(encoding="utf-8"))
    assert ["python", "text", "python"] == [kind for kind, _ in blocks]
    (_, wrong), (_, output), (_, right) = blocks
    marks = list(_MARK.finditer(wrong))
    assert 1 == len(marks)
    assert not _MARK.search(right)
    return Page(path, wrong, output, right, marks[0].group(1), wrong.count("\n", 0, marks[0].start()) + 1)


def compare(page, printed):
    if os.environ.get("UPDATE_PAGES") and 1 == printed.count(f"[{page.path.stem}]: "):
        text = page.path.read_text(encoding="utf-8")
        page.path.write_text(text.replace(f"```text\n{page.output}```", f"```text\n{printed}```"), encoding="utf-8")
    else:
        assert page.output == printed


@pytest.fixture
def shapetypes(tmp_path, monkeypatch, capsys):
    """Runs `shapetypes check` on source text, and gives its status and what it prints."""

    def check(source, *options):
        monkeypatch.chdir(tmp_path)
        Path("example.py").write_text(source, encoding="utf-8")
        status = cli.main(["check", "example.py", *options])
        return status, capsys.readouterr().out

    return check


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs source text, and gives the shape error that it raises and the line of the source at which it does."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(linecache.cache, "example.py", raising=False)
    yield _run
    linecache.cache.pop("example.py", None)


def _run(source):
    Path("example.py").write_text(source, encoding="utf-8")
    try:
        exec(compile(source, "example.py", "exec"), {"__name__": "example"})
    except ShapeError as error:
        lines = []
        traceback = error.__traceback__
        while traceback:
            if "example.py" == traceback.tb_frame.f_code.co_filename:
                lines.append(traceback.tb_lineno)
            traceback = traceback.tb_next
        return error, lines[-1]
    return None, 0


CHECKED = [code for code in CODES if read(code).mark != "raises"]
RUN = [code for code in CODES if read(code).mark == "raises"]


@pytest.mark.parametrize("code", CHECKED)
def test_the_failing_example_is_reported_on_the_marked_line(code, shapetypes):
    page = read(code)
    strict = ["--strict"] if code in STRICT else []
    status, printed = shapetypes(page.wrong, "--format", "json", *strict)
    found = json.loads(printed)["diagnostics"]

    assert [(page.line, code, page.mark)] == [(one["line"], one["code"], one["severity"]) for one in found]
    assert status == (0 if page.mark == "note" else 1)
    if strict:
        assert 0 == shapetypes(page.wrong)[0]


@pytest.mark.parametrize("code", CHECKED)
def test_the_page_shows_what_is_printed(code, shapetypes):
    page = read(code)

    compare(page, shapetypes(page.wrong, *(["--strict"] if code in STRICT else []))[1])


@pytest.mark.parametrize("code", CODES)
def test_the_mended_example_is_silent(code, shapetypes):
    strict = ["--strict"] if code in STRICT else []
    assert (0, "no shape errors in 1 file\n") == shapetypes(read(code).right, *strict)


@pytest.mark.parametrize("code", RUN)
def test_the_failing_example_raises_on_the_marked_line(code, run):
    page = read(code)
    error, line = run(page.wrong)

    assert error is not None
    assert (code, page.line) == (error.fault.code, line)
    compare(page, str(error).rstrip() + "\n")


@pytest.mark.parametrize("code", RUN)
def test_the_mended_example_runs(code, run):
    assert (None, 0) == run(read(code).right)


@pytest.mark.parametrize("code", CODES)
def test_the_page_begins_with_its_code_and_says_what_it_is(code):
    first, blank, summary = (PAGES / f"{code}.md").read_text(encoding="utf-8").splitlines()[:3]

    assert (f"# {code}", "") == (first, blank)
    assert summary.endswith(".")


def test_the_list_of_codes_says_the_same_as_the_pages():
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \[`([\w-]+)`\]\(\1\.md\) \| (.*) \|$", index, re.MULTILINE))

    assert {code: (PAGES / f"{code}.md").read_text(encoding="utf-8").splitlines()[2] for code in CODES} == rows
