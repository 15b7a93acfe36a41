"""The source of a formula as a page shows it: lines of pieces, those that name a variable or a figure of the law with what they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.checks.sources import Sources, plain_function, root_of
from web_api.explore.index import PARAMETER, VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.checks import Links
    from engine.variables import Formula

_TOKEN: Final = re.compile(r"""(?P<quote>["'])(?P<text>\w*)(?P=quote)|(?P<name>\w+)""")


@dataclass(frozen=True)
class Piece:
    """A part of a line; `kind` and `name` are those of the page that it leads to, empty where it leads nowhere."""

    text: str
    kind: str = ""
    name: str = ""


@dataclass(frozen=True)
class Source:
    """The source of a formula: where it is written, its lines, and the number of the first."""

    place: str
    first: int
    lines: tuple[tuple[Piece, ...], ...]


def source_of(formula: Formula, links: Links) -> Source | None:
    """Return the source of a formula; None where no file has it."""
    function = plain_function(formula.function)
    node = None if function is None else Sources().node(function.__code__)
    if function is None or node is None or node.end_lineno is None:
        return None
    file = function.__code__.co_filename
    decorators = getattr(node, "decorator_list", ())
    first = min([node.lineno, *(each.lineno for each in decorators)])
    lines = Path(file).read_text(encoding="utf-8").splitlines()[first - 1 : node.end_lineno]
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    shown = tuple(tuple(_pieces(line, (file, first + count), margin, links)) for count, line in enumerate(lines))
    return Source(f"{_within_package(file)}:{first}", first, shown)


def _within_package(file: str) -> str:
    """Return a file's path from its package on: where that is installed says nothing."""
    return Path(file).relative_to(Path(root_of(file)).parent).as_posix()


def _pieces(line: str, place: tuple[str, int], margin: int, links: Links) -> Iterator[Piece]:
    """Yield the pieces of a line without its margin."""
    done = margin
    for found in _TOKEN.finditer(line):
        column = len(line[: found.start()].encode()) + 1
        piece = _linked(found.group("text") or found.group("name") or "", (*place, column), links)
        if piece is None:
            continue
        start, end = found.span("text") if found.group("quote") else found.span()
        yield Piece(line[done:start])
        yield piece
        done = end
    yield Piece(line[done:])


def _linked(text: str, place: tuple[str, int, int], links: Links) -> Piece | None:
    """Return a name with what it names, where it is the name of a single thing."""
    for kind, known in ((VARIABLE, links.variables_at), (PARAMETER, links.parameters_at)):
        names: Sequence[str] = [name for name in known.get(place, ()) if name == text or name.rpartition(".")[2] == text]
        if len(names) == 1:
            return Piece(text, kind, names[0])
    return None
