"""A map of the departments as SVG: one tile of the same size for each, coloured by an amount and labelled with it.

Tiles show Paris as large as Lozère, and leave room for figures; neighbours stay neighbours as far as squares allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np

from analysis.amounts import euros, number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from analysis.departments import Place

TILE, GAP = 60, 4
LEFT, TOP, WIDTH, HEIGHT = 40, 150, 1180, 1130
PANEL = 850
LISTED = 8
COLOURS = ("#fbf0dc", "#f8d9a8", "#f2b073", "#e2804f", "#bf4d3c", "#862338")
DARK = 4  # from this colour on, labels are white
INK, SOFT = "#1f2328", "#5b6068"
FONT = "font-family=\"'DejaVu Sans', 'Liberation Sans', Arial, sans-serif\""
STAR = " *"


@dataclass(frozen=True)
class Words:
    """What the map says in words: title, what is measured, notes under the map."""

    title: str
    subtitle: str
    legend: str
    notes: Sequence[str]


def tile_map(amounts: Mapping[str, float], places: Mapping[str, Place], words: Words, starred: Collection[str] = ()) -> str:
    """Return an SVG map of amounts in whole euros, by code of department; those in `starred` bear a star, which the notes explain."""
    amounts = {code: float(round(amount)) for code, amount in amounts.items()}  # a colour goes with the figure that is read
    breaks = class_breaks(list(amounts.values()))
    shapes = [
        *_heading(words),
        *(shape for code, amount in amounts.items() for shape in _tile(places[code], amount, breaks, STAR if code in starred else "")),
        *_legend(words.legend, breaks, amounts),
        *_list("Les plus élevées", sorted(amounts.items(), key=lambda item: -item[1])[:LISTED], places, amounts, breaks, 390),
        *_list("Les plus faibles", sorted(amounts.items(), key=lambda item: item[1])[:LISTED], places, amounts, breaks, 680),
        *_notes(words.notes),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" {FONT} fill="{INK}" role="img">'
    return "\n".join([head, f"<title>{escape(words.title)}</title>", f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', *shapes, "</svg>", ""])


def class_breaks(amounts: Sequence[float]) -> list[int]:
    """Return the amounts at which a new colour begins: near equal numbers of departments, on round figures, ascending."""
    shares = np.arange(1, len(COLOURS)) / len(COLOURS)
    span = float(np.ptp(amounts))
    step = next((step for step in (100, 50, 25, 10, 5, 2) if 5 * step * len(COLOURS) <= span), 1)
    return sorted({int(step * round(value / step)) for value in np.quantile(amounts, shares)})


def _text(x: float, y: float, text: str, size: int, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" {more}>{escape(text)}</text>'


def _heading(words: Words) -> Iterator[str]:
    yield _text(LEFT, 56, words.title, 29, 'font-weight="bold"')
    for number_of_line, line in enumerate(_wrapped(words.subtitle, 110)):
        yield _text(LEFT, 90 + 22 * number_of_line, line, 16, f'fill="{SOFT}"')


def _colour(amount: float, breaks: Sequence[int]) -> int:
    return int(np.searchsorted(breaks, amount, side="right"))


def _tile(place: Place, amount: float, breaks: Sequence[int], star: str) -> Iterator[str]:
    column, row = place.tile
    x, y = LEFT + column * (TILE + GAP), TOP + row * (TILE + GAP)
    colour = _colour(amount, breaks)
    ink = "white" if colour >= DARK else INK
    yield f'<g fill="{ink}"><title>{escape(place.name)} ({place.code}) : {euros(amount)}</title>'
    yield f'<rect x="{x}" y="{y}" width="{TILE}" height="{TILE}" rx="5" fill="{COLOURS[colour]}"/>'
    yield _text(x + TILE / 2, y + 25, place.code + star, 14, 'text-anchor="middle" opacity="0.85"')
    yield _text(x + TILE / 2, y + 47, number(amount), 17, 'text-anchor="middle" font-weight="bold"') + "</g>"


def _legend(words: str, breaks: Sequence[int], amounts: Mapping[str, float]) -> Iterator[str]:
    y = TOP
    yield _text(PANEL, y + 12, words, 15, 'font-weight="bold"')
    bounds = [min(amounts.values()), *breaks, max(amounts.values())]
    for colour, (low, high) in enumerate(pairwise(bounds)):
        top = y + 30 + 26 * colour
        yield f'<rect x="{PANEL}" y="{top}" width="34" height="20" rx="3" fill="{COLOURS[colour]}"/>'
        upper = f"moins de {euros(high)}" if colour + 2 < len(bounds) else f"{euros(high)} au plus"
        yield _text(PANEL + 46, top + 15, f"{number(low)} à {upper}", 14)


def _list(
    title: str, chosen: Sequence[tuple[str, float]], places: Mapping[str, Place], amounts: Mapping[str, float], breaks: Sequence[int], y: int
) -> Iterator[str]:
    yield _text(PANEL, y, title, 15, 'font-weight="bold"')
    longest = max(amounts.values())
    for line, (code, amount) in enumerate(chosen):
        top = y + 14 + 29 * line
        width = 112 * amount / longest
        yield _text(PANEL, top + 14, _short(places[code].name), 13)
        colour = COLOURS[_colour(amount, breaks)]
        yield f'<rect x="{PANEL + 134}" y="{top + 2}" width="{width:.1f}" height="16" rx="2" fill="{colour}" stroke="{SOFT}" stroke-width="0.4"/>'
        yield _text(PANEL + 140 + width, top + 15, euros(amount), 13)


def _short(name: str, most: int = 17) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _notes(notes: Sequence[str]) -> Iterator[str]:
    lines = [line for note in notes for line in _wrapped(note, 172)]
    for line, text in enumerate(lines):
        yield _text(LEFT, HEIGHT - 20 - 18 * (len(lines) - 1 - line), text, 12, f'fill="{SOFT}"')


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + len(word) + 1 > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line
