"""What code of one module makes of another one's names is what counts from there on."""

import subprocess
import sys
from textwrap import dedent

from shapetypes.static.api import Checker

LAYERS = dedent(
    """
    import torch
    from torch import nn

    WIDTH = 4
    STATE = {"x": torch.zeros(2)}
    SIZES = [4]
    NET = nn.Linear(3, 3)


    def grown(x):
        return torch.cat([x, x])
    """
)

CHANGED = dedent(
    """
    import torch
    from torch import nn

    import layers


    def main():
        layers.WIDTH = 6
        print(torch.zeros(layers.WIDTH) + torch.zeros(6))
        layers.STATE["x"] = torch.zeros(5)
        print(layers.STATE["x"] + torch.zeros(5))
        layers.SIZES.append(7)
        print(torch.zeros(layers.SIZES[-1]) + torch.zeros(7))
        layers.NET = nn.Linear(8, 8)
        print(layers.NET(torch.zeros(8)))
        layers.grown = lambda x: x
        print(layers.grown(torch.zeros(3)) + torch.zeros(3))


    main()
    """
)

READ = dedent(
    """
    import torch

    import layers


    def main():
        print(torch.zeros(layers.WIDTH) + torch.zeros(6))
    """
)


def test_names_given_other_values_from_outside(tmp_path):
    (tmp_path / "layers.py").write_text(LAYERS)
    (tmp_path / "changed.py").write_text(CHANGED)

    subprocess.run([sys.executable, "changed.py"], cwd=tmp_path, check=True, capture_output=True)

    assert [] == Checker([str(tmp_path)]).check(str(tmp_path / "changed.py")).diagnostics


def test_names_that_are_only_read(tmp_path):
    (tmp_path / "layers.py").write_text(LAYERS)
    (tmp_path / "read.py").write_text(READ)

    found = Checker([str(tmp_path)]).check(str(tmp_path / "read.py")).diagnostics

    assert ["dim-mismatch"] == [d.fault.code for d in found]
