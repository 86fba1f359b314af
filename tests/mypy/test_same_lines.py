"""mypy reports the lines that the engine reports; without the plugin nothing is reported at all."""

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shapetypes.static.api import Checker

Make = Callable[..., Any]

# Each is a program, and what one line of it must be for it to be right.
PAIRS = {
    "classifier": (
        """
        import torch
        from jaxtyping import Float
        from torch import Tensor, nn

        class Classifier(nn.Module):
            def __init__(self, width: int = 256) -> None:
                super().__init__()
                self.inner = nn.Linear(784, width)
                self.outer = nn.Linear(128, 10)

            def forward(self, x: Float[Tensor, "batch pixels"]) -> Float[Tensor, "batch classes"]:
                return self.outer(self.inner(x))

        net = Classifier(128)
        net(torch.zeros(4, 28, 28))
        """,
        ("torch.zeros(4, 28, 28)", "torch.zeros(4, 784)"),
    ),
    "attention": (
        """
        from jaxtyping import Float
        from torch import Tensor

        def scores(q: Float[Tensor, "b t d"], k: Float[Tensor, "b s d"]) -> Float[Tensor, "b t s"]:
            return q @ k
        """,
        ("q @ k", "q @ k.transpose(1, 2)"),
    ),
    "projection": (
        """
        from jaxtyping import Float
        from torch import Tensor, nn

        HEADS = 8

        class Project(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.down = nn.Linear(64 * HEADS, 64)
                self.up = nn.Linear(64, 64 * HEADS)

            def forward(self, x: Float[Tensor, "n 512"]) -> Float[Tensor, "n 512"]:
                return self.up(self.down(x)) + self.down(x)
        """,
        ("+ self.down(x)", "+ x"),
    ),
    "untyped": (
        """
        import torch
        from torch import nn

        def run():
            layer = nn.Linear(3, 4)
            first = layer(torch.zeros(2, 3))
            return layer(first)
        """,
        ("layer(first)", "first"),
    ),
    "towers": (
        """
        import keras
        from keras import layers

        def make():
            user, film = keras.Input((12,)), keras.Input((20,))
            towers = [layers.Dense(32)(user), layers.Dense(48)(film)]
            return keras.Model([user, film], layers.Dot(axes=1)(towers))
        """,
        ("Dense(48)", "Dense(32)"),
    ),
}


def places(output: list[str]) -> list[tuple[int, str]]:
    return [(int(x.split(":")[1]), x.split(": ", 2)[2]) for x in output if x.endswith("[shape]")]


def engine(path: Path) -> list[tuple[int, str]]:
    from shapetypes.diagnose import mypy_message

    found = Checker([str(path.parent)]).check(str(path)).diagnostics
    return sorted((d.place.line, f"{mypy_message(d)[0]}  [shape]") for d in found)


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_pairs(project: Make, name: str) -> None:
    broken, (wrong, right) = PAIRS[name]
    assert wrong in broken
    work = project({f"{name}.py": broken})
    expected = engine(work.root / f"{name}.py")
    assert expected
    assert sorted(places(work.mypy())) == expected
    work.edit(f"{name}.py", wrong, right)
    assert places(work.mypy()) == engine(work.root / f"{name}.py")
    assert all(line != expected[-1] for line in places(work.mypy()))


PLAIN = """
    import dataclasses
    from typing import Annotated, Generic, Protocol, TypeVar

    T = TypeVar("T")
    Positive = Annotated[int, "more than 0"]

    class Named(Protocol):
        name: str

    @dataclasses.dataclass
    class Point(Generic[T]):
        x: T
        y: Positive = 0

        def moved(self, by: Positive) -> "Point[T]":
            return dataclasses.replace(self, y=self.y + by)

    def total(points: list[Point[int]]) -> int:
        return sum(p.x for p in points) + "one"

    reveal_type(Point(3).moved(1))
    __import__("os").path
"""


def test_nothing_changes_without_shapes(project: Make) -> None:
    work = project({"plain.py": PLAIN, "plain.ini": "[mypy]\ncheck_untyped_defs = true\n"})
    without = work.mypy("--config-file", "plain.ini", "--cache-dir", "plain", "plain.py")
    assert len(without) == 2
    assert work.mypy("plain.py") == without
    assert work.mypy("plain.py") == without
    assert work.mypy("-n", "2", "--cache-dir", "other", "plain.py") == without
    assert work.daemon() == without


def test_light(project: Make) -> None:
    """The plugin loads no framework and no jaxtyping, and no engine before it is needed."""
    code = "import shapetypes.mypy, sys; shapetypes.mypy.plugin(''); print(sorted(sys.modules))"
    loaded = ast.literal_eval(subprocess.check_output([sys.executable, "-c", code], text=True))
    assert not {"torch", "jaxtyping", "numpy", "beartype", "shapetypes.static.engine"} & set(loaded)


def test_version() -> None:
    """The engine's version counts the stubs, and is not read from the sources twice."""
    from shapetypes.ops.stubs import own_folder
    from shapetypes.static import version

    paths = [path for path, _, _ in version._files()]
    assert str(own_folder() / "torch" / "__init__.pyi") in paths
    assert str(Path(version.__file__).parent.parent / "static" / "engine.py") in paths
    assert version.engine_version() == version.engine_version() == version._content(iter(paths))


# -- with the real thing ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """mypy's cache for torch, made once."""
    return str(tmp_path_factory.mktemp("torch-cache"))


@pytest.mark.parametrize("name", ["classifier", "attention"])
def test_real_torch(project: Make, cache: str, name: str) -> None:
    broken, (wrong, right) = PAIRS[name]
    work = project({f"{name}.py": broken}, typings=False)
    work.write({"mypy.ini": "[mypy]\nplugins = shapetypes.mypy\n"})
    expected = engine(work.root / f"{name}.py")
    assert sorted(places(work.mypy("--cache-dir", cache, f"{name}.py"))) == expected
    work.edit(f"{name}.py", wrong, right)
    assert work.mypy("--cache-dir", cache, f"{name}.py") == []


# -- installed, and not configured -----------------------------------------------------------------------------------

SMALL = """
    import torch
    from jaxtyping import Float
    from torch import Tensor, nn

    def product(x: Float[Tensor, "n d"], w: Float[Tensor, "k d"]) -> Float[Tensor, "n k"]:
        return x @ w

    layer = nn.Linear(3, 4)
    reveal_type(product(torch.zeros(2, 3), layer(torch.zeros(4, 5))))
    wrong: int = product
"""


def environment(root: Path, installed: bool) -> Path:
    """A virtual environment with small torch and jaxtyping packages, and with this package as its wheel lays it out."""
    import shutil
    import venv

    import shapetypes
    from shapetypes.ops.stubs import own_folder

    venv.create(root, symlinks=True)
    (site,) = root.glob("lib/python*/site-packages")
    for package in ("torch", "jaxtyping"):
        (site / package).mkdir()
    for name in ("torch/py.typed", "jaxtyping/py.typed"):
        (site / name).touch()
    if installed:
        leave = shutil.ignore_patterns("__pycache__", "_stubs")
        shutil.copytree(Path(shapetypes.__file__).parent, site / "shapetypes", ignore=leave)
        shutil.copytree(own_folder(), site / "shapetypes" / "_stubs", ignore=leave)
    return root


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("environments")
    return environment(folder / "a", installed=False), environment(folder / "b", installed=True)


@pytest.mark.parametrize("tool", ["mypy", "pyright", "ty"])
def test_installed_and_not_configured(project: Make, environments: tuple[Path, Path], tool: str) -> None:
    work = project({"small.py": SMALL, "plain.ini": "[mypy]\n"})
    outputs = []
    for root in environments:
        python = str(root / "bin" / "python")
        (site,) = root.glob("lib/python*/site-packages")
        for path in (work.root / "typings").rglob("*.pyi"):
            target = site / path.relative_to(work.root / "typings")
            target.parent.mkdir(exist_ok=True)
            target.write_text(path.read_text())
        commands = {
            "mypy": ("mypy", "--config-file", "plain.ini", "--python-executable", python, "--strict", "small.py"),
            "pyright": ("pyright", "--pythonpath", python, "small.py"),
            "ty": ("ty", "check", "--python", str(root), "--output-format", "concise", "small.py"),
        }
        done = work.run(*commands[tool])
        outputs.append(done.stdout.replace(str(root), "ENV"))
    assert outputs[0] == outputs[1]
    assert "small.py" in outputs[0]
    assert "[shape]" not in outputs[0]
    assert "Tensor" in outputs[0]
