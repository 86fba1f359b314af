"""The plugin through real runs of mypy: what is said where, and what silences it."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Make = Callable[..., Any]

CONF = "HID = 128\n"
SHAPES = """
    from jaxtyping import Float
    from torch import Tensor
    BTF = Float[Tensor, "b t 64"]
"""
MODEL = """
    from jaxtyping import Float
    from torch import Tensor, nn
    from conf import HID
    from shapes import BTF

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lin = nn.Linear(64, HID)
            self.out = nn.Linear(128, 10)

        def forward(self, x: BTF) -> Float[Tensor, "b t 10"]:
            return self.out(self.lin(x))
"""
USE = """
    from jaxtyping import Float
    from torch import Tensor

    def product(x: Float[Tensor, "n d"], w: Float[Tensor, "k d"]) -> Float[Tensor, "n k"]:
        return x @ w
"""
FILES = {"conf.py": CONF, "shapes.py": SHAPES, "model.py": MODEL, "use.py": USE}
PRODUCT = [
    "use.py:5: error: `@` operand `w`: axis 0 is `k`, expected `d` (axis 1 of `x`) [dim-mismatch]  [shape]",
    "use.py:5: note: shapes: `x` (n, d), `w` (k, d)",
]


def test_cold_and_warm(project: Make) -> None:
    work = project(FILES)
    assert work.mypy() == PRODUCT
    found, checked = work.stale()
    assert found == PRODUCT
    assert not checked


def test_columns_and_ends(project: Make) -> None:
    work = project({"use.py": USE})
    first = work.mypy("--show-column-numbers", "--show-error-end", ".")[0]
    assert first.startswith("use.py:5:12:5:16: error: ")
    # Columns count characters.
    work.edit("use.py", "return x @ w", "é = 'é'; return x @ w")
    assert work.mypy("--show-column-numbers", "--show-error-end", ".")[0].startswith("use.py:5:21:5:25: error: ")


def test_json(project: Make) -> None:
    work = project({"use.py": USE})
    (line,) = work.raw("-O", "json", ".").splitlines()
    found = json.loads(line)
    assert (found["file"], found["line"], found["column"], found["code"]) == ("use.py", 5, 11, "shape")
    assert found["message"].endswith("[dim-mismatch]")
    assert "shapes:" in found["hint"]


@pytest.mark.parametrize(
    ("module", "old", "new", "line"),
    [
        ("shapes.py", '"b t 64"', '"b t 65"', "model.py:13:25"),
        ("conf.py", "128", "127", "model.py:13:16"),
        ("model.py", '"b t 10"', '"b t 11"', "model.py:13:16"),
    ],
)
def test_one_module_changed(project: Make, module: str, old: str, new: str, line: str) -> None:
    work = project(FILES)
    assert work.mypy() == PRODUCT
    work.edit(module, old, new)
    found, checked = work.stale("--show-column-numbers", ".")
    assert any(text.startswith(f"{line}: error:") for text in found)
    assert found == work.cold("--show-column-numbers", ".")
    assert "use" not in checked
    work.edit(module, new, old)
    assert work.mypy() == PRODUCT


def test_through_a_module_between(project: Make) -> None:
    """A constant two imports away: what stands between has the same interface for mypy."""
    between = {"conf.py": "from base import HID\n", "base.py": CONF}
    work = project({**FILES, **between})
    assert work.mypy() == PRODUCT
    work.edit("base.py", "128", "127")
    assert any(text.startswith("model.py:13: error:") for text in work.mypy())


def test_workers(project: Make) -> None:
    work = project(FILES)
    for old, new in (("128", "127"), ("127", "128"), ("128", "126")):
        assert work.mypy("-n", "2", ".") == work.cold()
        work.edit("conf.py", old, new)
    assert work.mypy("-n", "2", ".") == work.cold()
    assert work.mypy("-n", "2", ".") == work.cold()


def test_daemon(project: Make) -> None:
    work = project(FILES)
    assert work.daemon() == PRODUCT
    work.edit("conf.py", "128", "127")
    assert work.daemon() == work.cold() != PRODUCT
    work.edit("conf.py", "127", "128")
    work.edit("use.py", '"k d"', '"d k"')
    assert work.daemon() == []
    work.edit("use.py", '"d k"', '"k d"')
    assert work.daemon() == PRODUCT


def test_daemon_module_comes_and_goes(project: Make) -> None:
    work = project(FILES)
    assert work.daemon() == PRODUCT
    (work.root / "conf.py").unlink()
    assert work.daemon() == work.cold()
    work.write({"conf.py": "HID = 99\n"})
    assert work.daemon() == work.cold()
    assert any("is 99, expected 128" in text for text in work.daemon())


def test_daemon_unused_ignores(project: Make) -> None:
    work = project({"use.py": USE.replace("x @ w", "x @ w  # type: ignore[shape]")})
    assert work.daemon("--warn-unused-ignores") == []
    work.edit("use.py", '"k d"', '"d k"')
    assert work.daemon("--warn-unused-ignores") == ['use.py:5: error: Unused "type: ignore" comment  [unused-ignore]']


def test_daemon_from_a_cache(project: Make) -> None:
    """mypy keeps no errors in such a cache, its own neither: it is made from a clean state."""
    work = project({**FILES, "use.py": USE.replace('"k d"', '"d k"')})
    assert work.mypy("--cache-fine-grained", ".") == []
    args = ("--use-fine-grained-cache",)
    assert work.daemon(*args) == []
    work.edit("conf.py", "128", "127")
    assert work.daemon(*args) == work.cold() != []


@pytest.mark.parametrize(
    "cache",
    [
        "--sqlite-cache",
        "--no-sqlite-cache",
        "--no-fixed-format-cache",
        "--no-native-parser",
        "--no-local-partial-types",
    ],
)
def test_other_ways_to_run(project: Make, cache: str) -> None:
    work = project(FILES)
    assert work.mypy(cache, ".") == PRODUCT
    assert work.mypy(cache, ".") == PRODUCT
    work.edit("conf.py", "128", "127")
    assert work.mypy(cache, ".") == work.cold() != PRODUCT


# -- silence ---------------------------------------------------------------------------------------------------------

UNUSED = "Unused "


@pytest.mark.parametrize(
    "comment",
    [
        "# type: ignore[shape]",
        "# type: ignore",
        "# shapetypes: ignore[dim-mismatch]",
        "# shapetypes: ignore",
        "# type: ignore[shape]  # why",
    ],
)
def test_comments(project: Make, comment: str) -> None:
    work = project({"use.py": USE.replace("x @ w", f"x @ w  {comment}")})
    assert work.mypy("--warn-unused-ignores", ".") == []


@pytest.mark.parametrize("comment", ["# type: ignore[arg-type]", "# shapetypes: ignore[axis-order]"])
def test_comments_for_something_else(project: Make, comment: str) -> None:
    work = project({"use.py": USE.replace("x @ w", f"x @ w  {comment}")})
    assert PRODUCT[0] in work.mypy()


def test_comment_on_the_last_line_of_an_expression(project: Make) -> None:
    work = project({"use.py": USE.replace("x @ w", "(x\n            @ w)  # type: ignore[shape]")})
    assert work.mypy("--warn-unused-ignores", ".") == []


def test_unused_comment(project: Make) -> None:
    work = project({"use.py": USE.replace('"k d"', '"d k"').replace("x @ w", "x @ w  # type: ignore[shape]")})
    assert work.mypy("--warn-unused-ignores", ".") == [
        'use.py:5: error: Unused "type: ignore" comment  [unused-ignore]'
    ]


@pytest.mark.parametrize(
    ("settings", "first"),
    [
        ("[mypy-use]\ndisable_error_code = shape\n", ""),
        ("[mypy-use]\nignore_errors = true\n", ""),
        ("", "# mypy: ignore-errors\n"),
        ("", '# mypy: disable-error-code="shape"\n'),
        ("", "# shapetypes: ignore\n"),
    ],
)
def test_whole_module(project: Make, settings: str, first: str) -> None:
    work = project({"use.py": first + USE}, settings)
    if first:
        work.write({"use.py": first + "\n".join(x[4:] for x in USE.splitlines())})
    assert work.mypy() == []
    assert work.daemon() == []


def test_disabled_by_option(project: Make) -> None:
    assert project(FILES).mypy("--disable-error-code", "shape", ".") == []


# -- files -----------------------------------------------------------------------------------------------------------


def test_shadow_file(project: Make) -> None:
    work = project({"use.py": "x = 1\n"})
    work.write({"editor/buffer.txt": "# 1\n# 2\n" + "\n".join(x[4:] for x in USE.splitlines())})
    args = ("--shadow-file", "use.py", "editor/buffer.txt", "use.py")
    assert [x.partition(":")[2][:2] for x in work.mypy(*args)] == ["8:", "8:"]


def test_file_outside_the_build(project: Make) -> None:
    """A module that mypy does not follow is not followed, and not judged."""
    work = project(FILES, "[mypy-conf]\nfollow_imports = skip\n")
    work.edit("conf.py", "128", "127")
    assert work.mypy("model.py", "shapes.py") == []
    assert work.mypy("use.py") == PRODUCT


def test_followed_silently(project: Make) -> None:
    """A module that is followed without its own errors is read, and not judged."""
    work = project({**FILES, "other.py": "import use\n"})
    assert work.mypy("--follow-imports", "silent", "other.py") == []


def test_code_on_the_command_line(project: Make) -> None:
    work = project({})
    code = "from torch import Tensor\nfrom jaxtyping import Float\ndef f(x: Float[Tensor, 'a']) -> Tensor: return x\n"
    assert work.mypy("-c", code) == []


def test_packages(project: Make) -> None:
    package = {
        f"pkg/{name}": text.replace("from conf", "from .conf").replace("from shapes", "from pkg.shapes")
        for name, text in FILES.items()
    }
    work = project({**package, "pkg/__init__.py": "from pkg.model import Net as Net\n"})
    work.edit("pkg/conf.py", "128", "127")
    (error, *_) = work.mypy("-p", "pkg")
    assert error.startswith(f"pkg{os.sep}model.py:13: error:")


def test_odd_annotations(project: Make) -> None:
    """What mypy itself says about `Annotated` stays, also where the plugin takes the first one to get a hold of it."""
    odd = """
        from typing import Annotated, NotRequired, TypedDict
        x: Annotated[int]
        class T(TypedDict):
            y: Annotated[NotRequired[list[str]], "x"]
    """
    work = project({"odd.py": odd, "plain.ini": "[mypy]\n"})
    plain = ("--config-file", "plain.ini", "--cache-dir", "plain", "odd.py")
    assert work.mypy() == work.cold() == work.mypy(*plain) != []
    work.write({"odd.py": "from typing import Annotated\ndef f(x: Annotated[int]) -> None: ...\n"})
    assert work.mypy() == work.cold() == work.mypy(*plain) != []


def test_first_annotation_of_a_warm_run(project: Make) -> None:
    """A module with nothing but annotations and operators: no other hook runs before the end."""
    work = project(FILES)
    assert work.mypy() == PRODUCT
    work.edit("use.py", "return x @ w", "return w @ x")
    assert work.mypy() == work.cold() != PRODUCT


def test_failure_inside_costs_nothing(project: Make) -> None:
    """A failure of ours is a line on stderr; with SHAPETYPES_RAISE it is an error."""
    work = project({"use.py": USE, "sitecustomize.py": "raise SystemError\n"})
    (work.root / "sitecustomize.py").unlink()
    breaker = """
        import shapetypes.static.api as api
        def check(*args: object) -> None:
            raise ZeroDivisionError("on purpose")
        api.Checker.check = check  # type: ignore
        from mypy.plugin import Plugin
        def plugin(version: str) -> type[Plugin]:
            return Plugin
    """
    work.write({"breaker.py": breaker})
    work.edit("mypy.ini", "plugins = ", "plugins = breaker.py, ")
    done = work.run("mypy", "use.py", env={"SHAPETYPES_RAISE": ""})
    assert (done.returncode, done.stdout) == (0, "Success: no issues found in 1 source file\n")
    assert done.stderr == "shapetypes: ZeroDivisionError in the mypy plugin: on purpose\n"
    work.write({"use.py": USE})
    assert work.run("mypy", "--cache-dir", os.devnull, "use.py", env={"SHAPETYPES_RAISE": "1"}).returncode == 2


def test_settings(project: Make) -> None:
    work = project(FILES)
    assert work.mypy() == PRODUCT
    work.write({"pyproject.toml": '[tool.shapetypes]\nexclude = ["use.py"]\n'})
    assert work.mypy() == []
    work.write({"pyproject.toml": "[tool.shapetypes]\nwrong = 1\n"})
    done = work.run("mypy", ".")
    assert "no setting `wrong`" in done.stderr
    assert "use.py:5: error" in done.stdout


def test_another_engine(project: Make) -> None:
    """With another engine the modules of the project are checked again, and nothing else."""
    import shutil

    import shapetypes
    from shapetypes.ops.stubs import own_folder

    work = project(FILES)
    package = Path(shapetypes.__file__).parent
    leave = shutil.ignore_patterns("__pycache__", "_stubs")
    shutil.copytree(package, work.root / "engine" / "shapetypes", ignore=leave)
    shutil.copytree(own_folder(), work.root / "engine" / "shapetypes" / "_stubs", ignore=leave)
    env = {"PYTHONPATH": str(work.root / "engine")}
    args = ("conf.py", "shapes.py", "model.py", "use.py")
    assert work.mypy(*args, env=env) == PRODUCT
    assert work.stale(*args, env=env)[1] == set()
    words = work.root / "engine" / "shapetypes" / "diagnose" / "lists.py"
    words.write_text(words.read_text().replace("{headline(diagnostic.fault)} [", "{headline(diagnostic.fault)}! ["))
    found, checked = work.stale(*args, env=env)
    assert found[0] == PRODUCT[0].replace(" [dim-mismatch]", "! [dim-mismatch]")
    assert (
        {"conf", "shapes", "model", "use"}
        <= checked
        <= {"conf", "shapes", "model", "use", "torch", "torch.nn", "jaxtyping"}
    )
