"""Build the communes' yearly tables of `parameters/communes/` from the public files they come from.

Run as `python scripts/build_communes.py DIRECTORY [OUTPUT]`. DIRECTORY holds the gzipped CSV files
`parametres_th_YYYY.csv.gz` (DGFiP, REI: rates, average rental values and allowances of commune and EPCI),
`communes_epci_2020.csv.gz` (DGCL and Insee: name, EPCI, legal population) and `communes_regions_2024.csv.gz` (region).
One Parquet file is written for each year found; its columns are described in `parameters/communes/README.md`.
"""

# ruff: noqa: INP001 - a script for a person at a terminal, no package
from __future__ import annotations

import argparse
import gzip
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

FIGURES = {
    "taux_commune": ("taux_com", pa.float64()),
    "taux_epci": ("taux_epci", pa.float64()),
    "valeur_locative_moyenne_commune": ("valeur_locative_moyenne_com", pa.int16()),
    "valeur_locative_moyenne_epci": ("valeur_locative_moyenne_epci", pa.int16()),
    "abattement_general_commune": ("abt_general_base_com", pa.int16()),
    "abattement_general_epci": ("abt_general_base_epci", pa.int16()),
    "abattement_personnes_a_charge_1_2_commune": ("abt_pac_1_2_com", pa.int16()),
    "abattement_personnes_a_charge_1_2_epci": ("abt_pac_1_2_epci", pa.int16()),
    "abattement_personnes_a_charge_3_plus_commune": ("abt_pac_3pl_com", pa.int16()),
    "abattement_personnes_a_charge_3_plus_epci": ("abt_pac_3pl_epci", pa.int16()),
    "abattement_special_commune": ("abt_condition_modeste_com", pa.int16()),
    "abattement_special_epci": ("abt_condition_modeste_epci", pa.int16()),
}
"""Our column -> (column of the DGFiP's file, stored type). Rates are fractions, the others whole euros."""

IDENTITY = {
    "nom": ("commune", pa.string()),
    "siren_epci": ("epci_siren", pa.dictionary(pa.int16(), pa.string())),
    "nom_epci": ("epci", pa.dictionary(pa.int16(), pa.string())),
    "nature_epci": ("epci_nature", pa.dictionary(pa.int8(), pa.string())),
    "fiscalite_epci": ("epci_fiscalite", pa.dictionary(pa.int8(), pa.string())),
    "population_totale": ("population_totale", pa.int32()),
    "population_municipale": ("population_municipale", pa.int32()),
}
"""Our column -> (column of the 2020 file of communes and EPCI, stored type)."""

ENCODINGS = {
    "code_insee": "DELTA_BYTE_ARRAY",
    "nom": "DELTA_BYTE_ARRAY",
    "population_totale": "BYTE_STREAM_SPLIT",
    "population_municipale": "BYTE_STREAM_SPLIT",
}
"""How the columns that hardly repeat a value are stored; the others are stored by their distinct values."""

TEXT_COLUMNS = ("code_insee_commune", "code_insee", "departement", "region", "epci_siren")
COMMUNE_CODE = re.compile(r"(\d\d|2A|2B)\d{3}")


def read_rows(path: Path, key: str) -> dict[str, dict[str, Any]]:
    """Return the rows of one gzipped CSV file by the commune's code; rows whose code is malformed (9777, 9788) are left out."""
    options = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(TEXT_COLUMNS, pa.string()))
    with gzip.open(path) as stream:
        rows = pyarrow.csv.read_csv(stream, convert_options=options).to_pylist()
    return {row[key]: row for row in rows if COMMUNE_CODE.fullmatch(row[key])}


def department(code: str) -> str:
    """Return the department of a commune's code: three characters overseas, two elsewhere."""
    return code[:3] if code.startswith("97") else code[:2]


def build_table(
    figures: dict[str, dict[str, Any]],
    identities: dict[str, dict[str, Any]],
    regions: dict[str, dict[str, Any]],
) -> pa.Table:
    """Return one year's table, sorted by code; what the identity files do not know of a commune is null."""
    region_of_department = {row["departement"]: row["region"] for row in regions.values()}
    codes = sorted(figures)
    departments = [department(code) for code in codes]
    columns: dict[str, pa.Array] = {
        "code_insee": pa.array(codes, pa.string()),
        "departement": _encoded(departments, pa.dictionary(pa.int8(), pa.string())),
        "region": _encoded([region_of_department[name] for name in departments], pa.dictionary(pa.int8(), pa.string())),
    }
    for name, (source, kind) in IDENTITY.items():
        values = [identities.get(code, {}).get(source) for code in codes]
        if name == "nom":
            values = [value or regions.get(code, {}).get("commune") for code, value in zip(codes, values, strict=True)]
        columns[name] = _encoded(values, kind)
    for name, (source, kind) in FIGURES.items():
        columns[name] = pa.array([figures[code][source] for code in codes], kind)
    return pa.table(columns)


def _encoded(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return pa.array(values, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(values, kind)


def build_all(directory: Path, output: Path) -> list[Path]:
    """Write one Parquet file for each year found in `directory` and return their paths."""
    identities = read_rows(directory / "communes_epci_2020.csv.gz", "code_insee")
    regions = read_rows(directory / "communes_regions_2024.csv.gz", "code_insee")
    written = []
    for source in sorted(directory.glob("parametres_th_*.csv.gz")):
        year = source.name.removeprefix("parametres_th_").removesuffix(".csv.gz")
        table = build_table(read_rows(source, "code_insee_commune"), identities, regions)
        path = output / f"{year}.parquet"
        repeating = [name for name in table.column_names if name not in ENCODINGS]
        pyarrow.parquet.write_table(table, path, compression="zstd", compression_level=19, use_dictionary=repeating, column_encoding=ENCODINGS)
        written.append(path)
    return written


def main() -> None:
    """Read the command line and build the tables."""
    parser = argparse.ArgumentParser(description="Build parameters/communes/*.parquet from the public CSV files.")
    parser.add_argument("directory", type=Path, help="folder of the gzipped CSV files")
    parser.add_argument("output", type=Path, nargs="?", default=Path(__file__).parent.parent / "parameters" / "communes")
    arguments = parser.parse_args()
    for path in build_all(arguments.directory, arguments.output):
        print(f"{path.name}: {path.stat().st_size:,} bytes")  # noqa: T201 - a script speaks to its user


if __name__ == "__main__":
    main()
