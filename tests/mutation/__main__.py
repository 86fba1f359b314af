"""`python -m tests.mutation [model ...]`: the table, then every miss and every report without cause."""

import os
import sys
from collections import Counter

from tests.mutation.score import MODELS, misjudged, results, table

if __name__ == "__main__":
    chosen = [p for p in MODELS if not sys.argv[1:] or os.path.basename(p)[:-3] in sys.argv[1:]]
    found = results(chosen)
    print(table(found))
    print(Counter(r.outcome for r in found))
    print(*misjudged(found), sep="\n")
