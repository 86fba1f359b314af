"""Several processes print what one prints; runs side by side, killed and interrupted ones leave no wrong result."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shapetypes.static.parallel import Lost, WorkerError, judged

FILES = 14


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "sizes.py").write_text("".join(f"W{i} = {i % 5}\n" for i in range(FILES)))
    for i in range(FILES):
        uses = f"m{i + 1:02}" if i + 1 < FILES else "sizes"
        (tmp_path / f"m{i:02}.py").write_text(
            f"import torch\nimport {uses}\nfrom sizes import W{i}\n\n\n"
            "class Net(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n"
            f"        self.lin = torch.nn.Linear(3, W{i})\n\n"
            "    def forward(self, x):\n        return self.lin(x)\n\n\n"
            "def f() -> None:\n    Net()(torch.zeros(2, 3)) + torch.zeros(2, 4)\n"
        )
    (tmp_path / "broken.py").write_text("x = (1,\n")
    return tmp_path


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "shapetypes", "check", ".", "--format", "json", "--coverage", *options]


def said(folder: Path, *options: str) -> tuple[int, str, str]:
    run = subprocess.run(command(*options), capture_output=True, text=True, cwd=folder, check=False)
    return run.returncode, run.stdout, run.stderr


def test_several_processes_print_what_one_prints(project: Path) -> None:
    expected = said(project, "--no-cache")
    assert expected[0] == 1
    assert expected[1].count('"code": "dim-mismatch"') > FILES / 3

    assert said(project, "--no-cache", "--jobs", "3") == expected
    assert said(project, "--jobs", "3") == expected, "into the cache"
    assert said(project) == expected, "from the cache"


def test_two_runs_side_by_side_do_no_harm(project: Path) -> None:
    expected = said(project, "--no-cache")
    runs = [
        subprocess.Popen(command("--jobs", jobs), cwd=project, stdout=subprocess.PIPE, text=True)
        for jobs in ("1", "2", "2")
    ]
    for run in runs:
        assert (run.communicate()[0], run.returncode) == (expected[1], expected[0])

    assert said(project) == expected


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_run_that_is_cut_off_leaves_nothing_wrong_and_nobody_behind(project: Path, kind: int, jobs: str) -> None:
    expected = said(project, "--no-cache")
    run = subprocess.Popen(
        command("--jobs", jobs),
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while run.poll() is None and not list(project.glob(".shapetypes_cache/*.units")):
        time.sleep(0.01)
    if kind == signal.SIGINT:
        os.killpg(run.pid, kind)  # as the terminal does: every process of the group gets it
    else:
        run.kill()
    _, complaint = run.communicate()

    if run.returncode not in (0, 1):  # it may have been done already
        assert run.returncode == (-kind if kind == signal.SIGKILL else 130)
        assert complaint == ""
    for _ in range(1000):
        if not group_lives(run.pid):
            break
        time.sleep(0.02)
    assert not group_lives(run.pid), "a process was left behind"
    assert said(project) == expected


@pytest.mark.parametrize("place", ["exec(kill)", "type('Late', (), {'__del__': lambda self: exec(kill)})()"])
def test_an_interrupt_is_not_lost_where_an_exception_would_be(place: str) -> None:
    lines = (
        "import shapetypes.cli as cli",
        "kill = 'import os, signal; os.kill(os.getpid(), signal.SIGINT)'",
        f"cli.main = lambda: {place} and 0",
        "cli.entry()",
    )
    run = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (130, "")


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


# -- the processes themselves ----------------------------------------------------------------------------------------


def lengths(by: int):
    def judge(file: str) -> int:
        if file == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if file == "fails":
            raise ValueError("no such luck")
        return len(file) * by

    return judge


def test_results_come_in_order() -> None:
    files = ["a" * (i % 7 + 1) for i in range(3)] + [f"f{i}" for i in range(40)]
    files = list(dict.fromkeys(files))

    assert list(judged(files, 3, lengths, 2)) == [(f, len(f) * 2) for f in files]


def test_a_process_that_dies_loses_its_file_alone() -> None:
    files = ["one", "dies", *(f"f{i}" for i in range(20))]
    found = dict(judged(files, 2, lengths, 1))

    assert isinstance(found.pop("dies"), Lost)
    assert found == {f: len(f) for f in files if f != "dies"}


def test_an_error_of_the_engine_is_told() -> None:
    with pytest.raises(WorkerError, match="no such luck"):
        list(judged(["one", "fails", "two"], 2, lengths, 1))
