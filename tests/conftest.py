"""Settings that every test shares, and what the last lines of a run must say."""

import os

from hypothesis import settings

settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("dev", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_terminal_summary(terminalreporter):
    """Say plainly where the tests in a browser did not run: a machine without Chromium has not tested the page."""
    skipped = [report for report in terminalreporter.stats.get("skipped", ()) if "web_api/browser/" in report.nodeid]
    if not skipped:
        return
    reasons = sorted({str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped if isinstance(report.longrepr, tuple)})
    terminalreporter.section("the browser tests did not run", bold=True)
    terminalreporter.line(f"{len(skipped)} tests of the page in a browser did not run: {'; '.join(reasons)}.")
    terminalreporter.line("`.ci/run` installs what they need.")
