"""`python -m argmind`."""

import sys

from ._cli import main

sys.exit(main())
