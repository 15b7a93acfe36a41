"""The summary that ends a run: a table of figures per entity, and the rows that the law refused."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from population.summary import QUANTILES, Line, refusals, summarize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from population.results import EntityResults

MOST_CODES = 10
MOST_SHARES = 3
NAMES_OF_QUANTILES = {0.0: "min", 0.5: "median", 1.0: "max"}


def console() -> Console:
    """Return the standard output as rich writes to it: as wide as the text needs where it is no terminal."""
    return Console() if sys.stdout.isatty() else Console(width=240, soft_wrap=True, highlight=False)


def show(groups: Iterable[EntityResults], labels: Mapping[int, str]) -> None:
    """Print the summary of each entity's results; `labels` say what the law's return codes mean."""
    out = console()
    for group in groups:
        weighted = " (weighted)" if group.weights is not None else ""
        lines = summarize(group)
        if any(line.mean is not None for line in lines):
            out.print(_figures(f"{group.entity}{weighted}", [line for line in lines if line.mean is not None]))
        for line in lines:
            if line.mean is None:
                out.print(f"{line.name}: {line.count:,} rows{_shares(line)}", markup=False)
        for name, codes in refusals(group):
            said = [f"{code} ({labels[code]}): {count:,}" if code in labels else f"{code}: {count:,}" for code, count in codes[:MOST_CODES]]
            said += [f"… ({len(codes)} codes in all)"] if len(codes) > MOST_CODES else []
            listed = "".join(f"\n  {text}" for text in said) if labels else f" {', '.join(said)}"
            out.print(f"{sum(count for _, count in codes):,} rows refused by the law, by {name}:{listed}", markup=False)


def _figures(title: str, lines: Iterable[Line]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("variable", no_wrap=True)
    for word in ("unit", "count", "mean", "total", *(NAMES_OF_QUANTILES.get(share, f"{share:.0%}") for share in QUANTILES)):
        table.add_column(word, justify="left" if word == "unit" else "right", no_wrap=True)
    for line in lines:
        quantiles = [_number(value) for value in line.quantiles] if line.quantiles is not None else [""] * len(QUANTILES)
        table.add_row(line.name, line.unit, f"{line.count:,}", _number(line.mean), _number(line.total), *quantiles)
    return table


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4g}"


def _shares(line: Line) -> str:
    if not line.shares:
        return ""
    said = ", ".join(f"{name or '(blank)'} {share:.1%}" for name, share in line.shares[:MOST_SHARES])
    return f": {said}" + (", …" if len(line.shares) > MOST_SHARES else "")
