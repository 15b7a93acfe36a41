"""`bareme why-changed`: which part of a reform moves a result by how much, for one row or for a population."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.reform_parts import Part
    from analysis.why_changed import Method, Share, Step, WhyBudgetChanged, WhyChanged

SCHEMA = "bareme/why-changed/1"
SCHEMA_OF_A_POPULATION = "bareme/why-budget-changed/1"


@click.command("why-changed")
@click.argument("files", nargs=-1, required=True, metavar="[SITUATION] REFORM")
@click.option("--variable", help="The variable of the situation, a number, as impot_net.")
@click.option("--period", "at", help="Its period, as 2022 or 2022-01.")
@click.option("--row", default="0", show_default=True, help="The row of its entity: an id, or a number from 0 on.")
@click.option("--table", "tables", multiple=True, metavar="ENTITY=FILE", help="Tables of rows in the place of SITUATION; once per entity.")
@click.option("--output", metavar="RESULT", help='Of a population: the result, as "budget.impot_revenu" or "gini". Without SITUATION: budget.')
@click.option("--population", type=click.Path(path_type=Path), help="A folder with a table for each entity, or one flat table; else the invented France.")
@click.option("--year", type=int, help="The year of a population's incomes and taxes; by default 2022.")
@click.option("--against", metavar="BILL", help="The draft bill that REFORM amends: the change from bill to REFORM is told.")
@click.option("--exact", type=click.IntRange(min=0), help="Up to how many parts shares are exact; by default 10, of a population 7.")
@click.option(
    "--orders",
    type=click.IntRange(min=4),
    help="Above that, how many orders of the parts are drawn; by default as many as 800 laws allow, of a population 128, at most 64.",
)
@click.option("--seed", type=int, default=20221122, show_default=True, help="What the orders are drawn from.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@legislation_options
def command(
    files: tuple[str, ...],
    variable: str | None,
    at: str | None,
    row: str,
    tables: tuple[str, ...],
    output: str | None,
    population: Path | None,
    year: int | None,
    against: str | None,
    exact: int | None,
    orders: int | None,
    seed: int,
    form: str,
    law: LawChoice,
) -> None:
    """Tell which part of REFORM (a YAML file or a dotted name) moves a result by how much, and through which variables.

    With SITUATION (JSON or YAML) or --table: one variable of one row. Without: a result of a population. The parts are the figures that
    the reform changes, each by itself, and the variables that it puts out of force. Shares are means over all orders of the parts
    (Shapley) and add up to the change.
    """
    how = {key: value for key, value in (("most_exact", exact), ("orders", orders)) if value is not None}
    most_files = 1 if tables else 2
    if len(files) > most_files:
        raise click.UsageError(f"{len(files)} files were given: expected {'REFORM' if tables else 'SITUATION REFORM, or REFORM alone'}.")
    if len(files) == 2 or tables:  # noqa: PLR2004 - a situation and a reform
        if output is not None or population is not None or year is not None:
            raise click.UsageError("--output, --population and --year are of a population: expected REFORM alone, or --variable and --period.")
        if variable is None or at is None:
            raise click.UsageError("Missing --variable or --period: expected what is to be explained, as --variable impot_net --period 2022.")
        found = _of_a_row(None if tables else Path(files[0]), tables, files[-1], law, variable, at, row, {**how, "against": against, "seed": seed})
        click.echo(json.dumps(as_json(found), indent=2, ensure_ascii=False)) if form == "json" else show(found)
        return
    from analysis.calls import reform_of
    from analysis.why_changed import why_budget_changed

    asked, legislation = reform_of(files[0]), law.legislation()
    whole = why_budget_changed(asked, output or "budget", population, year, against=against, law=legislation, how={**how, "seed": seed})
    click.echo(json.dumps(population_as_json(whole), indent=2, ensure_ascii=False)) if form == "json" else _show_population(whole)


def _of_a_row(file: Path | None, tables: Sequence[str], reform: str, law: LawChoice, variable: str, at: str, row: str, how: dict[str, Any]) -> WhyChanged:
    from analysis.calls import reform_of
    from analysis.explaining import simulation_of
    from analysis.why_changed import why_changed
    from bareme.cli.simulate import tables_of
    from population.situations import read_document
    from population.tables import read_tables

    asked, legislation = reform_of(reform), law.legislation()
    given = (
        read_document(file, legislation, at).situation if file is not None else simulation_of(read_tables(tables_of(tables), legislation, at), at, legislation)
    )
    ids = given.population.ids.get(legislation.variable(variable).entity.key, ())
    which = row if row in [str(each) for each in ids] or not row.isdigit() else int(row)
    return why_changed(given, asked, variable, at, which, law=legislation, **how)


# JSON


def as_json(found: WhyChanged) -> dict[str, Any]:
    """Return why a row's variable changed as JSON knows it."""
    return {
        "schema": SCHEMA,
        "variable": found.rule.name,
        "label": found.rule.label or found.rule.name,
        "unit": found.rule.unit,
        "period": str(found.period),
        "entity": found.rule.entity.key,
        "id": found.id,
        "before": found.before,
        "after": found.after,
        "total": found.total,
        "shares": [_share(each) for each in found.shares],
        "without_effect": [each.name for each in found.without_effect],
        "steps": [_step(each) for each in found.steps],
        "method": _method(found.method),
    }


def population_as_json(found: WhyBudgetChanged) -> dict[str, Any]:
    """Return why a population's result changed as JSON knows it."""
    return {
        "schema": SCHEMA_OF_A_POPULATION,
        "output": found.output,
        "label": found.label,
        "year": found.year,
        "total": found.total,
        "shares": [_share(each) for each in found.shares],
        "without_effect": [each.name for each in found.without_effect],
        "by_result": {name: dict(shares) for name, shares in found.by_result.items()},
        "method": _method(found.method),
    }


def _share(each: Share) -> dict[str, Any]:
    part = each.part
    return {
        "part": part.name,
        "label": part.label,
        "before": each.before,
        "after": each.after,
        "unit": part.unit,
        "reference": list(part.reference),
        "share": each.value,
        "error": each.error,
    }


def _step(each: Step) -> dict[str, Any]:
    return {
        "variable": each.rule.name,
        "label": each.rule.label or each.rule.name,
        "periods": [str(at) for at in each.periods],
        "entity": each.rule.entity.key,
        "id": each.id,
        "before": each.before,
        "after": each.after,
        "reference": list(each.rule.reference),
        "parts_met": list(each.parts),
        "shares": {name: share for name, share in each.shares.items() if share},
    }


def _method(method: Method) -> dict[str, Any]:
    return {"name": "shapley", "is_exact": method.is_exact, "sets_of_parts": method.trials, "orders": method.orders}


# Text


def show(found: WhyChanged) -> None:
    """Print why a row's variable changed."""
    from bareme.cli.summaries import console

    out = console()
    label = found.rule.label or found.rule.name
    out.print(f"{label} ({found.rule.name}, {found.period}, {found.rule.entity.key} {found.id})", style="bold", markup=False)
    out.print(f"{_number(found.before)} → {_number(found.after)}, soit {_number(found.total, signed=True)}", markup=False)
    out.print(_table_of_shares(found.shares, found.total, "Ce que chaque partie de la réforme y fait", _number))
    _print_notes(out, found.without_effect, found.method)
    if found.steps:
        out.print(_table_of_steps(found.steps))


def _show_population(found: WhyBudgetChanged) -> None:
    from analysis.tables import EUROS
    from analysis.wording import told
    from bareme.cli.summaries import console

    def amount(value: float, *, signed: bool = False) -> str:
        return told(value, EUROS, signed=signed) if found.output.partition(".")[0] == "budget" else _number(value, signed=signed)

    out = console()
    out.print(f"{found.label}, {found.year} : {amount(found.total, signed=True)}", style="bold", markup=False)
    out.print(_table_of_shares(found.shares, found.total, "Ce que chaque partie de la réforme y fait", amount))
    if len(found.by_result) > 1:
        out.print(_table_by_result(found, amount))
    _print_notes(out, found.without_effect, found.method)


def _table_of_shares(shares: Sequence[Share], total: float, title: str, amount: Any) -> Any:
    from rich.table import Table

    from analysis.figure_words import shortened

    shown = Table(title=title, title_justify="left", show_footer=False)
    for label in ("Partie", "Libellé", "Avant", "Après", "Effet", "Référence"):
        shown.add_column(label, justify="right" if label in ("Avant", "Après", "Effet") else "left", overflow="fold")
    for each in shares:
        error = f" ± {amount(each.error)}" if each.error is not None else ""
        reference = shortened(each.part.reference)
        shown.add_row(each.part.name, each.part.label, each.before, each.after, f"{amount(each.value, signed=True)}{error}", reference)
    shown.add_row("Ensemble", "", "", "", amount(total, signed=True), "", style="bold")
    return shown


def _table_by_result(found: WhyBudgetChanged, amount: Any) -> Any:
    from rich.table import Table

    shown = Table(title="Par prélèvement et prestation", title_justify="left")
    shown.add_column("Partie", overflow="fold")
    for name in found.by_result:
        shown.add_column(found.labels[name], justify="right", overflow="fold")
    for each in found.shares:
        shown.add_row(each.part.name, *(amount(by_part.get(each.part.name, 0.0), signed=True) for by_part in found.by_result.values()))
    shown.add_row("Ensemble", *(amount(sum(by_part.values()), signed=True) for by_part in found.by_result.values()), style="bold")
    return shown


def _print_notes(out: Any, without_effect: Sequence[Part], method: Method) -> None:
    if without_effect:
        out.print(f"Sans effet : {', '.join(each.name for each in without_effect)}.", markup=False, style="dim")
    how = (
        f"exactes ({method.trials} lois calculées)"
        if method.is_exact
        else f"estimées sur {method.orders} ordres tirés au sort, ± : erreur type ({method.trials} lois calculées)"
    )
    out.print(f"Parts de Shapley, moyennes sur tous les ordres des parties, dont la somme est l'effet total ; {how}.", markup=False, style="dim")


def _table_of_steps(steps: Sequence[Step]) -> Any:
    from rich.table import Table

    shown = Table(title="Par où passe le changement, dans l'ordre du calcul", title_justify="left")
    for label in ("Variable", "Libellé", "Période", "De", "Avant", "Après", "Chiffres lus par sa formule", "Effets"):
        shown.add_column(label, justify="right" if label in ("Avant", "Après") else "left", overflow="fold")
    for each in steps:
        periods = str(each.periods[0]) if len(each.periods) == 1 else f"{each.periods[0]} … {each.periods[-1]} ({len(each.periods)})"
        effects = " ; ".join(f"{_short(name)} {_number(share, signed=True)}" for name, share in each.shares.items() if share)
        parts = ", ".join(_short(name) for name in each.parts)
        who = f"{each.rule.entity.key} {each.id}"
        shown.add_row(each.rule.name, each.rule.label or "", periods, who, _value(each.before), _value(each.after), parts, effects)
    return shown


def _short(name: str) -> str:
    """Return the last steps of a path, enough to know it by."""
    return name if "{" in name else ".".join(name.split(".")[-2:])


def _value(value: Any) -> str:
    return ("oui" if value else "non") if isinstance(value, bool) else _number(value) if isinstance(value, int | float) else str(value)


def _number(value: float, *, signed: bool = False) -> str:
    from analysis.amounts import number

    rounded = round(value, 2)
    decimals = 0 if rounded == int(rounded) else 2 if abs(value) >= 1 else 4
    return number(value, decimals, signed=signed)
