"""The measure of reach: what is drawn, and what of it is reported."""

from pathlib import Path

import pytest

from tests.mutation.operators import annotation
from tests.mutation.reach import Judge, Package, draw

LAYER = """
from jaxtyping import Float
from torch import Tensor, nn


class Project(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 5)

    def forward(self, x: Float[Tensor, "b t 4"]) -> Float[Tensor, "b t 5"]:
        return self.linear(x)
"""
USER = """
from jaxtyping import Float
from torch import Tensor

from parts.layer import Project


def use(x: Float[Tensor, "b t 4"]) -> Tensor:
    return Project()(x)
"""


@pytest.fixture
def package(tmp_path: Path) -> Package:
    folder = tmp_path / "parts"
    folder.mkdir()
    for name, text in (("__init__", ""), ("layer", LAYER), ("user", USER)):
        (folder / f"{name}.py").write_text(text)
    return Package(str(folder))


def test_every_axis_string_is_a_site(package: Package) -> None:
    assert [("argument", "Project.forward"), ("return", "Project.forward"), ("argument", "use")] == [
        (site.role, site.where) for site in package.sites
    ]


def test_a_new_name_that_nothing_shares_is_not_drawn(package: Package) -> None:
    drawn = [edit.text for seed in range(40) for _, edit in draw(package, seed, 3)]

    assert not any("_x" in text for text in drawn)
    assert any("more" in text for text in drawn)


def test_a_wrong_return_is_reported_where_it_stands(package: Package) -> None:
    assert [True] == [bool(found) for found in outcomes(package, 1, '"b t 6"')]


def test_a_wrong_argument_is_reported_where_it_is_used(package: Package) -> None:
    (found,) = outcomes(package, 0, '"more b t 4"')

    assert {Path(str(path)).name for path, *_ in found} <= {"layer.py", "user.py"}
    assert found


def outcomes(package: Package, site: int, text: str) -> list[tuple[object, ...]]:
    judge = Judge(package)
    chosen = package.sites[site]
    assert judge.before == set()
    return [judge.outcome(chosen, edit).reports for edit in annotation(chosen.node) if edit.text == text]
