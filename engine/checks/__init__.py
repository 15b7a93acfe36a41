"""Checking a law without running it: names that do not exist, figures without a value when they are asked for, periods that do not fit.

    report = check_law(legislation)
    for finding in report.findings:
        print(finding)
    print(report.summary)

The law is loaded, so that its variables, figures and modules are known; its formulas are read, not run. A formula is read for all its
periods at once (`calendars`): each way that it may go has the set of periods for which it goes there. What an expression gives is the
value itself where it can be known, an expression of the period (`dated`), an array, or unknown (`values`).

Within: law, loading -> formulas, scales -> reading -> statements, expressions, calls, ... -> variables_read, figures -> lacks, notes -> findings, links.
"""

from engine.checks.findings import Finding, Kind, Reads, Report, Severity
from engine.checks.law import check_law, links_of
from engine.checks.links import Links
from engine.checks.loading import loading_report

__all__ = ["Finding", "Kind", "Links", "Reads", "Report", "Severity", "check_law", "links_of", "loading_report"]
