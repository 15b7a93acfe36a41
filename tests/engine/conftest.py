"""Lets the tests of the engine import what they share: tests/engine/support."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "support"))
