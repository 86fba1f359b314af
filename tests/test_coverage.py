"""`shapetypes coverage`: what is counted, and how it is printed."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from shapetypes import cli

CODE = """import torch
import imaging
from jaxtyping import Float
from torch import Tensor


def known(x: Float[Tensor, "b c h w"]) -> Tensor:
    return torch.relu(x)


def partly(x: Float[Tensor, "b c"]) -> Tensor:
    y = torch.nonzero(x)
    return imaging.blur(x) + imaging.blur([x]) + imaging.load("name") + torch.Tensor.fancy(x)


def unknown(x: Tensor) -> Tensor:
    return x
"""
OTHER = """import imaging
from torch import Tensor


def again(x: Tensor):
    return imaging.blur(x)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("code.py").write_text(CODE)
    Path("other.py").write_text(OTHER)
    Path("plain.py").write_text("x = 1\n")
    return tmp_path


def coverage(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    status = cli.main(["coverage", *options])
    return status, capsys.readouterr().out


def as_object(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(coverage(capsys, *options, "--format", "json")[1])
    return found


def test_ops_without_a_stub_are_ranked_by_use(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_object(capsys, ".")["without_stub"]

    assert [(op["name"], op["count"], op["file"], op["line"]) for op in found] == [
        ("imaging.blur", 3, "code.py", 13),
        ("torch.Tensor.fancy", 1, "code.py", 13),
    ]


def test_files_are_listed_with_the_least_known_first(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_object(capsys, ".")

    assert [row["file"] for row in found["files"]] == ["code.py", "other.py"]
    for row in found["files"]:
        assert row["sizes_known"] <= row["rank_known"] <= row["expressions"]
    assert found["total"]["functions"] == 4
    for key in ("expressions", "rank_known", "sizes_known", "functions", "shaped", "shaped_rank_known"):
        assert found["total"][key] == sum(row[key] for row in found["files"])


def test_a_size_that_is_not_known_counts_against_the_sizes_only(capsys: pytest.CaptureFixture[str]) -> None:
    Path("code.py").write_text(CODE.partition("def unknown")[0].replace("    return imaging", "    print(y)  #"))
    found = as_object(capsys, "code.py")["total"]

    assert found["rank_known"] == found["expressions"]
    assert found["sizes_known"] < found["rank_known"], "nonzero() gives as many rows as there are values"


def test_what_was_kept_tells_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    first = as_object(capsys, ".", "--no-cache")

    assert as_object(capsys, ".") == first
    assert as_object(capsys, ".") == first
    Path("code.py").write_text("# a line more\n" + CODE)
    moved = as_object(capsys, ".")
    assert [op["line"] for op in moved["without_stub"]] == [14, 14]
    assert moved["total"] == first["total"]


def test_columns(capsys: pytest.CaptureFixture[str]) -> None:
    status, printed = coverage(capsys, ".")
    lines = printed.splitlines()

    assert status == 0
    assert lines[0].split("  ")[0] == "file"
    assert lines[3].startswith("total")
    assert lines[5] == "calls  has no stub         for example"
    assert lines[6] == "    3  imaging.blur        code.py:13"


def test_a_table_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    printed = coverage(capsys, ".")[1]

    assert "│" in printed
    assert "imaging.blur" in printed


def test_a_path_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert coverage(capsys, "gone.py")[0] == 2


def test_values_that_meet_a_shape_string_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    Path("code.py").write_text(
        CODE
        + """

def use(x: Float[Tensor, "b c h w"], y: Tensor) -> Float[Tensor, "b c h w"]:
    known(y)
    return known(x)
"""
    )
    found = as_object(capsys, ".")["total"]

    assert (found["shaped"], found["shaped_rank_known"]) == (3, 2)
