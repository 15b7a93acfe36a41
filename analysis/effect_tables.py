"""The tables of what a reform does, each made of arrays by replicate: figure, sampling error, and what secrecy refuses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis import disclosure, inequality
from analysis.effects import GAINING, LOSING, SENSES, UNCHANGED, Effects, effects
from analysis.replicates import estimate
from analysis.tables import COUNT, ERROR, EUROS, EUROS_PER_UNIT, HOUSEHOLDS, SHARE, TAX_HOUSEHOLDS, VALUE, Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from analysis.groups import Grouping
    from analysis.study import Outcome, Study

    Floats = NDArray[np.float64]

WHO = (Column("annee", "Année", COUNT), Column("comparaison", "Comparaison"))
SECRET = Column("secret", "Cellules refusées")
TOTAL = "total"


@dataclass(frozen=True)
class Comparison:
    """Two laws over the households of a study: what changes from one to the other. `name` is that of the column `comparaison`."""

    study: Study
    name: str
    before: Outcome
    after: Outcome
    disclosure: bool = False

    @cached_property
    def change(self) -> Floats:
        """By how many euros a year each household's income changes."""
        change = self.before.net(self.study.measures) - self.after.net(self.study.measures)
        return np.zeros(self.study.households.count) + change

    @property
    def who(self) -> dict[str, Any]:
        """What tells the rows of this comparison from others."""
        return {"annee": self.study.year, "comparaison": self.name}

    def effects(self, grouping: Grouping) -> Effects:
        """Return the effects on groups."""
        return effects(self.study.replicates, self.change, grouping.codes, len(grouping.labels))

    @cached_property
    def is_secret(self) -> bool:
        """Whether too few households are there, or move, to publish anything of all together."""
        return self.disclosure and bool(disclosure.secrets_of(self.effects(self.study.everybody)).groups[0])


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


def budget(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Give a row for each tax and benefit that anybody pays or receives, and one for all together: levies less benefits."""
    measures, study = comparison.study.measures, comparison.study
    signs = np.array([1.0 if measure.is_levy else -1.0 for measure in measures])
    before = [comparison.before.amounts[measure.name] for measure in measures]
    after = [comparison.after.amounts[measure.name] for measure in measures]
    net = [np.zeros(study.households.count) + outcome.net(measures) for outcome in (comparison.before, comparison.after)]
    all_before, all_after = np.stack([*before, net[0]], axis=1), np.stack([*after, net[1]], axis=1)
    all_signs = np.append(signs, 1.0)
    difference = all_after - all_before
    moved = (np.abs(difference) >= 0.5).astype(np.float64)  # noqa: PLR2004 - half a euro, as for households
    totals = study.replicates.totals(np.concatenate([all_before, all_after, difference * all_signs, moved], axis=1))
    parts = np.split(totals, 4, axis=1)
    rows = figures(dict(zip(("avant", "apres", "effet_budget", "menages_concernes"), parts, strict=True)))
    secrets = _secrets_of_budget(comparison, all_before, all_after) if comparison.disclosure else [""] * len(rows)
    paid = [bool(column.any()) for column in np.concatenate([all_before, all_after]).T]
    named = [*((measure.name, measure.label) for measure in measures), (TOTAL, "Ensemble : prélèvements moins prestations")]
    for (name, label), row, secret, is_paid in zip(named, rows, secrets, paid, strict=True):
        if not is_paid and name != TOTAL:
            continue
        shown = {"secret": f"secret : {secret}"} if secret else {**row, "secret": ""}
        yield {**comparison.who, "mesure": name, "libelle": label, **shown}


def _secrets_of_budget(comparison: Comparison, before: Floats, after: Floats) -> list[str]:
    weights = comparison.study.weights[:, None]
    contents = [np.abs(content) * weights for content in (before, after, after - before)]
    cells = disclosure.Cells.of(
        np.stack([(content > 0).sum(0) for content in contents], -1),
        np.stack([content.max(0, initial=0.0) for content in contents], -1),
        np.stack([content.sum(0) for content in contents], -1),
    )
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
    Column("observations", "Observations", COUNT),
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


def effects_by_group(comparison: Comparison, grouping: Grouping) -> Iterator[dict[str, Any]]:
    """Give a row for each group of households."""
    found = comparison.effects(grouping)
    rows = figures(_figures_of(found))
    secrets = disclosure.secrets_of(found) if comparison.disclosure else None
    for group, (label, row) in enumerate(zip(grouping.labels, rows, strict=True)):
        known: dict[str, Any] = {"observations": int(found.observations[group].sum()), **row, "secret": ""}
        if secrets is not None and (comparison.is_secret or secrets.groups[group]):
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


def taxed(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Give how many tax households pay the income tax before and after, enter it and leave it."""
    before, after, study = comparison.before.tax, comparison.after.tax, comparison.study
    rule = study.tax_rule
    if before is None or after is None or rule is None:
        return
    paid, pays = before > 0, after > 0
    each = np.stack([paid, ~paid & pays, paid & ~pays, pays], axis=1)
    by_household = [study.households.added_up(column, rule.entity.key) for column in each.T]
    if any(column is None for column in by_household):
        return
    rows = figures({"foyers": study.replicates.totals(np.stack([column for column in by_household if column is not None], axis=1))})
    secret = ""
    if comparison.disclosure and ((0 < each.sum(0)) & (each.sum(0) < disclosure.LEAST)).any():
        secret = f"secret : {disclosure.FEW}"
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


def inequalities(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Give inequality indicators before and after; errors of the change are those of the change, not of the levels."""
    before, after, study = comparison.before.living_standard, comparison.after.living_standard, comparison.study
    if before is None or after is None:
        return
    first = study.inequality_of(comparison.before)
    then = study.inequality_of(comparison.after)
    rows = figures({"avant": first, "apres": then, "ecart": then - first})
    for name, row in zip(inequality.INDICATORS, rows, strict=True):
        label, unit = INEQUALITY_LABELS[name]
        shown = {"secret": f"secret : {disclosure.FEW}"} if comparison.is_secret else {**row, "secret": ""}
        yield {**comparison.who, "indicateur": name, "libelle": label, "unite": unit, **shown}


def table(name: str, title: str, columns: tuple[Column, ...], rows: Iterator[dict[str, Any]], note: str = "") -> Table:
    """Return a table of rows."""
    return Table.of(name, title, columns, rows, note)
