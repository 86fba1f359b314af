"""The import hook, `pytest --shapetypes`, the notebook magic; processes that are spawned."""

import ast
import multiprocessing
import os
import pickle
import subprocess
import sys
import textwrap

import pytest
import torch

from shapetypes import Float, ShapeError, assert_shape, install_import_hook, shapecheck, shaped
from shapetypes.import_hook import VARIABLE, load_ipython_extension, unload_ipython_extension


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package without a decorator in it."""
    home = tmp_path / "hooked"
    home.mkdir()
    (home / "__init__.py").write_text("")
    (home / "model.py").write_text(
        textwrap.dedent('''
            """Doc."""
            from __future__ import annotations

            from dataclasses import dataclass
            from typing import NamedTuple, no_type_check

            import torch
            from jaxtyping import Float
            from torch import Tensor


            def f(x: Float[Tensor, "b"], y: Float[Tensor, "b"]) -> Float[Tensor, "b"]:
                w: Float[Tensor, "b"] = x + y.sum()
                return w


            @dataclass
            class Pair:
                x: Float[Tensor, "b"]
                y: Float[Tensor, "b"]

                @staticmethod
                def g(x: Float[Tensor, "b"], y: Float[Tensor, "b"]): ...


            class Out(NamedTuple):
                logits: Float[Tensor, "b v"]
                loss: Float[Tensor, "b"] | None = None


            class Layer(torch.nn.Module):
                def forward(self, x: Float[Tensor, "b b"]):
                    def inner(y: Float[Tensor, "3"]): ...
                    return inner


            @no_type_check
            def free(x: Float[Tensor, "b"], y: Float[Tensor, "b"]): ...


            def outside(x, y):
                return x
        ''')
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    yield tmp_path
    for name in [m for m in sys.modules if m.partition(".")[0] == "hooked"]:
        del sys.modules[name]


def z(*shape):
    return torch.zeros(shape)


def test_a_package_is_checked(package, refused):
    with install_import_hook("hooked"):
        from hooked import model

    model.f(z(2), z(2))
    refused("dim-mismatch", model.f, z(2), z(3))
    refused("dim-mismatch", model.Pair, z(2), z(3))
    refused("rank-mismatch", setattr, model.Pair(z(2), z(2)), "x", z(2, 2))
    refused("dim-mismatch", model.Pair.g, z(2), z(3))
    assert (2, 3) == model.Out(z(2, 3)).logits.shape
    refused("dim-mismatch", model.Out, z(2, 3), z(3))
    refused("dim-mismatch", model.Layer(), z(2, 3))
    refused("dim-mismatch", model.Layer()(z(2, 2)), z(4))
    model.free(z(2), z(3))
    assert not hasattr(model.outside, "__wrapped__")
    assert "Doc." == model.__doc__
    assert model.f.__wrapped__.__code__.co_filename == model.__file__


def test_it_ends_and_leaves_others_alone(package):
    hook = install_import_hook(["hooked"])
    assert "hooked" == os.environ[VARIABLE]
    hook.uninstall()
    from hooked import model

    assert VARIABLE not in os.environ
    model.f(z(2), z(3))


def test_a_package_that_is_already_imported_is_an_error(package):
    import hooked.model  # noqa: F401

    with pytest.raises(ImportError, match="already imported"):
        install_import_hook("hooked")


def test_off_leaves_everything_as_it_is(package, monkeypatch):
    monkeypatch.setenv("SHAPETYPES", "off")
    with install_import_hook("hooked"):
        from hooked import model

    assert not hasattr(model.f, "__wrapped__")


def _in_a_worker():
    from hooked import model

    import shapetypes  # noqa: F401

    try:
        model.f(torch.zeros(2), torch.zeros(3))
    except ShapeError as error:
        return error
    return None


def test_spawned_processes_check_it_too(package):
    with install_import_hook("hooked"), multiprocessing.get_context("spawn").Pool(1) as pool:
        error = pool.apply(_in_a_worker)

    assert isinstance(error, ShapeError)
    assert ("f()", "y") == (error.fault.subject, error.fault.argument)


SPAWNS = """
import multiprocessing
import sys

import work

if __name__ == "__main__":
    from shapetypes import install_import_hook

    install_import_hook("hooked")
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(1) as pool:
        print(pool.apply(work.work))
"""
WORK = """
import os
import sys

def work():
    import torch
    first = "shapetypes" in sys.modules
    from hooked import model
    try:
        model.f(torch.zeros(2), torch.zeros(3))
    except TypeError as error:
        return f"{first} {type(error).__name__}"
    return "nothing"
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_no_module_of_the_worker_needs_to_import_it(package, method):
    (package / "main.py").write_text(SPAWNS)
    (package / "work.py").write_text(WORK)
    path = os.pathsep.join([str(package), os.getcwd()])
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "main.py", method],
        cwd=package,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert "True ShapeError\n" == run.stdout, run.stderr


def test_nothing_is_sent_without_a_hook(package):
    from multiprocessing import spawn

    with install_import_hook("hooked"):
        sent = spawn.get_preparation_data("one")["_shapetypes_check"]
        before = list(sys.path)
        assert pickle.loads(pickle.dumps(sent)) is None
        assert before == sys.path
    assert "_shapetypes_check" not in spawn.get_preparation_data("one")


@shapecheck
def pair(x: Float[torch.Tensor, "n"], y: Float[torch.Tensor, "2"]): ...


class Samples(torch.utils.data.Dataset):
    """The second sample does not fit."""

    def __init__(self, kind):
        self.kind = kind
        self.layer = shaped(torch.nn.ReLU(), "2 -> 2")

    def __len__(self):
        return 2

    def __getitem__(self, i):
        sample = torch.zeros(2 + i)
        if self.kind == "layer":
            return self.layer(sample)
        if self.kind == "function":
            pair(sample, sample)
        return assert_shape(sample, "2")


@pytest.mark.parametrize("kind", ["value", "function", "layer"])
@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_errors_come_back_from_the_workers_of_a_loader(method, kind):
    data = Samples(kind)
    with pytest.raises(ShapeError) as here:
        data[1]
    loader = torch.utils.data.DataLoader(data, num_workers=1, multiprocessing_context=method, timeout=60)
    with pytest.raises(ShapeError, match="axis 0 is 3, expected 2") as caught:
        list(loader)
    assert here.value.fault == caught.value.fault
    assert ("dim-mismatch", 3, 2) == (caught.value.fault.code, caught.value.fault.got, caught.value.fault.want)
    assert str(here.value).splitlines()[0] in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(again, ShapeError)
    assert (str(again), again.fault) == (str(caught.value), caught.value.fault)


def run_pytest(package, *options, **env):
    (package / "test_it.py").write_text(
        "import torch\nfrom hooked import model\ndef test():\n    model.f(torch.zeros(2), torch.zeros(3))\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "shapetypes.pytest_plugin",
        "-p",
        "no:cacheprovider",
        *options,
    ]
    path = {"PYTHONPATH": os.pathsep.join([str(package), os.getcwd()])}
    return subprocess.run(
        command, cwd=package, capture_output=True, text=True, env={**os.environ, **path, **env}, check=False
    )


def test_the_option_of_pytest(package):
    (package / "conftest.py").write_text("import hooked.model\n")

    assert 0 == run_pytest(package).returncode
    run = run_pytest(package, "--shapetypes=hooked", "-v")
    assert 1 == run.returncode, run.stdout + run.stderr
    assert "shapetypes: checks hooked" in run.stdout
    assert "`f()` argument `y`: axis 0 (`b`) is 3, expected 2" in run.stdout


class Shell:
    """As much of IPython as the extension talks to."""

    def __init__(self):
        self.ast_transformers = []
        self.names = {}
        self.magics = {}

    def push(self, names, interactive):
        self.names.update(names)

    def register_magic_function(self, function, kind, name):
        self.magics[name] = function

    def run(self, source):
        tree = ast.parse(source)
        for transformer in self.ast_transformers:
            tree = transformer.visit(tree)
        exec(compile(ast.fix_missing_locations(tree), "<string>", "exec"), self.names)


def test_the_magic(refused):
    shell = Shell()
    load_ipython_extension(shell)
    shell.run("from shapetypes import Float\nfrom torch import Tensor\ndef f(x: Float[Tensor, 'b b']): ...")
    refused("dim-mismatch", shell.names["f"], z(2, 3))

    shell.magics["shapetypes"]("off")
    shell.run("def f(x: Float[Tensor, 'b b']): ...")
    shell.names["f"](z(2, 3))
    shell.magics["shapetypes"]("on")
    shell.run("def f(x: Float[Tensor, 'b b']): ...")
    refused("dim-mismatch", shell.names["f"], z(2, 3))
    with pytest.raises(ValueError, match="on or off"):
        shell.magics["shapetypes"]("maybe")
    unload_ipython_extension(shell)
    assert [] == shell.ast_transformers
