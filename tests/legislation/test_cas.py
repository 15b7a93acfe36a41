"""The cases of the French law that a lawyer can read: each figure that they expect was reckoned by hand."""

from pathlib import Path

import bareme
from engine.yaml_tests import collect, run_paths

CASES = Path(__file__).parent / "cas"
AT_LEAST = 30


def test_every_case_gives_what_was_reckoned_by_hand():
    lines = []
    assert run_paths([CASES], bareme.france(), write=lines.append) == 0, "\n".join(lines)


def test_no_case_was_lost():
    cases = collect([CASES])
    assert len(cases) >= AT_LEAST
    assert all(case.name and "art. " in case.description for case in cases)
