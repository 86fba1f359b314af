"""Every program of `examples/`: what is marked is reported, the mended twin is silent and runs."""

import importlib.util
import runpy
import warnings
from pathlib import Path

import pytest

from shapetypes import cli
from shapetypes.core.fault import CODES, ShapeError

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = sorted(file.name.removesuffix("_broken.py") for file in EXAMPLES.glob("*_broken.py"))
SILENT = {"mse_column"}
"""These run in spite of their mistake."""


def load_demo():
    spec = importlib.util.spec_from_file_location("examples_demo", EXAMPLES / "demo.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


demo = load_demo()


def marks(name, *, run_time):
    return {found for found in demo.marks(run_time=run_time) if found[0] == f"{name}_broken.py"}


def run(file):
    """Runs a program as `python FILE` does; what the frameworks warn of is not the matter."""
    pytest.importorskip("keras" if file.name.startswith("keras") else "torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runpy.run_path(str(file), run_name="__main__")


def test_every_program_has_its_twin():
    fixed = sorted(file.name.removesuffix("_fixed.py") for file in EXAMPLES.glob("*_fixed.py"))

    assert NAMES == fixed
    assert len(NAMES) >= 16


@pytest.mark.parametrize("name", NAMES)
def test_one_mark_with_a_code_that_exists(name):
    found = marks(name, run_time=False) | marks(name, run_time=True)
    fixed = (EXAMPLES / f"{name}_fixed.py").read_text(encoding="utf-8")

    assert 1 == len(found)
    assert {code for _, _, code in found} <= set(CODES)
    assert "BUG" not in fixed


@pytest.mark.parametrize("name", NAMES)
def test_check_reports_the_marked_line(name, capsys, monkeypatch):
    monkeypatch.chdir(EXAMPLES)
    expected = marks(name, run_time=False)

    assert int(bool(expected)) == cli.main(["check", f"{name}_broken.py", "--format", "concise"])
    assert expected == demo.reports(capsys.readouterr().out)


@pytest.mark.parametrize("name", NAMES)
def test_check_is_silent_about_the_mended_one(name, capsys, monkeypatch):
    monkeypatch.chdir(EXAMPLES)

    assert 0 == cli.main(["check", f"{name}_fixed.py"])
    assert "no shape errors in 1 file\n" == capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(set(NAMES) - SILENT))
def test_running_the_broken_one_raises(name):
    """Our own error where the mark says so, otherwise the framework's."""
    expected = marks(name, run_time=True)
    with pytest.raises(Exception) as caught:
        run(EXAMPLES / f"{name}_broken.py")
    error = caught.value

    assert bool(expected) == isinstance(error, ShapeError), error
    if isinstance(error, ShapeError):
        place = demo.PLACE.search(str(error).replace(f"{EXAMPLES}/", ""))
        assert expected == {(place["file"], int(place["line"]), error.fault.code)}


@pytest.mark.parametrize("name", sorted(SILENT))
def test_some_mistakes_raise_nothing(name, capsys):
    run(EXAMPLES / f"{name}_broken.py")

    assert capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_the_mended_one_runs(name, capsys):
    run(EXAMPLES / f"{name}_fixed.py")

    assert capsys.readouterr().out


def test_every_program_is_in_the_table():
    table = (EXAMPLES / "README.md").read_text(encoding="utf-8")

    assert [] == [name for name in NAMES if f"`{name}`" not in table]
