"""`python -m shapetypes`."""

import sys

from shapetypes.cli import main

sys.exit(main())
