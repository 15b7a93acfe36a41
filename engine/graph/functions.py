"""The numpy functions that a symbolic array records, beside the ufuncs.

Each takes the session and then numpy's own arguments, and returns a symbolic array, or NotImplemented where the call
asks for something that does not work row by row: numpy's function is then given real arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.array import Session, SymbolicArray, operand, record
from engine.graph.folding import cast
from engine.graph.members import as_index, comparable, possible_values_of
from engine.graph.operations import TEXT, Elementwise, IsIn, select, where

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.graph.nodes import DType, Node


def _enumeration(values: Sequence[Any]) -> Any:
    return next((kind for kind in map(possible_values_of, values) if kind is not None), None)


def _where(session: Session, condition: Any, *choices: Any) -> Any:
    if len(choices) != 2:  # noqa: PLR2004 - np.where(condition) asks for positions
        return NotImplemented
    return _asker((condition, *choices)).applied(where, (condition, *choices), lambda: _chosen(session, condition, choices))


def _asker(values: Sequence[Any]) -> SymbolicArray:
    """Return the first symbolic array among a function's arguments: numpy called it because there is one."""
    return next(value for value in values if isinstance(value, SymbolicArray))


def _chosen(session: Session, condition: Any, choices: Sequence[Any]) -> Any:
    if isinstance(condition, SymbolicArray) and condition.dtype != bool:
        condition = condition.astype(bool)  # any number but zero holds
    result = record(session, Elementwise(where), (condition, *(as_index(each, choices) for each in choices)))
    result.possible_values = _enumeration(choices)
    return result


def _select(session: Session, condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    values = (*condlist, *choicelist, default)
    return _asker(values).applied(select, values, lambda: _selected(session, condlist, choicelist, default))


def _selected(session: Session, condlist: Sequence[Any], choicelist: Sequence[Any], default: Any) -> Any:
    kind = _enumeration([*choicelist, default])
    *choices, default = [as_index(each, [*choicelist, default]) for each in [*choicelist, default]]
    entity = next((each.entity for each in [*condlist, *choices, default] if isinstance(each, SymbolicArray) and each.entity), None)
    dtype = _type_of_choices([operand(session, each, entity) for each in (*choices, default)])
    conditions: list[Any] = []
    chosen: list[Any] = []
    for condition, choice in zip(condlist, choices, strict=True):
        node = operand(session, condition, entity)
        if node.dtype != bool:
            raise TypeError("invalid entry in condlist: should be boolean ndarray")
        if node.is_constant and not node.value:
            continue
        if node.is_constant:
            default = choice
            break
        conditions.append(condition)
        chosen.append(choice)
    if conditions:
        result = record(session, Elementwise(select), (*conditions, *chosen, default))
    else:
        result = SymbolicArray(session, operand(session, default, entity), entity)
    return SymbolicArray(session, cast(session.graph, result.node, dtype), result.entity, kind, result.mask)


def _type_of_choices(nodes: Sequence[Node]) -> DType:
    """Return numpy's type for a choice among these, those that are never chosen too."""
    if any(node.dtype == TEXT for node in nodes):
        return TEXT
    return np.result_type(*(node.value if node.is_constant and node.operation.weak else node.dtype for node in nodes))


def _is_in(session: Session, element: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False, **keywords: Any) -> Any:  # noqa: FBT001, FBT002 - numpy's own signature
    del assume_unique, keywords
    if not isinstance(element, SymbolicArray) or isinstance(test_elements, SymbolicArray):
        return NotImplemented
    wanted = list(test_elements) if not isinstance(test_elements, str) else [test_elements]
    candidates = [_code(comparable(session, (element, value))[1]) for value in wanted]
    return record(session, Elementwise(IsIn(tuple(candidates), invert)), (element,))


def _code(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    value = value.decode() if isinstance(value, bytes) else value
    return getattr(value, "index", value) if not isinstance(value, str) else value


def _busday_count(
    session: Session, begindates: Any, enddates: Any, weekmask: Any = "1111100", holidays: Any = (), busdaycal: Any = None, out: Any = None
) -> Any:
    if busdaycal is not None or out is not None:
        return NotImplemented
    mask = weekmask if isinstance(weekmask, str) else tuple(weekmask)
    keywords = (("weekmask", mask), ("holidays", tuple(np.asarray(holidays, dtype="datetime64[D]").tolist())))
    return record(session, Elementwise(np.busday_count, keywords), (begindates, enddates))


def _round(session: Session, a: Any, decimals: int = 0, out: Any = None) -> Any:
    if out is not None or not isinstance(a, SymbolicArray):
        return NotImplemented
    rounding = Elementwise(np.round, (("decimals", decimals),))
    return a.applied(rounding, (a,), lambda: record(session, rounding, (a,)))


def _clip(session: Session, a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, **keywords: Any) -> Any:
    if out is not None or set(keywords) - {"min", "max"}:
        return NotImplemented
    lower, upper = keywords.get("min", a_min), keywords.get("max", a_max)
    result = a if lower is None else record(session, Elementwise(np.maximum), (a, lower))
    return result if upper is None else record(session, Elementwise(np.minimum), (result, upper))


def _like(fill: Any) -> Callable[..., Any]:
    def make(session: Session, a: SymbolicArray, *args: Any, dtype: Any = None, **keywords: Any) -> SymbolicArray:
        del keywords
        value = args[0] if fill is None and args else fill
        kind = np.dtype(dtype if dtype is not None else a.dtype)
        return SymbolicArray(session, session.graph.constant(np.full(1, value, dtype=kind)[0]), a.entity)

    return make


def _full_like(session: Session, a: SymbolicArray, fill_value: Any, dtype: Any = None, **keywords: Any) -> Any:
    if isinstance(fill_value, SymbolicArray):
        return fill_value.astype(dtype if dtype is not None else a.dtype)
    return _like(None)(session, a, fill_value, dtype=dtype, **keywords)


def _copy_to(session: Session, dst: Any, src: Any, where: Any = True, **keywords: Any) -> Any:  # noqa: FBT002 - numpy's signature
    del session
    if keywords or not isinstance(dst, SymbolicArray):
        return NotImplemented
    dst[slice(None) if where is True else where] = src
    return None


def _put_mask(session: Session, a: Any, mask: Any, values: Any) -> Any:
    del session
    if not isinstance(a, SymbolicArray) or not isinstance(mask, SymbolicArray) or not isinstance(values, SymbolicArray | bool | int | float):
        return NotImplemented
    a[mask] = values
    return None


def _any(session: Session, a: SymbolicArray, **keywords: Any) -> Any:
    del session
    return a.any(**keywords)


def _all(session: Session, a: SymbolicArray, **keywords: Any) -> Any:
    del session
    return a.all(**keywords)


def _copy(session: Session, a: SymbolicArray, **keywords: Any) -> SymbolicArray:
    del session, keywords
    return a.copy()


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.where: _where,
    np.select: _select,
    np.isin: _is_in,
    np.busday_count: _busday_count,
    np.round: _round,
    np.around: _round,
    np.clip: _clip,
    np.zeros_like: _like(0),
    np.ones_like: _like(1),
    np.empty_like: _like(0),
    np.full_like: _full_like,
    np.any: _any,
    np.all: _all,
    np.copy: _copy,
    np.copyto: _copy_to,
    np.putmask: _put_mask,
}
