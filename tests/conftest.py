"""Settings that hold for every test."""

import os

# A crash inside the engine is a failed test, not lost coverage.
os.environ["SHAPETYPES_RAISE"] = "1"
