"""`python -m tests.mutation [model ...]`: the table, then every miss and every report without cause."""

import os
import sys
from collections import Counter

from tests.mutation.score import MODELS, counts, misjudged, results
from tests.mutation.tables import text

if __name__ == "__main__":
    chosen = [p for p in MODELS if not sys.argv[1:] or os.path.basename(p)[:-3] in sys.argv[1:]]
    found = results(chosen)
    print(text(counts(found)))
    print(Counter(r.outcome for r in found))
    print(*misjudged(found), sep="\n")
