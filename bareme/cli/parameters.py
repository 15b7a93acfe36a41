"""`bareme parameters`: the law's figures, their history, and the articles they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.parameters import Parameter

MOST_NAMES = 20


@click.command("parameters")
@click.argument("name", default="")
@legislation_options
def command(name: str, law: LawChoice) -> None:
    """Show the figure, scale or table of that NAME with its history and references; for a branch, what is below it.

    NAME is a path as `taxe_habitation.plafonnement`; without it, the law's branches.
    """
    tree = law.legislation().parameters
    click.echo("\n".join(_describe(_child(tree, name) if name else tree)))


def _child(tree: Any, name: str) -> Any:
    """Return the item of that name. Raises ParameterNotFoundError that lists what the law has where the name goes wrong."""
    from engine.errors import ParameterNotFoundError

    if not all(name.split(".")):
        raise ParameterNotFoundError(f"`{name}` is no name of a parameter: expected a path as `taxe_habitation.plafonnement`.")
    try:
        return tree.child(name)
    except ParameterNotFoundError as error:
        raise ParameterNotFoundError(f"{error}{_listed_below(tree, name)}") from error


def _listed_below(tree: Any, name: str) -> str:
    """Return what stands below the last branch that a wrong name reaches."""
    item = tree
    for segment in name.split("."):
        if item.sort.value == "figure" or item.get(segment) is None:
            break
        item = item.get(segment)
    names = () if item.sort.value == "figure" else item.child_names()
    more = f", … ({len(names)} in all)" if len(names) > MOST_NAMES else ""
    return f" Expected one of {', '.join(names[:MOST_NAMES])}{more}." if names else ""


def _describe(item: Any) -> Iterator[str]:
    from engine.parameters.dated_values import Sort

    if item.name:
        yield item.name
    for text in (item.description, item.documentation):
        yield from (f"  {line}" for line in (text or "").splitlines())
    if item.unit:
        yield f"unit:       {item.unit}"
    shared = _references(item.reference)
    yield from _listed("reference:", shared)
    yield from {Sort.FIGURE: _history, Sort.SCALE: _scale, Sort.BRACKET: _children, Sort.TABLE: _table, Sort.BRANCH: _children}[item.sort](item)


def _history(figure: Parameter) -> Iterator[str]:
    shared = _references(figure.reference)
    for dated in reversed(figure.dated_values):
        yield f"{dated.start}  {_value(dated.value)}"
        own = _references(dated.reference)
        if own != shared:
            yield from _listed("", own)


def _scale(scale: Any) -> Iterator[str]:
    yield f"kind:       {scale.kind}"
    for date in reversed(scale.change_dates):
        yield date
        at = scale.at(date)
        numbers = {bracket.figures["threshold"].at_date(date): name for name, bracket in zip(scale.child_names(), scale.brackets, strict=True)}
        for threshold, value in zip(at.thresholds, at.values, strict=True):
            yield f"  {numbers.get(threshold, ''):>4} from {_value(threshold):>12}: {_value(value)}"


def _table(table: Any) -> Iterator[str]:
    for start, codes, values in reversed(list(zip(table.starts, table.codes, table.values, strict=True))):
        yield start
        width = max((len(code) for code in codes), default=0)
        yield from (f"  {code:<{width}}  {_value(value)}" for code, value in zip(codes, values, strict=True))


def _children(branch: Any) -> Iterator[str]:
    names = branch.child_names()
    if not names:
        yield "nothing below: no figure of this name is in the law's YAML files"
    width = max((len(name) for name in names), default=0)
    for name in names:
        child = branch.get(name)
        said = child.description or ""
        now = f"{_short(child.values[-1])} (from {child.starts[-1]})" if child.sort.value == "figure" and child.starts else f"{child.sort.value}"
        yield f"{name:<{width}}  {now:<24}  {said}".rstrip()


def _references(reference: Any) -> list[str]:
    if reference is None:
        return []
    if isinstance(reference, str):
        return [reference]
    if isinstance(reference, dict):
        return [f"{key}: {text}" for key, value in reference.items() for text in _references(value)]
    return [text for value in reference for text in _references(value)]


def _listed(word: str, texts: list[str]) -> Iterator[str]:
    yield from (f"{'' if number else word:<12}{text}" for number, text in enumerate(texts))


def _value(value: Any) -> str:
    if value is None:
        return "no value"
    return ", ".join(map(_value, value)) if isinstance(value, tuple) else str(value)


def _short(value: Any) -> str:
    return f"{len(value)} values" if isinstance(value, tuple) else _value(value)
