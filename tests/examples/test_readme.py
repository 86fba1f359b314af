"""What README.md and the quick start show is what happens."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shapetypes import cli

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path, kind):
    return [text for found, text in BLOCK.findall(path.read_text(encoding="utf-8")) if found == kind]


def test_the_demo_prints_what_the_readme_shows():
    pytest.importorskip("torch")
    pytest.importorskip("keras")
    env = {name: value for name, value in os.environ.items() if name != "SHAPETYPES_RAISE"}
    demo = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "demo.py")],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=env,
    )
    shown = re.search(
        r"<!-- demo output: begin -->\n```text\n(.*?)```\n<!-- demo output: end -->",
        README.read_text(encoding="utf-8"),
        re.DOTALL,
    )

    assert 0 == demo.returncode, demo.stdout + demo.stderr
    assert shown[1] == demo.stdout, "`make demo` prints something else: python examples/demo.py --readme"


@pytest.mark.parametrize("page", [README, ROOT / "docs" / "quickstart.md"], ids=lambda page: page.name)
def test_the_first_example_is_reported_as_shown(page, tmp_path, monkeypatch, capsys):
    (tmp_path / "attention.py").write_text(blocks(page, "python")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    command = "$ shapetypes check attention.py\n"

    assert 1 == cli.main(["check", "attention.py"])
    assert command + capsys.readouterr().out in blocks(page, "text")


def test_the_mend_is_silent(tmp_path, monkeypatch, capsys):
    source = blocks(README, "python")[0].replace("q @ k", "q @ k.mT")
    (tmp_path / "attention.py").write_text(source, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert 0 == cli.main(["check", "attention.py"])
    assert "no shape errors in 1 file\n" == capsys.readouterr().out


def test_the_classifier_of_the_quick_start(tmp_path, monkeypatch, capsys):
    page = ROOT / "docs" / "quickstart.md"
    (source,) = [text for text in blocks(page, "python") if "class Classifier" in text]
    head = "from jaxtyping import Float\nfrom torch import Tensor, nn\n\n\n"
    (tmp_path / "model.py").write_text(head + source, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert 1 == cli.main(["check", "model.py"])
    assert capsys.readouterr().out.splitlines()[0] + "\n" in blocks(page, "text")


def test_the_run_time_error_of_the_quick_start(tmp_path):
    pytest.importorskip("torch")
    page = ROOT / "docs" / "quickstart.md"
    (source,) = [text for text in blocks(page, "python") if "@shapecheck" in text]
    file = tmp_path / "attention.py"
    file.write_text(source, encoding="utf-8")
    run = subprocess.run([sys.executable, str(file)], check=False, capture_output=True, text=True, cwd=tmp_path)
    shown = run.stderr[run.stderr.index("shapetypes.ShapeError") :].replace(f"{tmp_path}/", "")

    assert shown in blocks(page, "text")


def test_the_run_time_blocks_of_the_readme_run(tmp_path):
    pytest.importorskip("torch")
    file = tmp_path / "run_time.py"
    file.write_text("\n".join(blocks(README, "python")[1:]), encoding="utf-8")
    run = subprocess.run([sys.executable, str(file)], check=False, capture_output=True, text=True, cwd=tmp_path)

    assert (0, "") == (run.returncode, run.stderr)
