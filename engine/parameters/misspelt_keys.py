"""Keys of parameter files that were meant as others: misspelt, or the French word for one of them.

A branch may have children of any name, so that `vaules:` or `valeur:` with dates below it would be read as a figure of that name, and
nobody would be told that the figure itself has no value.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from engine.errors import LONGEST_NAME, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALIKE: Final = 0.75
_IN_OTHER_WORDS: Final = {
    "val": "values",
    "valeur": "values",
    "valeurs": "values",
    "bareme": "brackets",
    "tranche": "brackets",
    "tranches": "brackets",
    "seuil": "threshold",
    "taux": "rate",
    "montant": "amount",
    "libelle": "description",
    "libellé": "description",
    "référence": "reference",
    "références": "reference",
    "unite": "unit",
    "unité": "unit",
}


def meant(key: str, known: str) -> bool:
    """Tell whether a key is nearly `known`, or another word for it."""
    lowered = key.lower()
    if len(key) > LONGEST_NAME:
        return False
    return _IN_OTHER_WORDS.get(lowered) == known or difflib.SequenceMatcher(None, lowered, known).ratio() >= _ALIKE


def nearest_key(key: str, known: Iterable[str]) -> str:
    """Return " Did you mean `…`?" for the known key that was meant, or an empty text where none is close."""
    names = tuple(known)
    other_word = _IN_OTHER_WORDS.get(key.lower())
    return f" Did you mean `{other_word}`?" if other_word in names else nearest(key, names)
