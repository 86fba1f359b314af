"""The programs of `docs/runtime.md` run, and those that are shown to fail do so with the words that are shown."""

import re
import traceback
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "runtime.md"
BLOCKS = re.findall(
    r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize(("program", "output"), BLOCKS, ids=range(len(BLOCKS)))
def test_it_does_what_the_page_says(program, output, tmp_path):
    path = tmp_path / "train.py"
    path.write_text(program)
    code = compile(program, str(path), "exec")
    names = {"__name__": "train", "__file__": str(path)}
    if not output:
        exec(code, names)
        return
    with pytest.raises(TypeError) as caught:
        exec(code, names)
    text = "".join(traceback.format_exception_only(caught.value)).replace(str(path), path.name)
    assert text.startswith(output)


def test_the_page_has_programs_that_fail():
    assert any(output for _, output in BLOCKS)


def test_the_model_of_the_page_contradicts_itself_as_is_said():
    program = next(program for program, _ in BLOCKS if "class Tagger" in program)
    names = {"__name__": "train"}
    exec(compile(program, "<page>", "exec"), names)
    with pytest.raises(TypeError, match=r"axis 2 \(`H`\) of argument `input` is 128, expected 256"):
        names["Tagger"](hidden=256)
