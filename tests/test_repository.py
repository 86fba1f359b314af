"""Lines the repository holds: sizes of modules, who imports whom, what is loaded when, what is shipped."""

import ast
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shapetypes.core.fault import CODES

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "shapetypes"
MAX_LINES = 600

# ------------------------------------------------------------------------------------------------------------- layers

ANY = "any third party"
# What each layer may import beside itself and the standard library.
LAYERS = {
    "core": set(),
    "ops": {"core"},
    "static": {"core", "ops"},
    # `annotations` holds `Dim` and `Rule` alone, on the standard library.
    "runtime": {"core", "ops", "annotations", ANY},
    "trace": {"core", "ops", ANY},
    "diagnose": {"core"},
}
# What it may also import inside functions: words are made on failure only, colour only for a terminal.
DEFERRED = {
    "runtime": {"diagnose"},
    "trace": {"diagnose"},
    "diagnose": {"rich"},
}
# `runtime` and `trace` may use frameworks; a type checker is a front end's business.
NEVER = {"runtime": {"mypy"}, "trace": {"mypy"}}


def imports(tree: ast.Module, package: str) -> Iterator[tuple[str, int, bool]]:
    """Each imported module (absolute name, line, whether inside a function), wherever in the file it stands."""
    pending: list[tuple[ast.AST, bool]] = [(tree, False)]
    while pending:
        node, inside = pending.pop()
        match node:
            case ast.Import(names=names):
                yield from ((name.name, node.lineno, inside) for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                parents = package.split(".")
                base = ".".join([*parents[: len(parents) - level + 1], *filter(None, [module])]) if level else module
                for name in names:
                    yield f"{base}.{name.name}" if base == PACKAGE else base, node.lineno, inside
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                inside = True
        pending.extend((child, inside) for child in ast.iter_child_nodes(node))


def layer_violations(root: Path) -> list[str]:
    """Every import in the package under `root` that its layer does not allow, as "path:line imports what"."""
    found = []
    for layer, allowed in LAYERS.items():
        for path in sorted((root / PACKAGE / layer).rglob("*.py")):
            where = path.relative_to(root)
            for module, line, inside in imports(ast.parse(path.read_bytes()), ".".join(where.parent.parts)):
                top, _, rest = module.partition(".")
                what = rest.partition(".")[0] if top == PACKAGE else top
                permitted = allowed | (DEFERRED.get(layer, set()) if inside else set())
                if top == PACKAGE:
                    fine = what in permitted | {layer}
                else:
                    third_party = ANY in permitted and what not in NEVER.get(layer, set())
                    fine = what in sys.stdlib_module_names or what in permitted or third_party
                if not fine:
                    found.append(f"{where.as_posix()}:{line} imports {module}")
    return found


def test_layers_import_only_what_is_below_them():
    assert [] == layer_violations(ROOT)


@pytest.mark.parametrize(
    ("module", "code", "reported"),
    [
        ("core/dim.py", "import numpy", "numpy"),
        ("core/dim.py", "from shapetypes.ops import infer", "shapetypes.ops"),
        ("core/dim.py", "def f():\n    from shapetypes import diagnose", "shapetypes.diagnose"),
        ("core/dim.py", "from shapetypes import Float", "shapetypes.Float"),
        ("ops/reader.py", "import shapetypes.static.names", "shapetypes.static.names"),
        ("ops/torch/conv.py", "import torch", "torch"),
        ("ops/torch/conv.py", "from ...static import names", "shapetypes.static"),
        ("static/engine.py", "import torch.nn as nn", "torch.nn"),
        ("static/engine.py", "if TYPE_CHECKING:\n    import jaxtyping", "jaxtyping"),
        ("static/engine.py", "def f():\n    import mypy.build", "mypy.build"),
        ("static/engine.py", "from shapetypes.runtime import plan", "shapetypes.runtime"),
        ("static/engine.py", "from .. import trace", "shapetypes.trace"),
        ("runtime/plan.py", "from shapetypes.static import engine", "shapetypes.static"),
        ("runtime/plan.py", "from shapetypes.diagnose import text", "shapetypes.diagnose"),
        ("runtime/plan.py", "try:\n    import mypy\nexcept ImportError: pass", "mypy"),
        ("trace/torch.py", "import shapetypes.runtime", "shapetypes.runtime"),
        ("diagnose/text.py", "from shapetypes.ops import infer", "shapetypes.ops"),
        ("diagnose/text.py", "import rich", "rich"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path, module, code, reported):
    path = tmp_path / PACKAGE / module
    path.parent.mkdir(parents=True)
    path.write_text(f"import os\n{code}\n")

    (found,) = layer_violations(tmp_path)

    assert f"{PACKAGE}/{module}:" == found[: len(f"{PACKAGE}/{module}:")]
    assert f"imports {reported}" == found[found.index("imports") :]


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("core/dim.py", "from shapetypes.core.shape import Shape\nfrom . import shape\nimport functools"),
        ("ops/conv.py", "from shapetypes.core import dim\nfrom ..core.fault import Fault"),
        ("static/engine.py", "from shapetypes import core, ops\nimport ast"),
        ("runtime/plan.py", "import jaxtyping\ndef f():\n    import beartype\n    from shapetypes import diagnose"),
        ("diagnose/text.py", "def f():\n    import rich"),
        ("mypy.py", "import mypy.plugin\nfrom shapetypes.static import engine"),
    ],
)
def test_an_allowed_import_is_not_reported(tmp_path, module, code):
    path = tmp_path / PACKAGE / module
    path.parent.mkdir(parents=True)
    path.write_text(code)

    assert [] == layer_violations(tmp_path)


# ------------------------------------------------------------------------------------------------------------- sizes


def long_modules(root: Path) -> list[str]:
    """Modules of the package and of the tests that are longer than a reader should meet."""
    files = [path for folder in (PACKAGE, "tests") for path in sorted((root / folder).rglob("*.py"))]
    return [path.relative_to(root).as_posix() for path in files if len(path.read_bytes().splitlines()) > MAX_LINES]


def test_no_module_is_too_long():
    assert [] == long_modules(ROOT)


def test_a_module_that_is_too_long_is_found(tmp_path):
    for folder in (f"{PACKAGE}/core", "tests"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "fits.py").write_text("x = 1\n" * MAX_LINES)
        (tmp_path / folder / "long.py").write_text("x = 1\n" * (MAX_LINES + 1))
    (tmp_path / PACKAGE / "stub.pyi").write_text("x: int\n" * (MAX_LINES + 1))

    assert [f"{PACKAGE}/core/long.py", "tests/long.py"] == long_modules(tmp_path)


# ------------------------------------------------------------------------------------------------ what is loaded when

HEAVY = ["beartype", "einops", "jax", "jaxtyping", "keras", "numpy", "rich", "tensorflow", "torch"]


def heavy_modules_after(code: str) -> list[str]:
    """Which of the heavy packages a fresh interpreter holds after `code`, however that ended."""
    probe = (
        f"import atexit, sys\n"
        f"atexit.register(lambda: print('loaded', *[m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr))\n"
        f"{code}\n"
    )
    run = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=ROOT, check=False)

    assert 0 == run.returncode, run.stderr
    return run.stderr.splitlines()[-1].split()[1:]


def test_import_loads_nothing_heavy():
    assert [] == heavy_modules_after(f"import {PACKAGE}")


def test_help_loads_nothing_heavy():
    assert [] == heavy_modules_after(f"import sys\nsys.argv[1:] = ['--help']\nimport {PACKAGE}.cli as cli\ncli.main()")


def test_mypy_plugin_loads_nothing_heavy():
    assert [] == heavy_modules_after(f"import {PACKAGE}.mypy")


def test_a_heavy_import_is_found():
    assert ["beartype"] == heavy_modules_after("import beartype")
    assert "jaxtyping" in heavy_modules_after("import sys\ndef f():\n    import jaxtyping\nf()\nsys.exit()")


# ---------------------------------------------------------------------------------------------------- what is shipped


def build(source: Path, target: str, out: Path) -> Path:
    """Build `target` ("wheel" or "sdist") of the project in `source` into `out`, and return the file."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": "0"})
    (built,) = out.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return built


def test_a_wheel_built_from_the_sdist_carries_the_stubs_the_pages_and_the_marker(tmp_path):
    with tarfile.open(build(ROOT, "sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.glob(f"{PACKAGE}-*")

    with zipfile.ZipFile(build(source, "wheel", tmp_path / "wheel")) as wheel:
        shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}
    expected = {f"{PACKAGE}/_stubs/{path.relative_to(ROOT / 'stubs').as_posix()}" for path in stub_files()}
    expected |= {path.relative_to(ROOT).as_posix() for path in (ROOT / PACKAGE).rglob("*.py")}
    expected |= {f"{PACKAGE}/_pages/{code}.md" for code in CODES}

    assert expected
    assert expected | {f"{PACKAGE}/py.typed"} <= shipped
    # Nothing at the top of site-packages but the package: above all no `torch-stubs`.
    assert {PACKAGE} == {name.partition("/")[0] for name in shipped}


def stub_files() -> list[Path]:
    files = sorted((ROOT / "stubs").rglob("*.pyi"))
    assert files
    return files


# ------------------------------------------------------------------------------------------------------ documentation


def test_the_navigation_names_every_page_once_and_no_other():
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    pages = sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))

    assert pages == sorted(re.findall(r"[\w/-]+\.md", nav))


def test_every_error_code_has_a_page():
    pages = {path.stem for path in (ROOT / "docs" / "errors").glob("*.md")} - {"index"}

    assert set(CODES) == pages
