"""The tables of what a reform does, each made of arrays by replicate: figure, sampling error, and what secrecy refuses.

A comparison gives the arrays: of all households at once (analysis/comparison.py), or of parts put together (analysis/streaming/combined.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis import disclosure, inequality
from analysis.effects import GAINING, LOSING, SENSES, UNCHANGED, Effects
from analysis.replicates import estimate
from analysis.tables import ERROR, EUROS, EUROS_PER_UNIT, HOUSEHOLDS, SHARE, TAX_HOUSEHOLDS, VALUE, WHO, Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.comparison import Compared
    from analysis.groups import Grouping

    Floats = NDArray[np.float64]

SECRET = Column("secret", "Cellules refusées")
TOTAL = "total"


def figures(named: Mapping[str, Floats]) -> list[dict[str, Any]]:
    """Return rows of figures and errors, from arrays (replicates + 1, rows) by name of column."""
    found: list[dict[str, Any]] = []
    for name, values in named.items():
        known, errors = estimate(values)
        found = found or [{} for _ in range(len(known))]
        for row, value, error in zip(found, known.tolist(), errors.tolist(), strict=True):
            row[name], row[name + ERROR] = value, error
    return found


# --- Budget -------------------------------------------------------------------------------------------------------------

BUDGET = (
    *WHO,
    Column("mesure", "Mesure"),
    Column("libelle", "Prélèvement ou prestation"),
    Column("avant", "Avant", EUROS, has_error=True),
    Column("apres", "Après", EUROS, has_error=True),
    Column("effet_budget", "Effet sur le budget public", EUROS, has_error=True),
    Column("menages_concernes", "Ménages dont le montant change", HOUSEHOLDS, has_error=True),
    SECRET,
)


def budget(comparisons: Sequence[Compared]) -> Iterator[dict[str, Any]]:
    """Give a row for each comparison and each tax and benefit that anybody pays or receives, and one for all together: levies less benefits."""
    secrets = [_secrets_of_budget(comparison) for comparison in comparisons]
    together = [next((reason for reason in reasons if reason), "") for reasons in zip(*secrets, strict=True)]
    for comparison in comparisons:
        yield from _budget(comparison, together)


def _budget(comparison: Compared, secrets: Sequence[str]) -> Iterator[dict[str, Any]]:
    found, measures = comparison.budget, comparison.measures
    rows = figures(dict(zip(("avant", "apres", "effet_budget", "menages_concernes"), (found.before, found.after, found.effect, found.moved), strict=True)))
    named = [*((measure.name, measure.label) for measure in measures), (TOTAL, "Ensemble : prélèvements moins prestations")]
    for (name, label), row, secret, is_paid in zip(named, rows, secrets, found.is_paid, strict=True):
        if not is_paid and name != TOTAL:
            continue
        shown = {"secret": f"secret : {secret}"} if secret else {**row, "secret": ""}
        yield {**comparison.who, "mesure": name, "libelle": label, **shown}


def _secrets_of_budget(comparison: Compared) -> list[str]:
    if not comparison.disclosure:
        return [""] * (len(comparison.measures) + 1)
    cells = comparison.budget_cells
    own = disclosure.reasons(cells)
    lines = disclosure.Cells(cells.observations[:-1], cells.largest[:-1], cells.absolute[:-1])
    found = disclosure.protected(own[:-1], lines) if not own[-1] else own[:-1]
    if found and all(found) and not own[-1]:
        own[-1] = disclosure.INDUCED  # nothing but the total is left, which would be that of the refused
    return [*found, own[-1]]


# --- Households ---------------------------------------------------------------------------------------------------------

EFFECTS = (
    *WHO,
    Column("groupe", "Groupe"),
    Column("observations", "Observations", "observations"),
    Column("menages", "Ménages", HOUSEHOLDS, has_error=True),
    Column("effet_total", "Effet sur le revenu", EUROS, has_error=True),
    Column("effet_moyen", "Effet moyen", EUROS, has_error=True),
    Column("gagnants", "Gagnants", HOUSEHOLDS, has_error=True),
    Column("perdants", "Perdants", HOUSEHOLDS, has_error=True),
    Column("inchanges", "Inchangés", HOUSEHOLDS, has_error=True),
    Column("part_gagnants", "Part de gagnants", SHARE, has_error=True),
    Column("part_perdants", "Part de perdants", SHARE, has_error=True),
    Column("effet_moyen_gagnants", "Gain moyen des gagnants", EUROS, has_error=True),
    Column("effet_median_gagnants", "Gain médian des gagnants", EUROS, has_error=True),
    Column("effet_moyen_perdants", "Perte moyenne des perdants", EUROS, has_error=True),
    Column("effet_median_perdants", "Perte médiane des perdants", EUROS, has_error=True),
    SECRET,
)
OF_GROUPS = ("menages", "effet_total", "effet_moyen")


def effects_by_group(comparisons: Sequence[Compared], grouping: Grouping) -> Iterator[dict[str, Any]]:
    """Give a row for each comparison and group of households."""
    found = [comparison.effects(grouping) for comparison in comparisons]
    secrets = disclosure.in_all([disclosure.secrets_of(each) for each in found])
    nothing = any(comparison.is_secret for comparison in comparisons)
    for comparison, effects_of_it, of_it in zip(comparisons, found, secrets, strict=True):
        yield from _of_groups(comparison, grouping, effects_of_it, of_it if comparison.disclosure else None, nothing=nothing)


def _of_groups(comparison: Compared, grouping: Grouping, found: Effects, secrets: disclosure.Secrets | None, *, nothing: bool) -> Iterator[dict[str, Any]]:
    rows = figures(_figures_of(found))
    for group, (label, row) in enumerate(zip(grouping.labels, rows, strict=True)):
        known: dict[str, Any] = {"observations": int(found.observations[group].sum()), **row, "secret": ""}
        if secrets is not None and (nothing or secrets.groups[group]):
            known = {"secret": secrets.told(group) or f"secret : {disclosure.INDUCED}"}
        elif secrets is not None and secrets.senses[group]:
            kept = ("observations", *(name for of_group in OF_GROUPS for name in (of_group, of_group + ERROR)))
            known = {**{name: known[name] for name in kept}, "secret": secrets.told(group)}
        yield {**comparison.who, "groupe": label, **known}


def _figures_of(found: Effects) -> dict[str, Floats]:
    everybody, total = found.households.sum(-1), found.change.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = found.change / found.households
        shares = found.households / everybody[..., None]
        return {
            "menages": everybody,
            "effet_total": total,
            "effet_moyen": total / everybody,
            **{SENSES[sense]: found.households[..., sense] for sense in (GAINING, LOSING, UNCHANGED)},
            "part_gagnants": shares[..., GAINING],
            "part_perdants": shares[..., LOSING],
            "effet_moyen_gagnants": means[..., GAINING],
            "effet_median_gagnants": found.median[..., GAINING],
            "effet_moyen_perdants": means[..., LOSING],
            "effet_median_perdants": found.median[..., LOSING],
        }


# --- Who pays the tax ---------------------------------------------------------------------------------------------------

TAXED = (
    *WHO,
    Column("indicateur", "Indicateur"),
    Column("libelle", "Foyers fiscaux"),
    Column("foyers", "Nombre", TAX_HOUSEHOLDS, has_error=True),
    SECRET,
)
TAXED_LABELS = {"imposes_avant": "Imposés avant", "entrants": "Qui entrent dans l'impôt", "sortants": "Qui en sortent", "imposes_apres": "Imposés après"}


def taxed(comparisons: Sequence[Compared]) -> Iterator[dict[str, Any]]:
    """Give how many tax households pay the income tax before and after, enter it and leave it."""
    secret = any(_few_taxed(comparison) for comparison in comparisons)
    for comparison in comparisons:
        yield from _taxed(comparison, f"secret : {disclosure.FEW}" if secret else "")


def _few_taxed(comparison: Compared) -> bool:
    found = comparison.taxed
    return comparison.disclosure and found is not None and bool(((found.observations > 0) & (found.observations < disclosure.LEAST)).any())


def _taxed(comparison: Compared, secret: str) -> Iterator[dict[str, Any]]:
    if comparison.taxed is None:
        return
    rows = figures({"foyers": comparison.taxed.households})
    for (name, label), row in zip(TAXED_LABELS.items(), rows, strict=True):
        shown = {"secret": secret} if secret and name != "imposes_avant" else {**row, "secret": ""}
        yield {**comparison.who, "indicateur": name, "libelle": label, **shown}


# --- Inequality ---------------------------------------------------------------------------------------------------------

INEQUALITY_LABELS = {
    "gini": ("Indice de Gini", SHARE),
    "taux_pauvrete": ("Taux de pauvreté au seuil de 60 %", SHARE),
    "s80_s20": ("S80/S20", "rapport"),
    "niveau_de_vie_median": ("Niveau de vie médian", EUROS_PER_UNIT),
    "niveau_de_vie_moyen": ("Niveau de vie moyen", EUROS_PER_UNIT),
}
INEQUALITY = (
    *WHO,
    Column("indicateur", "Indicateur"),
    Column("libelle", "Niveau de vie des personnes"),
    Column("unite", "Unité"),
    Column("avant", "Avant", VALUE, has_error=True),
    Column("apres", "Après", VALUE, has_error=True),
    Column("ecart", "Écart", VALUE, has_error=True),
    SECRET,
)


def inequalities(comparisons: Sequence[Compared]) -> Iterator[dict[str, Any]]:
    """Give inequality indicators before and after; errors of the change are those of the change, not of the levels."""
    nothing = any(comparison.is_secret for comparison in comparisons)
    for comparison in comparisons:
        yield from _inequalities(comparison, nothing=nothing)


def _inequalities(comparison: Compared, *, nothing: bool) -> Iterator[dict[str, Any]]:
    if comparison.inequality is None:
        return
    first, then = comparison.inequality
    rows = figures({"avant": first, "apres": then, "ecart": then - first})
    for name, row in zip(inequality.INDICATORS, rows, strict=True):
        label, unit = INEQUALITY_LABELS[name]
        shown = {"secret": f"secret : {disclosure.FEW}"} if nothing else {**row, "secret": ""}
        yield {**comparison.who, "indicateur": name, "libelle": label, "unite": unit, **shown}


# --- What readers see ---------------------------------------------------------------------------------------------------

SHOWN = {
    "budget": ("libelle", "avant", "apres", "effet_budget", "menages_concernes"),
    "foyers_imposes": ("libelle", "foyers"),
    "inegalites": ("libelle", "avant", "apres", "ecart"),
    "chiffres": ("parametre", "libelle", "depuis", "avant", "apres"),
    "exemples": ("sens", "menage", "revenu_fiscal", "effet", "detail", "represente"),
}
OF_EFFECTS = ("groupe", "menages", "effet_total", "effet_moyen", "part_gagnants", "part_perdants", "effet_moyen_gagnants", "effet_moyen_perdants")
ALSO_OF_ALL = ("gagnants", "perdants", "inchanges", "effet_median_gagnants", "effet_median_perdants")


def shown_columns(table: Table, rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Return the columns that fit a page or a terminal; year and comparison only where there are several. Files have all columns."""
    names = SHOWN.get(table.name) or (*OF_EFFECTS, *(ALSO_OF_ALL if table.name == "ensemble" else ()))
    several = [name for name in ("annee", "comparaison") if len({row[name] for row in rows}) > 1]
    return [column for column in table.columns if column.name in (*several, *names)]


def table(name: str, title: str, columns: tuple[Column, ...], rows: Iterator[dict[str, Any]], note: str = "") -> Table:
    """Return a table of rows."""
    return Table.of(name, title, columns, rows, note)
