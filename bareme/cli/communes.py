"""`bareme communes`: the 2017 housing tax of typical dwellings in every commune, the main job on the repository's own data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from analysis.departments import Department
    from population.typical_dwellings import Dwelling

SHOWN = 10
DOUBTFUL = (
    "* La plupart des habitants vivent dans une commune dont les abattements publiés sortent des limites de droit commun (CGI, art. 1411) : "
    "abattement forfaitaire, ou erreur du fichier."
)
ALSO_SHOWN = ("couple", "couple_3_enfants", "couple_grand_logement", "residence_secondaire")


@click.command("communes")
@click.option("--output-folder", type=click.Path(path_type=Path, file_okay=False), default=Path("out"), show_default=True, help="Where the files go.")
@click.option("--dwellings", "dwellings_file", type=click.Path(path_type=Path), help="A YAML file of other typical dwellings.")
@click.option("--reference", default="couple_2_enfants", show_default=True, help="The typical dwelling by which departments are compared.")
@click.option("--threads", type=click.IntRange(min=1), help="Threads to use; by default as many as there are cores.")
def command(output_folder: Path, dwellings_file: Path | None, reference: str, threads: int | None) -> None:
    """Calculate the 2017 taxe d'habitation of typical dwellings in every commune of France, from the communes' real figures.

    Writes communes_2017.parquet (a row for each commune and dwelling) and communes_2017.svg (a map of the departments), and shows
    the dearest and the cheapest departments.
    """
    from analysis.departments import by_department, ranked
    from bareme.cli.output import make_folder, write_tables, write_text
    from bareme.cli.progress import progress_bar
    from legislation import france
    from population.typical_dwellings import LEFT_OUT, SOURCES, YEAR, calculate_everywhere, check_reference, typical_dwellings

    dwellings = typical_dwellings(dwellings_file)
    chosen = check_reference(dwellings, reference)
    make_folder(output_folder)
    with progress_bar("Calculating") as progress:
        table = calculate_everywhere(france(), dwellings, threads=threads, progress=progress)
    departments = by_department(table)
    files = [output_folder / f"communes_{YEAR}.parquet", output_folder / f"communes_{YEAR}.svg"]
    write_tables({files[0]: table})
    write_text(files[1], _map(departments, chosen, [DOUBTFUL, LEFT_OUT, f"Sources : {SOURCES}. Calculs : Barème."]))
    _show(table, ranked(departments, reference), chosen, dwellings)
    click.echo(f"\n{DOUBTFUL}\n{LEFT_OUT}\n")
    for file in files:
        click.echo(f"{file} ({file.stat().st_size / 1e3:,.0f} kB)")


def _map(departments: Sequence[Department], dwelling: Dwelling, notes: Sequence[str]) -> str:
    from analysis.departments import places
    from analysis.tile_map import Words, tile_map

    words = Words(
        "La taxe d'habitation de 2017, département par département",
        f"{dwelling.libelle} (valeur locative : {_ratio(dwelling)} moyenne de la commune). Parts de la commune et de l'EPCI, frais et prélèvements ; "
        "moyenne des communes pondérée par leur population.",
        "En euros par an",
        notes,
    )
    return tile_map(
        {department.place.code: department.amounts[dwelling.key] for department in departments},
        places(),
        words,
        [department.place.code for department in departments if department.is_doubtful],
    )


def _ratio(dwelling: Dwelling) -> str:
    return "la" if dwelling.valeur == 1 else f"{dwelling.valeur:g} fois la".replace(".", ",")


def _show(table: pa.Table, ordered: Sequence[Department], dwelling: Dwelling, dwellings: Sequence[Dwelling]) -> None:
    from rich.table import Table

    from analysis.amounts import number
    from bareme.cli.summaries import console

    communes = table.num_rows // len(dwellings)
    counted = sum(department.communes for department in ordered)
    out = console()
    out.print(f"{number(communes)} communes × {len(dwellings)} logements types = {number(table.num_rows)} cotes de taxe d'habitation", highlight=False)
    out.print(f"Moyennes des {number(counted)} communes dont la population est connue, pondérées par elle, en euros", highlight=False)
    nameless = table["nom"].null_count // len(dwellings)
    if nameless:
        out.print(f"{number(nameless)} communes sans nom dans le fichier des EPCI : leur code seul est écrit", highlight=False)
    others = [other for other in dwellings if other.key in ALSO_SHOWN and other is not dwelling]
    for title, chosen in (("Les départements les plus chers", ordered[:SHOWN]), ("Les départements les moins chers", ordered[: -SHOWN - 1 : -1])):
        shown = Table(title=title, title_justify="left")
        for words in ("", "département"):
            shown.add_column(words, no_wrap=True)
        for column in (dwelling, *others):
            shown.add_column(column.libelle, justify="right", max_width=24, header_style="bold" if column is dwelling else "")
        for department in chosen:
            amounts = [number(department.amounts[column.key]) for column in (dwelling, *others)]
            shown.add_row(department.place.code, department.place.name + (" *" if department.is_doubtful else ""), *amounts)
        out.print(shown)
