"""A Frictionless Data Package: each table as CSV and Parquet, with its Table Schema, sources and licence (specs.frictionlessdata.io)."""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from pyarrow import csv, parquet

from analysis.tables import COUNT, fields_of

if TYPE_CHECKING:
    from analysis.impact import Impact
    from analysis.tables import Table

LICENCE: Final = {"name": "etalab-2.0", "title": "Licence Ouverte 2.0", "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}
SOURCES: Final = (
    {"title": "Droit fiscal et social codé dans Barème, chaque chiffre avec sa référence (Légifrance)", "path": "https://www.legifrance.gouv.fr"},
    {"title": "Indice des prix à la consommation, Insee (pour les euros constants)", "path": "https://www.insee.fr"},
)
KEYS: Final = ("annee", "comparaison", "mesure", "groupe", "indicateur", "sens", "rang", "parametre", "date")


def data_package(found: Impact) -> dict[str, bytes]:
    """Return the files of the package: `datapackage.json`, and the tables in `data/`."""
    files: dict[str, bytes] = {}
    resources = []
    for table in found.tables.values():
        for ending, content in (("csv", _as_csv(table)), ("parquet", _as_parquet(table))):
            path = f"data/{table.name}.{ending}"
            files[path] = content
            resources.append(_resource(table, path, ending, content))
    described = {
        "profile": "data-package",
        "name": f"impact-{slug(found.title)}",
        "title": f"Effets de la réforme : {found.title}",
        "description": "\n\n".join(text.strip() for text in (found.description, *found.notes) if text),
        "licenses": [LICENCE],
        "sources": [{"title": found.population}, *SOURCES],
        "keywords": ["impôts", "prestations sociales", "microsimulation", "réforme"],
        "years": list(found.years),
        "layers": list(found.layers),
        "resources": resources,
    }
    files["datapackage.json"] = f"{json.dumps(described, indent=2, ensure_ascii=False)}\n".encode()
    return dict(sorted(files.items(), key=lambda item: item[0] != "datapackage.json"))


def _resource(table: Table, path: str, ending: str, content: bytes) -> dict[str, Any]:
    is_csv = ending == "csv"
    known: dict[str, Any] = {
        **({"profile": "tabular-data-resource"} if is_csv else {}),
        "name": slug(table.name) if is_csv else f"{slug(table.name)}-parquet",
        "title": table.title,
        "path": path,
        "format": ending,
        "mediatype": "text/csv" if is_csv else "application/vnd.apache.parquet",
        "schema": table_schema(table),
    }
    if not is_csv:  # whose bytes and hash readers of Parquet do not count
        return known
    checks = {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    return {**known, "encoding": "utf-8", "dialect": {"delimiter": ",", "header": True}, **checks}


def table_schema(table: Table) -> dict[str, Any]:
    """Return the Table Schema of a table: name, type, label and unit of each field, and what tells rows apart."""
    fields = []
    for column in table.columns:
        for field in fields_of(column):
            kind = "string" if not column.unit else "integer" if column.unit == COUNT and field.type == pa.int64() else "number"
            known = {"name": field.name, "type": kind, "title": field.metadata[b"label"].decode()}
            fields.append({**known, "unit": column.unit} if column.unit else known)
    names = [field["name"] for field in fields]
    return {"fields": fields, "primaryKey": [key for key in KEYS if key in names], "missingValues": [""]}


def _as_csv(table: Table) -> bytes:
    out = io.BytesIO()
    csv.write_csv(table.data, out, csv.WriteOptions(quoting_style="needed"))
    return out.getvalue()


def _as_parquet(table: Table) -> bytes:
    out = io.BytesIO()
    parquet.write_table(table.data, out, compression="zstd")
    return out.getvalue()


def slug(text: str) -> str:
    """Return a text as a name of letters without accents, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "reforme"
