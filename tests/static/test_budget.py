"""Steps and memory are bounded, and what is found depends on neither the order of files nor on what was let go of."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from shapetypes.diagnose import concise
from shapetypes.static import api
from shapetypes.static.api import Checker
from shapetypes.static.engine import STEPS_PER_FUNCTION, Engine
from shapetypes.static.store import UnitStore
from shapetypes.static.units import GIVEN_UP

HEAD = "import torch\n\n\n"
FAN = "".join(f"def f{i}(x):\n    return [{', '.join([f'f{i + 1}(x)'] * 20)}]\n\n\n" for i in range(5))
DEEP = FAN + "def f5(x):\n    return x\n\n\n"
FAULT = "def wrong() -> None:\n    torch.zeros(2) + torch.zeros(3)\n"


def told(folder: Path, *names: str, **options: Any) -> dict[str, Any]:
    checker = Checker([str(folder)], **options)
    out = {}
    for name in names:
        report = checker.check(str(folder / name))
        out[name] = ([concise(d) for d in report.diagnostics], report.known, report.crashes, report.reasons)
    return out


def test_a_function_that_takes_too_long_is_given_up_and_the_rest_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deep.py").write_text(HEAD + DEEP + FAULT)
    most = [0]
    start = Engine.start

    def spy(engine: Engine) -> None:
        most[0] = max(most[0], engine.steps)
        start(engine)

    monkeypatch.setattr(Engine, "start", spy)
    first = told(tmp_path, "deep.py")
    (found, _, crashes, reasons) = first["deep.py"]

    assert [line for line in found if "dim-mismatch" in line] == found != []
    assert crashes == reasons[GIVEN_UP] > 0
    assert most[0] == STEPS_PER_FUNCTION + 1
    assert told(tmp_path, "deep.py") == first
    store = UnitStore(tmp_path, "")
    assert told(tmp_path, "deep.py", store=store) == told(tmp_path, "deep.py", store=store) == first


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text(
        "import torch\n\n\nclass Config:\n    def __init__(self):\n        self.width = 4\n\n\n"
        "CONFIG = Config()\nTABLE = torch.zeros(CONFIG.width, 3)\n"
    )
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text(
            HEAD + "from config import CONFIG, TABLE\n\n\n"
            "def f() -> None:\n    torch.zeros(5) + torch.zeros(CONFIG.width)\n\n\n"
            "def g() -> None:\n    torch.zeros(5) + torch.zeros(CONFIG.width)\n    TABLE @ torch.zeros(5, 2)\n"
        )
    names = ("a.py", "b.py", "config.py")
    first = told(tmp_path, *names)

    assert [len(first[name][0]) for name in names] == [3, 3, 0]
    for order in permutations(names):
        assert told(tmp_path, *order) == first


def test_modules_are_let_go_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base.py").write_text(HEAD + "def give():\n    return torch.zeros(2)\n")
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.py").write_text(
            HEAD + "from base import give\n\n\ndef f() -> None:\n    give() + torch.zeros(3)\n"
        )
    names = ("a.py", "b.py", "base.py", "c.py", "a.py")
    expected = told(tmp_path, *names)
    assert len(expected["a.py"][0]) == 1

    monkeypatch.setattr(api, "KEPT_SOURCE", 50)
    assert told(tmp_path, *names) == expected
    checker = Checker([str(tmp_path)])
    checker.check(str(tmp_path / "a.py"))
    assert checker.finder.modules == {}
    assert checker.finder.characters == 0
