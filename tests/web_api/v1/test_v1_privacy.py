"""Nothing of what a client sent stays: `what_is_kept.py`, in a process of its own, for it walks over all that Python holds."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_nothing_of_what_was_sent_is_kept():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(HERE / "what_is_kept.py")]
    run = subprocess.run(command, cwd=HERE.parents[2], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
