"""Choosing rows of results by an expression: `--where "net_a_payer > 1000 & taux_commune < 0.2"`.

numexpr reads and evaluates the expression: arithmetic, comparisons, `&`, `|`, `~` and `where(…)` over the results' names;
it knows no attributes, no calls of Python and no files, so that an expression of anybody's is safe to run.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import DataError, nearest
from engine.variables import EnumArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from population.results import EntityResults

NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")
FUNCTIONS = frozenset({"where", "abs", "floor", "ceil", "sqrt", "True", "False"})


def select_rows(groups: Sequence[EntityResults], expression: str) -> list[EntityResults]:
    """Return the results of the rows for which the expression holds; rows that the law refuses are left out.

    Raises DataError for a name that is no result, for a result that is no number, for what is no truth of each row, and for
    results of several entities whose rows are not the same.
    """
    columns = {result.name: result.values for group in groups for result in group.results}
    rows = {len(values) for values in columns.values()}
    if len(rows) != 1:
        raise DataError(f"The results of {', '.join(group.entity for group in groups)} have different rows: `{expression}` cannot choose among them at once.")
    holds = _holds(columns, expression)
    for group in groups:
        if group.refused is not None:
            holds = holds & ~group.refused
    return [_chosen(group, holds) for group in groups]


def _chosen(group: EntityResults, holds: NDArray[np.bool_]) -> EntityResults:
    return replace(
        group,
        ids={key: values[holds] for key, values in group.ids.items()},
        results=tuple(replace(result, values=result.values[holds]) for result in group.results),
        refusal=None if group.refusal is None else replace(group.refusal, values=group.refusal.values[holds]),
        weights=None if group.weights is None else group.weights[holds],
    )


def _holds(columns: Mapping[str, NDArray[Any]], expression: str) -> NDArray[np.bool_]:
    import numexpr  # noqa: PLC0415 - its import costs more than most commands take

    used = _columns_in(expression, columns)
    try:
        found = np.asarray(numexpr.evaluate(expression, local_dict=used, global_dict={}))
    except (SyntaxError, TypeError, ValueError, NotImplementedError, KeyError, AttributeError) as error:
        raise DataError(f"`{expression}` cannot be evaluated: {error}") from error
    first = next(iter(columns))
    if found.dtype != bool or found.shape != columns[first].shape:
        raise DataError(f"`{expression}` is not true or false for each row: expected a comparison, as `{first} > 0`.")
    return found


def _columns_in(expression: str, columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    names = dict.fromkeys(name for name in NAME.findall(expression) if name not in FUNCTIONS)
    unknown = [name for name in names if name not in columns]
    if unknown:
        raise DataError(" ".join(f"`{name}` in `{expression}` is not among the results asked for.{nearest(name, columns)}" for name in unknown))
    unfit = [name for name in names if isinstance(columns[name], EnumArray) or columns[name].dtype.kind not in "bif"]
    if unfit:
        raise DataError(f"`{expression}` compares {', '.join(f'`{name}`' for name in unfit)}: expected numbers or truths only.")
    return {name: columns[name] for name in names}
