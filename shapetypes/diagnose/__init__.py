"""Words: the only place that turns faults into text. Loaded on failure only.

`headline` is the one line that stands alone, `render` the full message, `concise` mypy's form, `to_json` the object
for other programs, `mypy_message` what the mypy plugin reports; `label` gives the words for a span that contributed.
"""

from shapetypes.diagnose.facts import fact, label, notes
from shapetypes.diagnose.lists import by_place, concise, mypy_message, to_json
from shapetypes.diagnose.sentences import headline
from shapetypes.diagnose.text import render

__all__ = ["by_place", "concise", "fact", "headline", "label", "mypy_message", "notes", "render", "to_json"]
