"""What a figure of the law is called, in what unit it is and what article it comes from: its own words, else those of what it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.parameters.items import Bracket, Container, Scale, segments_of

if TYPE_CHECKING:
    from engine.parameters import ParameterNode

_ADDRESS: Final = re.compile(r"\s*https?://\S+")
OF_A_BRACKET: Final = {"threshold": "seuil", "rate": "taux", "amount": "montant", "average_rate": "taux moyen"}


@dataclass(frozen=True)
class Words:
    """A figure in words; `unit` and `reference` are empty where nothing says them."""

    label: str
    unit: str = ""
    reference: tuple[str, ...] = ()


def words_of(tree: ParameterNode, path: str, date: str = "") -> Words:
    """Return the words of the item at a path: the label of the branch and its own. `date`: of its value in force then."""
    labels: list[str] = []
    unit = ""
    reference: tuple[str, ...] = ()
    item: Any = tree
    scale: Any = None
    for segment in segments_of(path):
        below = item.get(segment) if isinstance(item, Container) else None
        if below is None:
            break
        item = below
        own = item.description or (f"tranche {segment.strip('[]')}" if isinstance(item, Bracket) else OF_A_BRACKET.get(segment) if scale else segment)
        labels.append(str(own))
        scale = item if isinstance(item, Scale) else scale
        unit = item.unit or (scale.metadata.get(f"{segment}_unit") if scale is not None else None) or ("" if isinstance(item, Scale) else unit)
        reference = references(item.reference) or references(item.metadata.get("reference")) or reference
    dated = item.dated_value_at(date) if date and hasattr(item, "dated_value_at") else None
    if dated is not None:
        reference = references(dated.reference) or references(dated.metadata.get("reference")) or reference
        unit = dated.unit or unit
    told = labels[-3:] if scale is not None else labels[-2:]
    return Words(" : ".join(dict.fromkeys(told)), str(unit or ""), reference)


def shortened(reference: tuple[str, ...]) -> str:
    """Return the first reference without its address on the web; empty where there is none."""
    return _ADDRESS.sub("", reference[0]).strip() if reference else ""


def references(given: Any) -> tuple[str, ...]:
    """Return references as texts, however the law's files give them; of dated ones the last."""
    if not given:
        return ()
    if isinstance(given, str):
        return (given,)
    if hasattr(given, "values"):
        dated = list(given.values())
        return references(dated[-1]) if dated else ()
    return tuple(text for each in given for text in references(each))
