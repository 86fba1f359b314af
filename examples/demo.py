"""Checks the programs of this folder in every way there is, and tells whether all is as it should be.

Every `*_broken.py` says where its mistake is, and at which moment it is found:

    # BUG: dim-mismatch                      before running
    # BUG: dim-mismatch, also at run time    before running, and by @shapecheck
    # BUG at run time: dim-mismatch          by @shapecheck only

What is reported must be exactly that, and nothing may be reported in any `*_fixed.py`.
`--readme` also writes what is printed into README.md, where a test wants to find it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"
BEGIN, END = "<!-- demo output: begin -->\n```text\n", "```\n<!-- demo output: end -->\n"
MARK = re.compile(r"# BUG(?P<late> at run time)?: (?P<code>[a-z-]+)(?P<both>, also at run time)?$")
REPORT = re.compile(r"(?P<file>\w+\.py):(?P<line>\d+): (?:error|warning): .*? \[(?P<code>[a-z-]+)\](?:  \[shape\])?")
RAISED = re.compile(r"^shapetypes\S*ShapeError: error\[(?P<code>[a-z-]+)\]", re.MULTILINE)
PLACE = re.compile(r"^  --> (?P<file>\w+\.py):(?P<line>\d+):\d+$", re.MULTILINE)

Found = tuple[str, int, str]
"""File, line and code."""


def marks(*, run_time: bool) -> set[Found]:
    """What the comments in the broken programs say."""
    found = set()
    for file in HERE.glob("*_broken.py"):
        for number, text in enumerate(file.read_text().splitlines(), 1):
            if (mark := MARK.search(text)) and (mark["both"] or bool(mark["late"]) == run_time):
                found.add((file.name, number, mark["code"]))
    return found


def reports(output: str) -> set[Found]:
    """What mypy or `shapetypes check` says."""
    return {(found["file"], int(found["line"]), found["code"]) for found in REPORT.finditer(output)}


class Demo:
    """Runs commands, prints them with what they say, and keeps what is not as expected."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.printed = ""
        self.env = dict(os.environ)
        # The commands of the environment this runs in, activated or not.
        self.env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), self.env.get("PATH", "")])
        self.env |= {"LC_ALL": "C.UTF-8", "COLUMNS": "120", "NO_COLOR": "1"}
        for name in ("SHAPETYPES", "MYPY_FORCE_COLOR", "FORCE_COLOR"):
            self.env.pop(name, None)

    def say(self, text: str) -> None:
        print(text, flush=True)
        self.printed += text + "\n"

    def title(self, text: str) -> None:
        self.say(f"{text}\n{'-' * len(text)}\n")

    def run(self, command: str, *, show: bool = True) -> str:
        """What the command prints, in this folder."""
        if show:
            self.say(f"$ {command}")
        run = subprocess.run(
            command, shell=True, cwd=HERE, env=self.env, text=True, encoding="utf-8", check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        output = run.stdout.replace(f"{HERE}{os.sep}", "").strip()
        frames = output.find("Traceback (most recent call last):")
        if raised := RAISED.search(output):
            # The frames of Python and of the framework say where they are installed.
            output = "Traceback (most recent call last):\n  ...\n" + output[raised.start() :]
        elif frames >= 0:
            self.wrong.append(f"`{command}` ended with another error")
        if show:
            self.say(output + "\n")
        return output

    def expect(self, what: str, wanted: set[Found], got: set[Found]) -> None:
        """Says whether the reports are those that the marks ask for."""
        if wanted == got:
            return
        for text, difference in (("missing", wanted - got), ("unexpected", got - wanted)):
            self.wrong += [f"{what}: {text}: {file}:{line} [{code}]" for file, line, code in sorted(difference)]

    def raises(self, file: str) -> None:
        """Runs a broken program, which must raise where it is marked."""
        output = self.run(f"python {file}")
        raised, place = RAISED.search(output), PLACE.search(output)
        got = {(place["file"], int(place["line"]), raised["code"])} if raised and place else set()
        self.expect(f"python {file}", {found for found in marks(run_time=True) if found[0] == file}, got)

    def prints(self, command: str, pattern: str) -> None:
        """Runs a command that must print this, and nothing else."""
        output = self.run(command)
        if not re.fullmatch(pattern, output):
            self.wrong.append(f"`{command}` did not print {pattern!r}")


def show(demo: Demo) -> None:
    """All of it, in the order in which a user meets it."""
    early = marks(run_time=False)
    fixed = len(list(HERE.glob("*_fixed.py")))

    demo.title(f"1. Before running, in mypy: {len(early)} programs with a mistake in each")
    demo.say("$ cd examples\n")
    output = demo.run("mypy *_broken.py | grep error: | sort")
    demo.expect("mypy", early, reports(output))

    demo.title("2. Before running, on the command line: the same, with the reasons")
    demo.run("shapetypes check rnn_state_batch_broken.py mse_column_broken.py")
    demo.run("shapetypes check *_broken.py | tail -n 1")
    output = demo.run("shapetypes check *_broken.py --format concise", show=False)
    demo.expect("shapetypes check", early, reports(output))

    demo.title("3. At run time, under @shapecheck: PyTorch and Keras")
    demo.raises("rnn_state_batch_broken.py")
    demo.raises("keras_flatten_broken.py")

    demo.title("4. Without the mistakes: nothing to report")
    demo.prints("mypy *_fixed.py", f"Success: no issues found in {fixed} source files")
    demo.prints("shapetypes check *_fixed.py", f"no shape errors in {fixed} files")
    demo.prints("python rnn_state_batch_fixed.py", r"torch\.Size\(\[10, 1, 3\]\)")
    demo.prints("python keras_flatten_fixed.py 2> /dev/null", r"\(1, 10\)")

    demo.say(
        "NOT as expected:\n  " + "\n  ".join(demo.wrong)
        if demo.wrong
        else "All as expected: every mistake is reported on its line, and nothing else."
    )


def main() -> int:
    demo = Demo()
    show(demo)
    if "--readme" in sys.argv[1:]:
        text = README.read_text(encoding="utf-8")
        start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
        README.write_text(text[:start] + demo.printed + text[end:], encoding="utf-8")
    return bool(demo.wrong)


if __name__ == "__main__":
    sys.exit(main())
