"""An impact as files: a data package for open-data portals, a workbook, a report, and its charts.

    publish(found, Path("out"))

Everything is made in memory first: where anything goes wrong, nothing is written. Needs the extra `analysis`.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Final

from engine.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.impact import Impact

NEEDED: Final = {"altair": "altair", "vl_convert": "vl-convert-python", "odfdo": "odfdo"}
WORKBOOK, REPORT, CHARTS = "impact.ods", "rapport.html", "graphiques"


def publish(found: Impact, folder: Path) -> list[Path]:
    """Write the tables, workbook, report and charts of an impact into a folder, and return the files in order.

    Raises DataError where a library is missing or the folder cannot be written.
    """
    missing = [package for module, package in NEEDED.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise DataError(f"--output needs {', '.join(missing)}: install `bareme[analysis]`.")
    files = rendered(found)
    written = []
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    except OSError as error:
        raise DataError(f"{error.filename or folder} cannot be written: {error.strerror or error}") from error
    return written


def rendered(found: Impact) -> dict[str, bytes]:
    """Return the files of an impact, by their names within the folder."""
    from analysis.publication.charts import as_png, as_svg, charts_of  # noqa: PLC0415 - libraries of the extra `analysis`
    from analysis.publication.data_package import data_package  # noqa: PLC0415
    from analysis.publication.report import report  # noqa: PLC0415
    from analysis.publication.workbook import workbook  # noqa: PLC0415

    charts = charts_of(found)
    files = data_package(found)
    files[WORKBOOK] = workbook(found)
    files[REPORT] = report(found, charts).encode()
    for chart in charts:
        files[f"{CHARTS}/{chart.name}.svg"] = as_svg(chart).encode()
        files[f"{CHARTS}/{chart.name}.png"] = as_png(chart)
    return files
