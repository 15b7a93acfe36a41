"""`bareme variables`: what the law computes and what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.variables import Rule

MOST_VALUES = 40


@click.command("variables")
@click.argument("name", required=False)
@click.option("--entity", help="Only the variables of this entity.")
@click.option("--search", help="Only the variables whose name or label holds this text.")
@legislation_options
def command(name: str | None, entity: str | None, search: str | None, law: LawChoice) -> None:
    """List the law's variables, or tell all about the one of that NAME: type, period, formulas, references."""
    from engine.errors import EntityError, nearest

    found = law.legislation()
    if name is not None:
        codes = found.refusal_labels if name in found.refusals.values() else {}
        click.echo("\n".join(_describe(found.variable(name), codes)))
        return
    if entity is not None and entity not in found.entities:
        raise EntityError(f"There is no entity `{entity}`: expected one of {', '.join(found.entities)}.{nearest(entity, found.entities)}")
    rules = [rule for rule in found.variables.values() if entity in (None, rule.entity.key) and (search is None or _holds(rule, search))]
    if not rules:
        click.echo(f"No variable{f' of `{entity}`' if entity else ''} holds `{search}` in its name or label.", err=True)
    for line in _in_columns(
        [(rule.name, rule.entity.key, rule.definition_period, _type(rule), "input" if rule.is_input else "formula", rule.label) for rule in rules]
    ):
        click.echo(line)


def _holds(rule: Rule, search: str) -> bool:
    return search.casefold() in f"{rule.name} {rule.label}".casefold()


def _type(rule: Rule) -> str:
    return "Enum" if rule.possible_values is not None else str(rule.value_type.__name__)


def _in_columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _describe(rule: Rule, codes: Mapping[int, str]) -> Iterator[str]:
    yield rule.name
    yield from _indented(rule.label, rule.documentation)
    facts = {
        "entity": rule.entity.key,
        "period": str(rule.definition_period),
        "type": _type(rule),
        "unit": rule.unit,
        "default": getattr(rule.default_value, "name", None) or repr(rule.default_value),
        "until": str(rule.end or ""),
    }
    for word, fact in facts.items():
        if fact:
            yield f"{word + ':':<12}{fact}"
    for number, reference in enumerate(rule.reference):
        yield f"{'' if number else 'reference:':<12}{reference}"
    if rule.possible_values is not None:
        members = list(rule.possible_values)
        yield "values:"
        yield from (f"  {member.name}: {member.value}" for member in members[:MOST_VALUES])
        if len(members) > MOST_VALUES:
            yield f"  … ({len(members)} in all)"
    if codes:
        yield "codes by which the law refuses a row (0: accepted):"
        yield from (f"  {code}: {words}" for code, words in sorted(codes.items()))
    if rule.is_input:
        yield "an input: it has no formula"
    for formula in rule.formulas:
        since = "always" if formula.start.year == 1 else f"from {formula.start}"
        yield f"formula, {since}: {formula.place}"
        yield from _indented(formula.documentation)


def _indented(*texts: str) -> Iterator[str]:
    for text in texts:
        yield from (f"  {line.strip()}" for line in text.splitlines() if line.strip())
