"""What the page of a variable tells."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from web_api.explore.index import PARAMETER, VARIABLE
from web_api.explore.references import references_of
from web_api.explore.source import source_of
from web_api.explore.values import Teller

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.variables import Formula, Rule
    from web_api.explore.law import ExploredLaw
    from web_api.explore.references import Reference
    from web_api.explore.source import Source


@dataclass(frozen=True)
class Link:
    """A variable or an item of the tree of figures that a page leads to."""

    kind: str
    name: str
    label: str


@dataclass(frozen=True)
class FormulaTold:
    """A vintage of the formula: from when until when, what its author says of it, and its source."""

    since: str
    until: str
    says: str
    source: Source | None


@dataclass(frozen=True)
class VariableTold:
    """All that the page of a variable tells."""

    name: str
    label: str
    documentation: str
    facts: tuple[tuple[str, str], ...]
    references: tuple[Reference, ...]
    values: tuple[tuple[str, str], ...]
    codes: tuple[tuple[int, str], ...]
    formulas: tuple[FormulaTold, ...]
    reads: tuple[Link, ...]
    figures: tuple[Link, ...]
    readers: tuple[Link, ...]


def variable_told(law: ExploredLaw, rule: Rule, language: str) -> VariableTold:
    """Return what the page of a variable tells, the formula in force last first."""
    legislation, links = law.legislation, law.links
    teller = Teller.of(legislation, language)
    codes = legislation.refusal_labels if rule.name in legislation.refusals.values() else {}
    return VariableTold(
        name=rule.name,
        label=rule.label,
        documentation=rule.documentation,
        facts=tuple((key, told) for key, told in _facts(rule, teller) if told),
        references=references_of(rule.reference),
        values=tuple((each.name, str(each.value)) for each in rule.possible_values or ()),
        codes=tuple(sorted(codes.items())),
        formulas=tuple(_formulas(rule, law, teller)),
        reads=variables_told(law, links.variables.get(rule.name, ())),
        figures=parameters_told(law, links.parameters.get(rule.name, ())),
        readers=variables_told(law, links.readers_of_variables.get(rule.name, ())),
    )


def _facts(rule: Rule, teller: Teller) -> Iterable[tuple[str, str]]:
    yield "entity", rule.entity.label or rule.entity.key
    yield "period", teller.say(f"period_{rule.definition_period.value}")
    yield "type", teller.type(rule)
    yield "unit", teller.unit(rule.unit)
    member = getattr(rule.default_value, "name", None)
    yield "default", str(member) if member else teller.value(rule.default_value, rule.unit) or "\N{EN DASH}"
    yield "until", str(rule.end or "")
    cerfa = rule.cerfa_field
    yield "cerfa", cerfa if isinstance(cerfa, str) else ", ".join(f"{role}: {field}" for role, field in cerfa.items()) if cerfa else ""


def _formulas(rule: Rule, law: ExploredLaw, teller: Teller) -> Iterable[FormulaTold]:
    dated: list[tuple[Formula, Formula | None]] = list(zip_longest(rule.formulas, rule.formulas[1:]))
    for formula, following in reversed(dated):
        until = str(following.start) if following is not None else ""
        yield FormulaTold(teller.since(str(formula.start)), until, formula.documentation, source_of(formula, law.links))


def variables_told(law: ExploredLaw, names: Iterable[str]) -> tuple[Link, ...]:
    """Return variables to lead to, those that the law has, by name."""
    known = law.legislation.variables
    return tuple(Link(VARIABLE, name, known[name].label) for name in sorted(names) if name in known)


def parameters_told(law: ExploredLaw, names: Iterable[str]) -> tuple[Link, ...]:
    """Return items of the tree of figures to lead to, by name."""
    tree = law.legislation.parameters
    return tuple(Link(PARAMETER, name, tree.child(name).description or "") for name in sorted(names) if name)
