"""The tables of what a reform does, each made of arrays by replicate: figure, sampling error, and what secrecy refuses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis import disclosure, inequality, levels
from analysis.effects import GAINING, LOSING, SENSES, UNCHANGED, Effects, effects, moving_rows
from analysis.replicates import estimate
from analysis.tables import COUNT, ERROR, EUROS, EUROS_PER_UNIT, HOUSEHOLDS, SHARE, TAX_HOUSEHOLDS, VALUE, Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.groups import Grouping
    from analysis.measures import Measure
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
    known_effects: dict[str, Effects] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def change(self) -> Floats:
        """By how many euros a year each household's income changes."""
        return levels.net_of(self.study, self.before) - levels.net_of(self.study, self.after)

    @cached_property
    def moving(self) -> NDArray[np.int64]:
        """The households whose income changes at all, by their change."""
        return moving_rows(self.change)

    @cached_property
    def budget_changes(self) -> tuple[Floats, Floats]:
        """What `levels.changes_of` tells of the two laws."""
        return levels.changes_of(self.study, self.before, self.after)

    @property
    def who(self) -> dict[str, Any]:
        """What tells the rows of this comparison from others."""
        return {"annee": self.study.year, "comparaison": self.name}

    def effects(self, grouping: Grouping) -> Effects:
        """Return the effects on groups; they are kept by the grouping's name."""
        if grouping.name not in self.known_effects:
            everybody = self.study.households_of(grouping)
            found = effects(self.study.replicates, self.change, grouping.codes, len(grouping.labels), moving=self.moving, everybody=everybody)
            self.known_effects[grouping.name] = found
        return self.known_effects[grouping.name]

    def as_before(self, known: Comparison | None) -> Comparison:
        """Return this comparison, or that of the same outcomes, replicates and secrecy that was made before, under the name of this one."""
        is_same = known is not None and (known.study.replicates.count, known.disclosure) == (self.study.replicates.count, self.disclosure)
        return replace(known, name=self.name) if known is not None and is_same else self

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


def budget(comparisons: Sequence[Comparison]) -> Iterator[dict[str, Any]]:
    """Give a row for each comparison and each tax and benefit that anybody pays or receives, and one for all together: levies less benefits."""
    secrets = [_secrets_of_budget(comparison) for comparison in comparisons]
    together = [next((reason for reason in reasons if reason), "") for reasons in zip(*secrets, strict=True)]
    for comparison in comparisons:
        yield from _budget(comparison, together)


def _amounts(comparison: Comparison) -> tuple[Floats, Floats]:
    """Return each household's amounts before and after: a column for each measure, and one for levies less benefits."""
    measures, count = comparison.study.measures, comparison.study.households.count
    columns = [
        [*(outcome.amounts[measure.name] for measure in measures), np.zeros(count) + outcome.net(measures)] for outcome in (comparison.before, comparison.after)
    ]
    return np.stack(columns[0], axis=1), np.stack(columns[1], axis=1)


def _budget(comparison: Comparison, secrets: Sequence[str]) -> Iterator[dict[str, Any]]:
    measures, study = comparison.study.measures, comparison.study
    signs = np.array([1.0 if measure.is_levy else -1.0 for measure in measures])
    all_signs = np.append(signs, 1.0)
    outside = [_outside(outcome, measures, signs) for outcome in (comparison.before, comparison.after)]
    inside = [levels.budget_of(study, outcome) for outcome in (comparison.before, comparison.after)]
    change, moved = comparison.budget_changes
    parts = [inside[0] + outside[0], inside[1] + outside[1], (change + (outside[1] - outside[0])) * all_signs, moved]
    rows = figures(dict(zip(("avant", "apres", "effet_budget", "menages_concernes"), parts, strict=True)))
    paid = [bool(outside[0][place] or outside[1][place]) or _anybody(comparison, measure) for place, measure in enumerate(measures)]
    named = [*((measure.name, measure.label) for measure in measures), (TOTAL, "Ensemble : prélèvements moins prestations")]
    for (name, label), row, secret, is_paid in zip(named, rows, secrets, [*paid, True], strict=True):
        if not is_paid:
            continue
        shown = {"secret": f"secret : {secret}"} if secret else {**row, "secret": ""}
        yield {**comparison.who, "mesure": name, "libelle": label, **shown}


def _anybody(comparison: Comparison, measure: Measure) -> bool:
    """Whether some household pays or receives a measure, before or after."""
    return any(bool(outcome.amounts[measure.name].any()) for outcome in (comparison.before, comparison.after))


def _outside(outcome: Outcome, measures: Sequence[Measure], signs: Floats) -> Floats:
    """Return the euros of rows in no household: of each measure, and of levies less benefits."""
    amounts = np.array([outcome.outside.get(measure.name, 0.0) for measure in measures])
    return np.append(amounts, amounts @ signs)


def _secrets_of_budget(comparison: Comparison) -> list[str]:
    if not comparison.disclosure:
        return [""] * (len(comparison.study.measures) + 1)
    before, after = _amounts(comparison)
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


def effects_by_group(comparisons: Sequence[Comparison], grouping: Grouping) -> Iterator[dict[str, Any]]:
    """Give a row for each comparison and group of households."""
    found = [comparison.effects(grouping) for comparison in comparisons]
    secrets = disclosure.in_all([disclosure.secrets_of(each) for each in found])
    nothing = any(comparison.is_secret for comparison in comparisons)
    for comparison, effects_of_it, of_it in zip(comparisons, found, secrets, strict=True):
        yield from _of_groups(comparison, grouping, effects_of_it, of_it if comparison.disclosure else None, nothing=nothing)


def _of_groups(comparison: Comparison, grouping: Grouping, found: Effects, secrets: disclosure.Secrets | None, *, nothing: bool) -> Iterator[dict[str, Any]]:
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


def taxed(comparisons: Sequence[Comparison]) -> Iterator[dict[str, Any]]:
    """Give how many tax households pay the income tax before and after, enter it and leave it."""
    secret = any(_few_taxed(comparison) for comparison in comparisons)
    for comparison in comparisons:
        yield from _taxed(comparison, f"secret : {disclosure.FEW}" if secret else "")


def _each_taxed(comparison: Comparison) -> NDArray[np.bool_] | None:
    """Return for each tax household whether it pays before, enters, leaves, pays after; None where the population has none."""
    before, after = comparison.before.tax, comparison.after.tax
    if before is None or after is None:
        return None
    paid, pays = before > 0, after > 0
    return np.stack([paid, ~paid & pays, paid & ~pays, pays], axis=1)


def _few_taxed(comparison: Comparison) -> bool:
    each = _each_taxed(comparison)
    return comparison.disclosure and each is not None and bool(((each.sum(0) > 0) & (each.sum(0) < disclosure.LEAST)).any())


def _taxed(comparison: Comparison, secret: str) -> Iterator[dict[str, Any]]:
    each, study, rule = _each_taxed(comparison), comparison.study, comparison.study.tax_rule
    paid = levels.taxed_of(study, comparison.before)
    if each is None or rule is None or paid is None:
        return
    moving = [column for column in (study.households.added_up(each[:, which], rule.entity.key) for which in (1, 2)) if column is not None]
    entering, leaving = study.replicates.totals(np.stack(moving, axis=1)).T
    rows = figures({"foyers": np.stack([paid, entering, leaving, paid + entering - leaving], axis=1)})
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


def inequalities(comparisons: Sequence[Comparison]) -> Iterator[dict[str, Any]]:
    """Give inequality indicators before and after; errors of the change are those of the change, not of the levels."""
    nothing = any(comparison.is_secret for comparison in comparisons)
    for comparison in comparisons:
        yield from _inequalities(comparison, nothing=nothing)


def _inequalities(comparison: Comparison, *, nothing: bool) -> Iterator[dict[str, Any]]:
    before, after, study = comparison.before.living_standard, comparison.after.living_standard, comparison.study
    if before is None or after is None:
        return
    first = study.inequality_of(comparison.before)
    then = study.inequality_of(comparison.after)
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
