"""The cases of family benefits, RSA and prime d'activité that a lawyer can read: each figure was reckoned by hand."""

from pathlib import Path

from engine.yaml_tests import collect, run_paths

CASES = Path(__file__).parent / "cas"
AT_LEAST = 15


def test_every_case_gives_what_was_reckoned_by_hand(law):
    lines = []
    assert run_paths([CASES], law, write=lines.append) == 0, "\n".join(lines)


def test_no_case_was_lost():
    cases = collect([CASES])
    assert len(cases) >= AT_LEAST
    assert all(case.name and "art. " in case.description for case in cases)
