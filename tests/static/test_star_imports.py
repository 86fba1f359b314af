"""What `import *` gives, and that modules are not parsed to learn that they do not give a name."""

from pathlib import Path

import pytest

from shapetypes.static.api import Checker

USER = """import torch
from many import *


def f() -> None:
    torch.zeros(SIZE) + torch.zeros(3)
"""


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("SIZE = 2\n", True),
        ("SIZE = 2\n__all__ = ['SIZE']\n", True),
        ("SIZE = 2\n__all__ = ('OTHER',)\n", False),
        ("SIZE = 2\n__all__ = ['OTHER']\n__all__ += ['SIZE']\n", True),
        ("SIZE = 2\n__all__: list[str] = [\n    'SIZE',\n]\n", True),
        ("from sizes import *\n", True),
        ("from sizes import SIZE\n", True),
        ("OTHER = 2\n", False),
    ],
)
def test_what_a_star_gives(tmp_path: Path, text: str, reported: bool) -> None:
    (tmp_path / "sizes.py").write_text("SIZE = 2\n")
    (tmp_path / "many.py").write_text(text)
    (tmp_path / "user.py").write_text(USER)

    assert bool(Checker([str(tmp_path)]).check(str(tmp_path / "user.py")).diagnostics) is reported


def test_only_modules_that_can_give_a_name_are_read_in(tmp_path: Path) -> None:
    package = tmp_path / "many"
    package.mkdir()
    (package / "__init__.py").write_text("".join(f"from many.part{i} import *\n" for i in range(20)))
    for i in range(20):
        (package / f"part{i}.py").write_text(f"from many import SIZE\n__all__ = ['PART{i}']\nPART{i} = {i}\n")
    (package / "part7.py").write_text("__all__ = ['SIZE']\nSIZE = 2\n")
    (tmp_path / "user.py").write_text(USER)
    checker = Checker([str(tmp_path)])

    assert checker.check(str(tmp_path / "user.py")).diagnostics
    assert [n for n, m in checker.finder.modules.items() if m is not None and "part" in n] == ["many.part7"]
