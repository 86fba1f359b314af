"""The command line: `shapetypes check`, `shapetypes coverage`, `shapetypes explain`.

Nothing but argparse is imported before a command runs, so that `shapetypes --help` is quick.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from shapetypes.core.fault import Diagnostic
    from shapetypes.static.report import FileReport
    from shapetypes.static.settings import Settings
    from shapetypes.static.walk import Found

CLEAN: Final = 0
FOUND: Final = 1
FAILED: Final = 2
INTERRUPTED: Final = 130
_REASONS: Final = 15
"""How many reasons `--coverage` prints."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: The arguments, by default those of the process.

    Returns:
        0: clean, or notes only. 1: errors or warnings. 2: it could not do its job, and has said why on stderr.
        130: interrupted from the keyboard.
    """
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `shapetypes check ... | head`
        sys.stdout = None  # the interpreter would flush it once more
        return FOUND


def entry() -> None:
    """Run the command line as a process, and end it."""
    signal.signal(signal.SIGINT, _leave)
    code = main()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is said
    sys.exit(code)


def _leave(*_: Any) -> None:
    """End at once: an exception would be lost inside a finalizer or an import. Nothing is left to save."""
    import os

    children = getattr(sys.modules.get("multiprocessing"), "active_children", list)  # it may be half imported
    for process in children():
        process.terminate()
    if sys.stderr.isatty():
        os.write(2, b"\r\x1b[2K\x1b[?25h")  # wipes the progress bar away and shows the cursor
    os._exit(INTERRUPTED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shapetypes", description="Checks the shapes of tensors from the annotations in your code."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    check = commands.add_parser(
        "check",
        help="check files and folders without running them",
        description="Checks Python files without running them.",
        epilog="exit status: 0 clean or notes only, 1 errors or warnings, 2 could not do its job",
    )
    check.add_argument("paths", metavar="PATH", nargs="+", help="a Python file, or a folder to look for them in")
    check.add_argument(
        "--format", choices=("full", "concise", "json"), default="full", help="how to print (default: full)"
    )
    check.add_argument("--coverage", action="store_true", help="also tell how much of the code could be followed")
    check.add_argument("--strict", action="store_true", help="also list what the code requires of its annotated names")
    _add_running(check)
    check.set_defaults(run=_check)
    cover = commands.add_parser(
        "coverage",
        help="tell how much of the code could be followed, and what is missing most",
        description="Tells how many expressions with tensors are known, and which ops without a stub are used most.",
    )
    cover.add_argument("paths", metavar="PATH", nargs="+", help="a Python file, or a folder to look for them in")
    cover.add_argument("--format", choices=("table", "json"), default="table", help="how to print (default: table)")
    _add_running(cover)
    cover.set_defaults(run=_coverage)
    explain = commands.add_parser("explain", help="explain an error code", description="Prints the page of a code.")
    explain.add_argument("code", metavar="CODE", nargs="?", help="a code such as dim-mismatch; all codes without one")
    explain.set_defaults(run=_explain)
    return parser


def _add_running(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--jobs", type=_jobs, default=1, metavar="N", help="use N processes; 0 for one on each core (default: 1)"
    )
    command.add_argument("--no-cache", action="store_true", help="do not read or write results in .shapetypes_cache")


def _jobs(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


class _Version(argparse.Action):
    """Prints the version, looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"shapetypes {version('shapetypes')}")
        parser.exit()


def _complain(message: str) -> None:
    print(f"shapetypes: {message}", file=sys.stderr)


# -- check -----------------------------------------------------------------------------------------------------------


def _check(args: argparse.Namespace) -> int:
    meant = _found(args)
    if meant is None:
        return FAILED
    settings, found = meant
    reports = _reports(args, settings, found.files) if found.files else []
    diagnostics = _kept(reports, found.files)
    _print(args, reports, diagnostics)
    if found.problems or len(reports) < len(found.files):
        return FAILED
    return FOUND if any(d.severity != "note" for d in diagnostics) else CLEAN


def _coverage(args: argparse.Namespace) -> int:
    meant = _found(args)
    if meant is None:
        return FAILED
    settings, found = meant
    reports = _reports(args, settings, found.files) if found.files else []
    from shapetypes.diagnose.coverage import show, to_object

    if args.format == "json":
        import json

        print(json.dumps(to_object(reports), indent=2))
    else:
        show(reports)
    return FAILED if found.problems or len(reports) < len(found.files) else CLEAN


def _reports(args: argparse.Namespace, settings: Settings, files: Sequence[str]) -> list[FileReport]:
    """What was found in each file; why files could not be checked is said at once."""
    from shapetypes.diagnose.progress import shown
    from shapetypes.static.batch import run

    strict = getattr(args, "strict", False) or settings.strict
    reports: list[FileReport] = []
    for _, found in shown(run(files, settings, strict, not args.no_cache, _processes(args.jobs)), len(files)):
        if isinstance(found, str):
            _complain(found)
        else:
            reports.append(found)
    return reports


def _processes(jobs: int) -> int:
    if jobs:
        return jobs
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _found(args: argparse.Namespace) -> tuple[Settings, Found] | None:
    """The project's settings and the files that are meant; None, with the reason said, when they cannot be read."""
    from pathlib import Path

    from shapetypes.static.settings import SettingsError, read_settings
    from shapetypes.static.walk import find_files

    try:
        settings = read_settings(Path.cwd())
    except SettingsError as error:
        _complain(str(error))
        return None
    found = find_files(args.paths, settings.exclude)
    for problem in found.problems:
        _complain(problem)
    return settings, found


def _kept(reports: Sequence[FileReport], files: Sequence[str]) -> list[Diagnostic]:
    """All diagnostics that no comment silences, each once, sorted by place, in files named as they were given.

    A call from one file can show a fault in another, and from several files the same one.
    """
    found = [d for report in reports for d in report.diagnostics]
    if not found:
        return []
    from shapetypes.diagnose import by_place
    from shapetypes.static.ignores import Ignores, read_ignores
    from shapetypes.static.walk import read_source, renamed

    known: dict[str, Ignores] = {}
    for file in {d.place.file for d in found}:
        try:
            known[file] = read_ignores(read_source(file))
        except (OSError, SyntaxError, UnicodeDecodeError):
            known[file] = Ignores()
    kept = [d for d in found if not known[d.place.file].covers(d.fault.code, d.place.line, d.place.end_line)]
    return by_place(renamed(kept, files))


# -- printing --------------------------------------------------------------------------------------------------------


def _print(args: argparse.Namespace, reports: Sequence[FileReport], diagnostics: Sequence[Diagnostic]) -> None:
    if args.format == "json":
        _print_json(args, reports, diagnostics)
        return
    from shapetypes.diagnose.colour import printer

    say = printer(sys.stdout)
    if diagnostics:
        from shapetypes.diagnose import concise, render

        for diagnostic in diagnostics:
            say(concise(diagnostic) if args.format == "concise" else render(diagnostic) + "\n")
    if args.coverage:
        for line in coverage(reports):
            say(line)
    if reports:
        say(total(reports, diagnostics))


def _print_json(args: argparse.Namespace, reports: Sequence[FileReport], diagnostics: Sequence[Diagnostic]) -> None:
    import json

    from shapetypes.diagnose import to_json

    summary: dict[str, Any] = {
        "files": len(reports),
        "functions": sum(r.functions for r in reports),
        "expressions_known": sum(r.known for r in reports),
        "expressions_unknown": sum(r.unknown for r in reports),
    }
    if args.coverage:
        summary["reasons"] = dict(_reasons(reports))
        summary["functions_given_up"] = sum(r.crashes for r in reports)
    print(json.dumps(to_json(diagnostics, summary), indent=2))


def total(reports: Sequence[FileReport], diagnostics: Sequence[Diagnostic]) -> str:
    """The last line: how much was found, in how many files."""
    files = _count(len(reports), "file")
    kinds = (_count(sum(d.severity == kind for d in diagnostics), kind) for kind in ("error", "warning", "note"))
    found = [text for text in kinds if not text.startswith("0 ")]
    if not found:
        return f"no shape errors in {files}"
    where = len({d.place.file for d in diagnostics})
    return f"{', '.join(found)} in {_count(where, 'file')} ({files} checked)"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def coverage(reports: Sequence[FileReport]) -> list[str]:
    """How much of the code could be followed, and why the rest could not."""
    known, unknown = sum(r.known for r in reports), sum(r.unknown for r in reports)
    functions, crashes = sum(r.functions for r in reports), sum(r.crashes for r in reports)
    share = f" ({100 * known / (known + unknown):.1f} %)" if known + unknown else ""
    followed = f"{known} of {_count(known + unknown, 'tensor expression')} known{share}, {unknown} unknown"
    out = [f"{_count(functions, 'function')} judged, {followed}"]
    reasons = _reasons(reports)
    width = max((len(str(n)) for _, n in reasons), default=0)
    out += [f"  {n:>{width}}  {reason}" for reason, n in reasons[:_REASONS]]
    if len(reasons) > _REASONS:
        out.append(f"  and {_count(len(reasons) - _REASONS, 'further reason')}")
    if crashes:
        out.append(f"{_count(crashes, 'function')} given up after a failure of shapetypes itself: please report it")
    return out


def _reasons(reports: Sequence[FileReport]) -> list[tuple[str, int]]:
    """Why expressions are unknown, the most frequent first."""
    counts: dict[str, int] = {}
    for report in reports:
        for reason, n in report.reasons.items():
            counts[reason or "no reason given"] = counts.get(reason or "no reason given", 0) + n
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


# -- explain ---------------------------------------------------------------------------------------------------------


def _explain(args: argparse.Namespace) -> int:
    from shapetypes.core.fault import CODES
    from shapetypes.diagnose.pages import page

    if args.code is None:
        width = max(map(len, CODES))
        for code, summary in CODES.items():
            print(f"{code:<{width}}  {summary}")
        return CLEAN
    try:
        text = page(args.code)
    except KeyError:
        _complain(f"no such code: {args.code}{_nearest(args.code, list(CODES))}")
        return FAILED
    print(text.rstrip())
    return CLEAN


def _nearest(word: str, words: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, words, 1)
    return f" (nearest: {close[0]})" if close else f"; the codes are {', '.join(words)}"


if __name__ == "__main__":
    sys.exit(main())
