"""Makes `lms` and `tests` importable from anywhere. The app's fixtures are in tests/fixtures.py: rules need none."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
