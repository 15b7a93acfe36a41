"""The figures of the law, as OpenFisca's web API tells them.

A table by code, which OpenFisca does not have, is told as the branch of one figure for each code that it would be there.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from engine.parameters import SCALES, Parameter, ParameterNode, Scale, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.legislation import Legislation
    from web_api.openfisca.sources import Sources


def told_parameters(legislation: Legislation, host: str) -> dict[str, Any]:
    """Return the list of figures, scales and tables: what each is, and where more is told. Branches are left out."""
    return {item.name: {"description": item.description, "href": f"{host}parameter/{item.name.replace('.', '/')}"} for item in leaves(legislation.parameters)}


def leaves(node: ParameterNode) -> Iterator[Any]:
    """Go through figures, scales and tables of a branch, in the order of the law's files."""
    for child in node.children.values():
        if isinstance(child, ParameterNode):
            yield from leaves(child)
        else:
            yield child


def found_parameter(legislation: Legislation, name: str) -> Any:
    """Return the item of a name as `a.b.c` or `a/b/c`, None where there is none."""
    item: Any = legislation.parameters
    for step in name.strip("/").replace("/", ".").split("."):
        item = item.children.get(step) if isinstance(item, ParameterNode) else item.get(step) if isinstance(item, Table) else None
        if item is None:
            return None
    return item


def told_parameter(item: Any, sources: Sources) -> dict[str, Any]:
    """Return all about a figure, a scale, a table or a branch."""
    told: dict[str, Any] = {"id": item.name, "description": item.description, "metadata": _metadata(item)}
    source = sources.of_parameter(item.file)
    if source:
        told["source"] = source
    if item.documentation:
        told["documentation"] = inspect.cleandoc(item.documentation).strip()
    if isinstance(item, Parameter):
        told["values"] = dict(zip(item.starts, map(plain_figure, item.values), strict=True))
    elif isinstance(item, Scale):
        told["brackets"] = _brackets(item)
    else:
        below = item.children.values() if isinstance(item, ParameterNode) else map(item.get, item.child_names())
        told["subparams"] = {each.name.rpartition(".")[2]: {"description": each.description} for each in below}
    return told


def _metadata(item: Any) -> dict[str, Any]:
    own = {key: value for key, value in {"unit": item.unit, "reference": item.reference}.items() if value is not None}
    return {str(key): plain_data(each) for key, each in {**own, **item.metadata}.items()}


def plain_data(value: Any) -> Any:
    """Return what a file says as JSON has it: keys are texts, dates too."""
    if isinstance(value, dict):
        return {str(key): plain_data(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def plain_figure(value: Any) -> Any:
    """Return a figure as JSON has it."""
    return list(map(plain_figure, value)) if isinstance(value, tuple) else value


def _brackets(scale: Scale) -> dict[str, Any]:
    """Return, for each day on which something changes, the scale from then on: rates or amounts by threshold; null where it has no bracket."""
    value_name = SCALES[scale.kind].value_name
    told: dict[str, Any] = {}
    for date in scale.change_dates:
        pairs = [(bracket.figures["threshold"].at_date(date), bracket.figures[value_name].at_date(date)) for bracket in scale.brackets]
        found = {str(threshold): value for threshold, value in pairs if threshold is not None}
        if found or told:  # before the first bracket there is no scale
            told[date] = found or None
    return told
