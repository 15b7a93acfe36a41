"""What the pages know of the law that is served: its index and its links, each worked out once, when it is first asked for."""

from __future__ import annotations

import difflib
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from flask import current_app

from engine import collector
from engine.checks import links_of
from web_api.explore.index import Index

if TYPE_CHECKING:
    from engine.checks import Links
    from engine.legislation import Legislation

EXTENSION: Final = "bareme_explore"
MOST_NEAR: Final = 5
LEAST_LIKENESS: Final = 0.6


@dataclass
class ExploredLaw:
    """A law, its index and its links; reading the source of OpenFisca-France takes three seconds, so that a server does it once."""

    legislation: Legislation
    _index: Index | None = None
    _links: Links | None = None
    _index_lock: threading.Lock = field(default_factory=threading.Lock)
    _links_lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def index(self) -> Index:
        """What can be searched."""
        with self._index_lock:
            if self._index is None:
                self._index = Index.of(self.legislation)
            return self._index

    @property
    def links(self) -> Links:
        """What the formulas of each variable read, and who reads it."""
        with self._links_lock:
            if self._links is None:
                with collector.at_rest():
                    self._links = links_of(self.legislation)
            return self._links

    def readers_of_parameter(self, name: str) -> tuple[str, ...]:
        """Return the variables that read an item of the tree of figures: itself, what is below, or a branch above that is looked up by an array."""
        known = self.links.readers_of_parameters
        above = [name[:place] for place, sign in enumerate(name) if sign in ".["]
        below = [other for other in known if other.startswith((f"{name}.", f"{name}["))]
        return tuple(dict.fromkeys(reader for each in (name, *below, *above) for reader in known.get(each, ())))

    def near(self, name: str) -> list[tuple[str, str]]:
        """Return the kinds and names of what may have been meant by a name that there is not."""
        entries = self.index.entries
        close = difflib.get_close_matches(name, [entry.name for entry in entries], n=MOST_NEAR, cutoff=LEAST_LIKENESS)
        known = {entry.name: entry.kind for entry in entries}
        found = [(known[each], each) for each in close]
        return found or [(entry.kind, entry.name) for entry in self.index.search(name.replace(".", " "), MOST_NEAR).entries]


def explored() -> ExploredLaw:
    """Return what is known of the law of the application that answers the request."""
    found: ExploredLaw = current_app.extensions[EXTENSION]
    return found
