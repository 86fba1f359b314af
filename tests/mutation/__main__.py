"""`python -m tests.mutation [model ...]`: the table, then every miss and every report without cause."""

import os
import sys
from collections import Counter

from tests.mutation.score import MODELS, is_broken, results, table

if __name__ == "__main__":
    chosen = [p for p in MODELS if not sys.argv[1:] or os.path.basename(p)[:-3] in sys.argv[1:]]
    found = results(chosen)
    print(table(found))
    print(Counter(r.outcome for r in found))
    for r in found:
        if bool(r.reports) != is_broken(r):
            kind = "missed" if is_broken(r) else "false"
            print(f"{kind} {r.model}:{r.mutant.lines[0]} [{r.outcome}] {r.mutant.operator}: {r.mutant.change}")
            for line, words in r.reports:
                print(f"      {line}: {words}")
