"""After any edit, what was kept of the statements that did not change is what a run without anything kept finds."""

import os
import random
from pathlib import Path
from typing import Any

import pytest

from shapetypes.diagnose import concise
from shapetypes.static.api import Checker
from shapetypes.static.check import FileCheck
from shapetypes.static.report import FileReport
from shapetypes.static.store import UnitStore

EDITS = int(os.environ.get("SHAPETYPES_EDITS", "40"))

HEAD = "import torch\nfrom jaxtyping import Float\nfrom torch import Tensor, nn\n"
# What can stand at each place of the modules below; the first is what the project starts with.
PLACES: dict[str, tuple[str, ...]] = {
    "hid": ("16", "32", "BASE * 2"),
    "alias": ('"b t 16"', '"b t 32"', '"b t d"'),
    "lead": ("", "# a line more\n", '"""A module."""\n\n\n'),
    "lead2": ("", "\n\n", "SPARE = 5\n"),
    "in": ("16", "HID", "32"),
    "out": ("16", "8", "width"),
    "reexport": ("from sizes import HID", "from sizes import *", "from sizes import BASE as HID"),
    "import": ("from layers import Block", "import layers\nBlock = layers.Block", "from package import Block"),
    "base": ("nn.Module", "Parent", "layers.Parent"),
    "override": ("", "    def scale(self, x):\n        return x[0]\n\n"),
    "scale": ("x * 2", "x.unsqueeze(0)", "x.sum(-1)"),
    "local": ("", '        y: Float[Tensor, "b t 8"] = y\n', '        y: Float[Tensor, "b t c"] = y\n'),
    "free": ("x + 1", "x.mT", "helper(x)"),
    "helper": ("x", "x.flatten(1)", "x[:, 0]"),
    "use": ("torch.zeros(2, 3, 16)", "torch.zeros(2, 3, 8)", "torch.zeros(2, 16)"),
    "second": ("", "def helper(x):\n    return x\n\n\n", "HID = 8\n"),
    "patch": ("", "net.scale = None\n", "net.lin = nn.Linear(8, 8)\n"),
    "inner": ("from layers import helper", "from package import helper", "import layers\n    helper = layers.helper"),
    "order": ("0", "1"),
    "late": ("SIZE = 16\n", "SIZE = 8\n", None),  # type: ignore[dict-item]
}
FIRST = 'def free(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:\n    return {free}\n\n\n'
SECOND = "def helper(x):\n    return {helper}\n\n\n"


def render(state: dict[str, Any]) -> dict[str, str]:
    pair = (FIRST, SECOND) if state["order"] == "0" else (SECOND, FIRST)
    layers = (
        "{lead}" + HEAD + "import layers\n{reexport}\n\nBTD = Float[Tensor, {alias}]\n\n\n"
        "class Parent(nn.Module):\n    def scale(self, x):\n        return {scale}\n\n\n"
        "class Block({base}):\n    def __init__(self, width: int = 16) -> None:\n        super().__init__()\n"
        "        self.lin = nn.Linear({in}, {out})\n\n{override}"
        "    def forward(self, x: BTD) -> BTD:\n        y = self.lin(x)\n{local}        return y\n\n\n" + "".join(pair)
    )
    user = (
        HEAD + "{lead2}{import}\n\n\ndef run() -> None:\n    net = Block()\n    net({use})\n\n\n"
        "def deep() -> None:\n    {inner}\n    from late import SIZE\n"
        "    helper(torch.zeros(2, 3, SIZE)) @ torch.zeros(SIZE, 3)\n\n\n"
        'def typed(net: Block, x: Float[Tensor, "b t 16"]) -> Float[Tensor, "b t 16"]:\n    {patch_}return net(x)\n\n\n'
        "net = Block()\n{patch}net({use})\n{second}"
    )
    files = {
        "sizes.py": "BASE = 8\nHID = {hid}\n",
        "layers.py": layers,
        "package/__init__.py": "from package.inner import *\n",
        "package/inner.py": "from layers import Block, free, helper\n",
        "user.py": user,
    }
    fields = {**state, "patch_": ""}
    out = {name: text.format(**fields) for name, text in files.items()}
    if state["late"] is not None:
        out["late.py"] = state["late"]
    return out


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    for path in folder.rglob("*.py"):
        if str(path.relative_to(folder)) not in files:
            path.unlink()


def told(report: FileReport) -> Any:
    texts = [(concise(d), d.place, d.severity, [n.place for n in d.notes]) for d in report.diagnostics]
    return (texts, report.functions, report.known, report.unknown, report.crashes, report.reasons)


def check(folder: Path, files: dict[str, str], store: UnitStore | None) -> dict[str, Any]:
    checker = Checker([str(folder)], store=store)
    return {name: told(checker.check(str(folder / name))) for name in sorted(files)}


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The units that are really judged."""
    out: list[tuple[str, int]] = []
    real = FileCheck.unit

    def spy(work: FileCheck, unit: int, *rest: Any) -> Any:
        out.append((work.module.name, unit))
        return real(work, unit, *rest)

    monkeypatch.setattr(FileCheck, "unit", spy)
    return out


@pytest.mark.parametrize("seed", [0, 1])
def test_random_edits(tmp_path: Path, seed: int, judged: list[tuple[str, int]]) -> None:
    choose = random.Random(seed)
    state: dict[str, Any] = {name: options[0] for name, options in PLACES.items()}
    told_of, units, again = set(), 0, 0
    for edit in range(EDITS):
        files = render(state)
        write(tmp_path, files)
        found = check(tmp_path, files, UnitStore(tmp_path, ""))
        mark = len(judged)
        assert found == check(tmp_path, files, None), (seed, edit, state)
        again, units = again + mark, units + len(judged) - mark
        judged.clear()
        told_of.update(text for report in found.values() for text, *_ in report[0])
        for place in choose.sample(sorted(PLACES), choose.choice((1, 1, 2))):
            state[place] = choose.choice(PLACES[place])
    assert len(told_of) > 10
    assert again < units / 2, "next to nothing was kept"


def test_only_what_depends_on_an_edit_is_judged_again(tmp_path: Path, judged: list[tuple[str, int]]) -> None:
    text = HEAD + "\n\n".join(f"def f{i}(x: Tensor) -> Tensor:\n    return {'x' if i else 'f1(x)'}\n" for i in range(5))
    files = {"one.py": text}
    write(tmp_path, files)
    check(tmp_path, files, UnitStore(tmp_path, ""))
    judged.clear()

    start = "def f1(x: Tensor) -> Tensor:\n    return x"
    edited = text.replace(start, f"{start} + 1")
    write(tmp_path, {"one.py": "# moved down\n" + edited})
    check(tmp_path, files, UnitStore(tmp_path, ""))

    assert judged == [("one", 3), ("one", 4)], "f1 itself, and f0 that calls it"


def test_places_move_with_the_lines(tmp_path: Path, judged: list[tuple[str, int]]) -> None:
    text = HEAD + '\n\ndef f(x: Float[Tensor, "b 3"]) -> Float[Tensor, "b 4"]:\n    return x\n'
    write(tmp_path, {"one.py": text})
    (before,) = check(tmp_path, {"one.py": text}, UnitStore(tmp_path, ""))["one.py"][0]
    judged.clear()

    write(tmp_path, {"one.py": "\n\n" + text})
    (after,) = check(tmp_path, {"one.py": text}, UnitStore(tmp_path, ""))["one.py"][0]

    assert judged == []
    assert (before[1].line, after[1].line) == (7, 9)
    assert [p and p.line for p in after[3]] == [p and p.line + 2 for p in before[3]]


def test_another_engine_or_other_settings_find_nothing_kept(tmp_path: Path, judged: list[tuple[str, int]]) -> None:
    files = {"one.py": HEAD + "\n\ndef f(x: Tensor) -> Tensor:\n    return x\n"}
    write(tmp_path, files)
    for settings in ("a", "b", "a"):
        judged.clear()
        check(tmp_path, files, UnitStore(tmp_path, settings))
        assert judged != []


def test_a_fault_that_another_file_tells_is_not_told_again_when_all_is_kept(tmp_path: Path) -> None:
    inner = HEAD + 'def bad(x: Float[Tensor, "b 3"]) -> Tensor:\n    return x + torch.zeros(4)\n'
    write(tmp_path, {"inner.py": inner, "user.py": HEAD + "from inner import bad\n\nbad(torch.zeros(2, 3))\n"})
    files = {"user.py": ""}
    expected = check(tmp_path, files, None)
    assert expected["user.py"][0] == []

    for _ in range(3):
        assert check(tmp_path, files, UnitStore(tmp_path, "")) == expected
