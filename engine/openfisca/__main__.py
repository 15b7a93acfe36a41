"""`python -m engine.openfisca SCRIPT ARGS` or `-m MODULE ARGS`: run something written for OpenFisca on Barème."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from engine.openfisca.finder import activate

_USAGE = "Usage: python -m engine.openfisca SCRIPT ARGS, or python -m engine.openfisca -m MODULE ARGS"


def main(arguments: list[str]) -> int:
    """Run the script or module; returns 2 where none is named."""
    activate()
    if arguments[:1] == ["-m"] and len(arguments) > 1:
        sys.argv = arguments[1:]
        sys.path.insert(0, "")
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        return 0
    if arguments and not arguments[0].startswith("-"):
        sys.argv = arguments
        sys.path.insert(0, str(Path(arguments[0]).resolve().parent))
        runpy.run_path(arguments[0], run_name="__main__")
        return 0
    sys.stderr.write(_USAGE + "\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
