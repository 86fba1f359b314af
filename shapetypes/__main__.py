"""`python -m shapetypes`."""

from shapetypes.cli import entry

entry()
