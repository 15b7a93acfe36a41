"""Results as JSON, and those that are kept in files, by the key of their content.

A result says what comes out, never what was asked: the figures that an amendment changes, its title and its description are in no result and in
no file, for an amendment is secret until it is filed. Figures are written with all their digits.
"""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from analysis.tables import ERROR
from engine import user_cache

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.impact import Impact
    from analysis.tables import Table

LEFT_OUT: Final = ("chiffres",)
"""The table of the figures that the reform changes: whoever asks knows them."""
MOST_FILES: Final = 500
"""So many results are kept in files, the latest."""
_KIND: Final = "impact"
_MAGIC: Final = b"bareme impact 1\n"


def encoded(found: Impact, about: dict[str, Any]) -> bytes:
    """Return a result as JSON; `about` says of which law and population, and how long it took."""
    told = {
        "years": list(found.years),
        **about,
        "tables": [_table(table) for name, table in found.tables.items() if name not in LEFT_OUT],
        "notes": list(found.notes),
        "cautions": list(found.cautions),
    }
    return json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _table(table: Table) -> dict[str, Any]:
    columns = [
        {"name": column.name, "label": column.label, "unit": column.unit, "error": column.name + ERROR if column.has_error else None}
        for column in table.columns
    ]
    return {"name": table.name, "title": table.title, "note": table.note, "columns": columns, "rows": table.rows()}


def kept(key: str) -> bytes | None:
    """Return a result that a file keeps, or None."""
    file = user_cache.cache_file(_KIND, key)
    payload = None if file is None else user_cache.kept(file, _MAGIC, _identity(key))
    try:
        return None if payload is None else zlib.decompress(payload)
    except zlib.error:
        return None


def keep(key: str, content: bytes) -> None:
    """Keep a result in a file; where that cannot be done, do without. The oldest leave."""
    file = user_cache.cache_file(_KIND, key)
    if file is None:
        return
    user_cache.keep(file, _MAGIC, _identity(key), zlib.compress(content, 1))
    with suppress(OSError):
        for old in sorted(file.parent.glob(f"{_KIND}-*.pickle"), key=_age)[:-MOST_FILES]:
            old.unlink()


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # another process removed it
        return 0.0


def _identity(key: str) -> bytes:
    return user_cache.digest(key.encode())
