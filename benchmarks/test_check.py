"""`shapetypes check` over 54 small files as a cold process, against pyrefly in the same run.

Run with `pytest benchmarks/test_check.py -s`; budgets: cold at most 2.0 x pyrefly, an unchanged second run 0.6 x.
"""

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "static" / "pairs"
FILES = 54
ROUNDS = 7


def seconds(command: list[str], cwd: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, capture_output=True, check=False)
    return time.perf_counter() - start


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in sorted(PAIRS.glob("*.py"))[:FILES]:
        shutil.copy(path, tmp_path / path.name)
    (tmp_path / "pyrefly.toml").write_text("")
    return tmp_path


def test_check_against_pyrefly(folder: Path) -> None:
    pyrefly = shutil.which("pyrefly", path=str(Path(sys.executable).parent))
    if pyrefly is None:
        pytest.fail("install pyrefly to run this benchmark: pip install pyrefly")
    files = sorted(p.name for p in folder.glob("*.py"))
    check = [sys.executable, "-m", "shapetypes", "check", "."]
    peer = [pyrefly, "check", "--python-interpreter-path", sys.executable, *files]
    cold, again, others = [], [], []
    for _ in range(ROUNDS):
        shutil.rmtree(folder / ".shapetypes_cache", ignore_errors=True)
        cold.append(seconds(check, folder))
        again.append(seconds(check, folder))
        others.append(seconds(peer, folder))
    base = statistics.median(others)
    first, second = statistics.median(cold) / base, statistics.median(again) / base
    print(f"\n{len(files)} files: cold {first:.2f} x pyrefly (budget 2.0), unchanged {second:.2f} x (budget 0.6)")
    assert first <= 2.0
    assert second <= 0.6
