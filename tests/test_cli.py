"""The command line, over a stand-in for the engine."""

import json
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from shapetypes import cli
from shapetypes.core.fault import CODES, Diagnostic, Fault, Note, Origin, Place
from shapetypes.static import api

ROOT = Path(__file__).resolve().parents[1]


class StandIn:
    """Finds what comments say: `# FAULT`, `# LINT`, `# NOTE`; `# IN path:line` is a fault in another file."""

    made: ClassVar = []

    def __init__(self, roots=(), find_module=None, read=None, strict=False, stub_path=(), store=None):
        self.read = read
        self.arguments = {"roots": list(roots), "strict": strict, "stub_path": tuple(stub_path)}
        StandIn.made.append(self)

    def check(self, path, module=None):
        text = self.read(path)
        compile(text, path, "exec")
        report = api.FileReport(path, functions=1, known=3, unknown=1)
        report.reasons["no stub for `f`"] += 1
        for number, line in enumerate(text.split("\n"), 1):
            for word, code, severity in (
                ("FAULT", "dim-mismatch", "error"),
                ("LINT", "squeeze-all", "warning"),
                ("NOTE", "dim-mismatch", "note"),
            ):
                if f"# {word}" in line:
                    report.diagnostics.append(found(path, number, code, severity))
            if "# IN " in line:
                other, _, at = line.partition("# IN ")[2].partition(":")
                report.diagnostics.append(found(other, int(at), notes=(Note(Origin("call"), place(path, number)),)))
        report.diagnostics.reverse()
        return report


def place(path, line):
    return Place(path, line, 1, line, 2)


def found(path, line, code="dim-mismatch", severity="error", notes=()):
    return Diagnostic(Fault(code, "axis", "f()", "x", 0, "B", 3, 4), place(path, line), severity, notes)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(api, "Checker", StandIn)
    StandIn.made.clear()
    return tmp_path


def write(path, text):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def check(capsys, *arguments):
    status = cli.main(["check", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def check_json(capsys, *arguments):
    status, out, err = check(capsys, *arguments, "--format", "json")
    return status, json.loads(out), err


# -- exit status -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "status"), [("x = 1", 0), ("x = 1  # NOTE", 0), ("x = 1  # LINT", 1), ("x = 1  # FAULT", 1), ("x = ", 1)]
)
def test_status(capsys, text, status):
    write("m.py", text)

    assert status == check(capsys, "m.py")[0]


@pytest.mark.parametrize("form", ["full", "concise", "json"])
def test_a_path_that_does_not_exist_is_said_and_the_rest_is_checked(capsys, form):
    write("m.py", "x = 1  # FAULT")
    status, out, err = check(capsys, "m.py", "nowhere.py", "--format", form)

    assert 2 == status
    assert "shapetypes: no such file or folder: nowhere.py\n" == err
    assert "axis 0 (`B`) is 3, expected 4" in out


def test_a_folder_without_python_files(capsys):
    Path("empty").mkdir()

    assert (2, "", "shapetypes: no Python file in empty\n") == check(capsys, "empty")
    assert 0 == check_json(capsys, "empty")[1]["summary"]["files"]


def test_a_file_that_is_no_python(capsys):
    write("README.md", "# FAULT")

    assert (2, "", "shapetypes: not a Python file: README.md\n") == check(capsys, "README.md")


def test_a_file_that_vanishes(capsys, monkeypatch):
    write("m.py", "x = 1")
    write("n.py", "x = 1  # FAULT")
    monkeypatch.setattr(
        StandIn, "check", lambda self, path, check=StandIn.check: Path("n.py").unlink(True) or check(self, path)
    )

    status, out, err = check(capsys, "m.py", "n.py")

    assert (2, "shapetypes: cannot read n.py: No such file or directory\n") == (status, err)
    assert "no shape errors in 1 file\n" == out


def test_without_paths_there_is_nothing_to_do(capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main(["check"])

    assert 2 == exit_.value.code
    assert "PATH" in capsys.readouterr().err


# -- what is printed -------------------------------------------------------------------------------------------------


FULL = """\
error[dim-mismatch]: `f()` argument `x`: axis 0 (`B`) is 3, expected 4
 --> d/m.py:2:1
  |
2 | yy = 2  # FAULT
  | ^ axis 0 is 3, but B is 4
  = see: shapetypes explain dim-mismatch

1 error in 1 file (1 file checked)
"""


def test_full(capsys):
    write("d/m.py", "x = 1\nyy = 2  # FAULT\n")

    assert (1, FULL, "") == check(capsys, "d")


def test_concise(capsys):
    write("m.py", "x = 1  # FAULT\ny = 2  # LINT\n")
    write("n.py", "x = 1\n")

    assert check(capsys, "m.py", "n.py", "--format", "concise")[1] == (
        "m.py:1: error: `f()` argument `x`: axis 0 (`B`) is 3, expected 4 [dim-mismatch]\n"
        "m.py:2: warning: `f()` argument `x`: axis 0 (`B`) is 3, expected 4 [squeeze-all]\n"
        "1 error, 1 warning in 1 file (2 files checked)\n"
    )


def test_clean(capsys):
    write("m.py", "x = 1\n")

    assert (0, "no shape errors in 1 file\n", "") == check(capsys, "m.py")


def test_json(capsys):
    write("d/b.py", "x = 1  # FAULT\ny = 2  # LINT\n")
    write("d/a.py", "x = 1\ny = 1  # FAULT\n")
    status, report, err = check_json(capsys, "d")

    assert (1, "") == (status, err)
    assert ["version", "diagnostics", "summary"] == list(report)
    assert [("d/a.py", 2, 1, 2, 2), ("d/b.py", 1, 1, 1, 2), ("d/b.py", 2, 1, 2, 2)] == [
        tuple(one[key] for key in ("file", "line", "column", "end_line", "end_column")) for one in report["diagnostics"]
    ]
    assert ["error", "error", "warning"] == [one["severity"] for one in report["diagnostics"]]
    assert {"files": 2, "functions": 2, "expressions_known": 6, "expressions_unknown": 2} == report["summary"]


def test_json_is_printed_when_there_is_nothing_to_say(capsys):
    write("m.py", "x = 1\n")

    assert {
        "version": 1,
        "diagnostics": [],
        "summary": {"files": 1, "functions": 1, "expressions_known": 3, "expressions_unknown": 1},
    } == check_json(capsys, "m.py")[1]


def test_coverage(capsys):
    write("m.py", "x = 1\n")
    write("n.py", "x = 1\n")

    assert (
        "2 functions judged, 6 of 8 tensor expressions known (75.0 %), 2 unknown\n"
        "  2  no stub for `f`\n"
        "no shape errors in 2 files\n"
    ) == check(capsys, "m.py", "n.py", "--coverage")[1]
    assert {"no stub for `f`": 2} == check_json(capsys, "m.py", "n.py", "--coverage")[1]["summary"]["reasons"]


def test_a_failure_of_the_engine_is_counted():
    report = api.FileReport("m.py", functions=3, crashes=2)
    report.reasons.update({f"reason {i}": 1 for i in range(20)})

    lines = cli.coverage([report])

    assert "3 functions judged, 0 of 0 tensor expressions known, 0 unknown" == lines[0]
    assert "  and 5 further reasons" == lines[-2]
    assert "2 functions given up after a failure of shapetypes itself: please report it" == lines[-1]


# -- which files, which diagnostics ----------------------------------------------------------------------------------


def test_files_that_are_not_python_are_one_diagnostic_each_and_the_rest_is_checked(capsys):
    write("a.py", "x = (1,\n")
    Path("b.py").write_bytes(b"x = '\xff'\n")
    Path("c.py").write_bytes(b"x = 1\0\n")
    Path("d.py").write_bytes(b"# coding: latin-1\nx = '\xe9'  # FAULT\n")
    Path("e.py").write_bytes(b"\xef\xbb\xbfx = 1  # FAULT\r\n")

    status, report, err = check_json(capsys, ".")

    assert (1, "") == (status, err)
    assert [
        ("a.py", 1, 5, "syntax-error"),
        ("b.py", 1, 6, "syntax-error"),
        ("c.py", 1, 6, "syntax-error"),
        ("d.py", 2, 1, "dim-mismatch"),
        ("e.py", 1, 1, "dim-mismatch"),
    ] == [tuple(one[key] for key in ("file", "line", "column", "code")) for one in report["diagnostics"]]
    assert 5 == report["summary"]["files"]


def test_a_file_that_is_nested_too_deeply_for_python(capsys):
    write("a.py", f"x = {'-' * 100_000}1\n")
    write("b.py", "x = 1  # FAULT\n")

    report = check_json(capsys, "a.py", "b.py")[1]

    assert [("a.py", "syntax-error"), ("b.py", "dim-mismatch")] == [
        (one["file"], one["code"]) for one in report["diagnostics"]
    ]
    assert "not valid Python: nested too deeply" == report["diagnostics"][0]["message"]


def test_the_engines_own_recursion_is_not_blamed_on_the_file(capsys, monkeypatch):
    def endless(self, path):
        return endless(self, path)

    write("a.py", "x = 1\n")
    monkeypatch.setattr(StandIn, "check", endless)

    with pytest.raises(RecursionError):
        check(capsys, "a.py")


def test_ignored(capsys):
    write(
        "a.py",
        "x = 1  # FAULT  # type: ignore[shape]\ny = 1  # FAULT\nz = 1  # FAULT  # shapetypes: ignore[axis-order]\n",
    )

    assert [2, 3] == [one["line"] for one in check_json(capsys, "a.py")[1]["diagnostics"]]


def test_a_fault_in_another_file_is_reported_once_and_can_be_silenced_there(capsys):
    write("inner.py", "x = 1\ny = 2\nz = 3  # type: ignore[shape]\n")
    write("a.py", "# IN ./inner.py:2\n# IN inner.py:3\n")
    write("b.py", "# IN ./inner.py:2\n")

    assert [("inner.py", 2)] == [
        (one["file"], one["line"]) for one in check_json(capsys, "a.py", "b.py", "inner.py")[1]["diagnostics"]
    ]


def test_the_engine_gets_roots_and_settings(capsys):
    write("src/pkg/__init__.py", "")
    write("src/pkg/m.py", "x = 1\n")
    write("src/pkg/generated/n.py", "x = 1  # FAULT\n")
    write("pyproject.toml", '[tool.shapetypes]\nexclude = ["generated"]\nstub-path = ["my"]\nstrict = true\n')

    assert 0 == check(capsys, "src")[0]
    assert [{"roots": ["src", "."], "strict": True, "stub_path": (str(Path("my").absolute()),)}] == [
        made.arguments for made in StandIn.made
    ]


def test_strict_on_the_command_line(capsys):
    write("m.py", "x = 1\n")
    check(capsys, "m.py", "--strict")

    assert StandIn.made[0].arguments["strict"]


def test_settings_that_cannot_be_read(capsys):
    write("m.py", "x = 1\n")
    write("pyproject.toml", "[tool.shapetypes]\nstrikt = true\n")
    status, out, err = check(capsys, "m.py")

    assert (2, "") == (status, out)
    assert "no setting `strikt`" in err


# -- the other commands ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_explain(capsys, code):
    assert 0 == cli.main(["explain", code])
    assert capsys.readouterr().out == (ROOT / "docs" / "errors" / f"{code}.md").read_text(encoding="utf-8")


def test_explain_lists_the_codes(capsys):
    assert 0 == cli.main(["explain"])
    assert list(CODES) == [line.split()[0] for line in capsys.readouterr().out.splitlines()]


def test_explain_a_code_that_does_not_exist(capsys):
    assert 2 == cli.main(["explain", "dim-mismach"])
    assert "shapetypes: no such code: dim-mismach (nearest: dim-mismatch)\n" == capsys.readouterr().err
    assert 2 == cli.main(["explain", "E501"])
    assert "the codes are dim-mismatch, rank-mismatch" in capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main(["--version"])

    assert 0 == exit_.value.code
    assert capsys.readouterr().out.startswith("shapetypes 0.")


def run(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)


def test_as_a_module():
    shown = run("-m", "shapetypes", "--help")

    assert (0, "") == (shown.returncode, shown.stderr)
    assert shown.stdout.startswith("usage: shapetypes ")
    assert 2 == run("-m", "shapetypes", "check", "nowhere.py").returncode


def test_help_imports_nothing_of_the_engine():
    code = (
        "import sys\nfrom shapetypes import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.startswith('shapetypes')), file=sys.stderr)\n"
    )

    assert "['shapetypes', 'shapetypes.cli']\n" == run("-c", code).stderr


def test_a_closed_pipe_is_survived():
    script = f"{sys.executable} -m shapetypes explain dim-mismatch | true; echo ${{PIPESTATUS[0]}}"
    piped = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)

    assert "Traceback" not in piped.stderr
    assert "Exception ignored" not in piped.stderr
