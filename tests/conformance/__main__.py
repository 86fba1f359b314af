"""`python -m tests.conformance [--verbose] [PATTERN]`: how the op database agrees with torch's operator database."""

from __future__ import annotations

import argparse

from tests.conformance.compare import tally


def main() -> None:
    """Print the line, and on request what is behind it."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("pattern", nargs="?", default="", help="a regular expression for operator names")
    parser.add_argument("--verbose", action="store_true", help="the operators that are not exact, with examples")
    parser.add_argument("--cases", type=int, default=0, help="how many single cases to print")
    options = parser.parse_args()
    found = tally(options.pattern)
    if options.verbose:
        print(found.table(500))
    seen: dict[tuple[str, str], int] = {}
    for kind, made, ours in found.cases:
        key = (kind, made.op)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= options.cases:
            print(f"{kind}: {made.name}{made.args} {made.kwargs}\n    ours {ours}\n    torch {made.result}")
    if options.cases:
        for made, reason in found.accepted:
            print(f"not refused: {made.name}{made.args} {made.kwargs}\n    torch {reason.splitlines()[0]}")
    print(found.line())


if __name__ == "__main__":
    main()
