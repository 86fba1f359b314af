"""Input and target with different batch sizes: found before running, and at run time where a block ties the calls."""

import json
import textwrap

import pytest
import torch
from torch import Tensor, nn

from shapetypes import Float, ShapeError, cli, scope, shapecheck, shaped

PROGRAM = """
    import torch
    from torch import nn

    model = nn.Linear(10, 1)
    inputs = torch.randn(5, 10)
    target = torch.randn({rows}, 1)
    loss = nn.MSELoss()(model(inputs), target)
"""


@pytest.mark.parametrize("rows", [5, 10])
def test_the_static_engine_finds_it_without_an_annotation(rows, tmp_path, capsys):
    (tmp_path / "train.py").write_text(textwrap.dedent(PROGRAM.format(rows=rows)))
    status = cli.main(["check", str(tmp_path / "train.py"), "--format", "json", "--no-cache"])
    text = capsys.readouterr().out
    assert (rows == 10) is (status == 1), text
    if rows == 10:
        assert "target-mismatch" in text
        assert '"line": 8' in text
        json.loads(text)


model = nn.Linear(10, 1)


@shapecheck
def predict(x: Float[Tensor, "B 10"]) -> Float[Tensor, "B 1"]:
    return model(x)


@shapecheck
def column(target: Float[Tensor, "B 1"]) -> Float[Tensor, "B"]:
    return target[:, 0]


def test_calls_on_their_own_are_not_tied():
    predict(torch.randn(5, 10))
    column(torch.randn(10, 1))


def test_a_block_ties_them_and_the_message_names_both_calls():
    with scope("B"):
        predict(torch.randn(5, 10))
        column(torch.randn(5, 1))
        with pytest.raises(ShapeError) as caught:
            column(torch.randn(10, 1))
    text = str(caught.value)
    assert "`column()` argument `target`: axis 0 (`B`) is 10, expected 5" in text.splitlines()[0]
    shown = [line for line in text.splitlines() if "|" in line]
    first = next(i for i, line in enumerate(shown) if "predict(torch.randn(5, 10))" in line)
    assert "binds B = 5" in shown[first + 1]
    assert any("column(torch.randn(10, 1))" in line for line in shown)
    assert "predict()" in [origin.name for origin in caught.value.fault.origins]


def test_so_it_does_for_layers():
    inner, loss = shaped(nn.Linear(10, 1), "B 10 -> B 1"), shaped(nn.MSELoss(), "B 1, B 1 -> ")
    for rows in (5, 7):
        with scope("B"):
            loss(inner(torch.randn(rows, 10)), torch.randn(rows, 1))
    with scope("B"):
        output = inner(torch.randn(5, 10))
        with pytest.raises(ShapeError, match=r"`MSELoss` argument `target`: axis 0 \(`B`\) is 10, expected 5"):
            loss(output, torch.randn(10, 1))
