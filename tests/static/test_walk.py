"""Which files a command line means, where modules are looked up, what stands in files."""

import os

import pytest

from shapetypes.core.fault import Diagnostic, Fault, Note, Origin, Place
from shapetypes.static.settings import Settings, SettingsError, read_settings
from shapetypes.static.syntax import unreadable
from shapetypes.static.walk import decode, find_files, find_roots, read_source, renamed


def make(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_gives_its_python_files_in_order(here):
    make(here, "d/b.py", "d/a.py", "d/sub/c.py", "d/README.md", "d/data.json")

    assert ["d/a.py", "d/b.py", "d/sub/c.py"] == find_files(["d"]).files
    assert ["d/a.py", "d/b.py", "d/sub/c.py"] == find_files(["d/"]).files


def test_folders_that_are_not_the_users_code_are_left_out(here):
    make(here, "a.py", ".hidden/b.py", "__pycache__/c.py", "node_modules/d.py", "env/e.py", "env/pyvenv.cfg", ".f.py")
    make(here, "conda/conda-meta/history", "conda/lib/g.py")

    assert ["a.py"] == find_files(["."]).files
    assert [".hidden/b.py"] == find_files([".hidden"]).files
    assert ["env/e.py"] == find_files(["env/e.py"]).files


def test_every_file_once_and_named_as_given(here):
    make(here, "d/a.py", "d/b.py")

    assert ["d/b.py", "d/a.py"] == find_files(["d/b.py", "d", "./d/a.py", "d/../d/b.py"]).files
    assert ["./d/a.py", "d/b.py"] == find_files(["./d/a.py", "d"]).files


def test_links_to_folders_are_not_followed(here):
    make(here, "d/a.py")
    (here / "d" / "loop").symlink_to(here / "d")

    assert ["d/a.py"] == find_files(["d"]).files


def test_excluded(here):
    make(here, "d/a.py", "d/build/b.py", "d/tests/data/c.py", "d/tests/d.py")

    assert ["d/a.py", "d/tests/d.py"] == find_files(["d"], ["build", "tests/data"]).files
    assert ["d/a.py", "d/build/b.py"] == find_files(["d"], ["d/tests/"]).files
    assert ["d/build/b.py"] == find_files(["d/build/b.py"], ["build"]).files


def test_problems(here):
    make(here, "notes.txt", "empty/readme.md", "a.py")
    (here / "script").write_text("#!/usr/bin/env python3\n")
    found = find_files(["nowhere.py", "notes.txt", "empty", "script", "a.py"])

    assert ["script", "a.py"] == found.files
    assert [
        "no such file or folder: nowhere.py",
        "not a Python file: notes.txt",
        "no Python file in empty",
    ] == found.problems


def test_roots(here):
    make(here, "src/pkg/__init__.py", "src/pkg/sub/__init__.py", "src/pkg/sub/m.py", "scripts/run.py", "top.py")

    assert ["src", "scripts", "."] == find_roots(["src/pkg/sub/m.py", "scripts/run.py"])
    assert ["."] == find_roots(["top.py"])
    assert [str(here / "src"), "."] == find_roots([str(here / "src/pkg/sub/m.py")])


def test_roots_from_inside_a_package(here, monkeypatch):
    make(here, "pkg/__init__.py", "pkg/m.py")
    monkeypatch.chdir(here / "pkg")

    roots = [os.path.abspath(root) for root in find_roots(["m.py"])]

    assert [str(here), str(here / "pkg")] == roots


def test_files_are_named_as_they_were_given(here):
    make(here, "m.py", "other.py")
    fault = Fault("dim-mismatch", "axis", origins=(Origin("layer", place=Place("./m.py", 1, 1, 1, 2)),))
    found = Diagnostic(
        fault, Place(str(here / "m.py"), 1, 1, 1, 2), notes=(Note(Origin("call"), Place("./other.py", 1, 1, 1, 2)),)
    )

    (one,) = renamed([found], ["m.py"])

    assert ("m.py", "m.py", "./other.py") == (one.place.file, one.fault.origins[0].place.file, one.notes[0].place.file)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"x = 1\r\ny = 2\r", "x = 1\ny = 2\n"),
        (b"\xef\xbb\xbfx = '\xc3\xa9'\n", "x = 'é'\n"),
        (b"# coding: latin-1\nx = '\xe9'\n", "# coding: latin-1\nx = 'é'\n"),
        (
            b"#!/bin/python\n# -*- coding: cp1252 -*-\nx = '\x80'\n",
            "#!/bin/python\n# -*- coding: cp1252 -*-\nx = '€'\n",
        ),
        (b"", ""),
    ],
)
def test_decoding(data, text):
    assert text == decode(data)


def refused(path, data):
    path.write_bytes(data)
    text = None
    try:
        text = read_source(str(path))
        compile(text, "m.py", "exec")
    except (SyntaxError, ValueError) as error:
        found = unreadable("m.py", error, text)
        p = found.place
        assert ("m.py", "syntax-error", "error") == (p.file, found.fault.code, found.severity)
        assert (p.end_line, p.end_column) > (p.line, p.column)
        return p.line, p.column, found.fault.detail
    raise AssertionError


@pytest.mark.parametrize(
    ("data", "line", "column", "detail"),
    [
        (b"x = 1\ny = = 2\n", 2, 5, "invalid syntax"),
        ("'漢é'; = 2\n".encode(), 1, 7, "invalid syntax"),
        (b"x = (1,\n", 1, 5, "'(' was never closed"),
        (b"if x:\ny = 1\n", 2, 1, "expected an indented block after 'if' statement on line 1"),
        (b"x = 1\ny = '\xff'\n", 2, 6, "byte 0xff is not UTF-8"),
        ("x = 1\r\n# é ".encode() + b"\xe9\n", 2, 5, "byte 0xe9 is not UTF-8"),
        (b"\xff\xfex\x00", 1, 1, "byte 0xff is not UTF-8"),
        (b"x = 1\ny\x00 = 2\n", 2, 2, "a null byte"),
        (b"# coding: klingon\n", 1, 1, "unknown encoding: klingon"),
        (b"# coding: ascii\nx = '\xc3\xa9'\n", 2, 6, "byte 0xc3 is not ASCII"),
    ],
)
def test_files_that_are_not_python(here, data, line, column, detail):
    assert (line, column, detail) == refused(here / "m.py", data)


@pytest.mark.parametrize("error", [RecursionError(), MemoryError()])
def test_code_that_is_nested_too_deeply(error):
    assert "nested too deeply" == unreadable("m.py", error, "x").fault.detail


# -- settings --------------------------------------------------------------------------------------------------------


def settings(here, text):
    (here / "pyproject.toml").write_text(text)
    (here / "inner").mkdir()
    return read_settings(here / "inner")


def test_settings_are_read_from_the_nearest_project(here):
    text = '[tool.shapetypes]\nexclude = ["build"]\nstub-path = "stubs"\nstrict = true\n'

    assert Settings(("build",), (str(here / "stubs"),), strict=True) == settings(here, text)


def test_a_project_without_settings(here):
    assert Settings() == settings(here, '[project]\nname = "x"\ndependencies = ["shapetypes"]\n')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.shapetypes\n", "pyproject.toml: "),
        ("[tool.shapetypes]\nstrikt = true\n", "no setting `strikt`, only exclude, strict, stub-path"),
        ('[tool.shapetypes]\nstrict = "yes"\n', "`strict` is 'yes', expected true or false"),
        ("[tool.shapetypes]\nexclude = 3\n", "`exclude` is 3, expected a string or a list of strings"),
        ("[tool]\nshapetypes = 1\n", "tool.shapetypes is not a table"),
    ],
)
def test_settings_that_cannot_be_read(here, text, said):
    with pytest.raises(SettingsError, match=r"pyproject\.toml") as caught:
        settings(here, text)

    assert said in str(caught.value)
