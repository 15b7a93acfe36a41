"""A page of the law's reference while it is made: headings as Markdown, for the table of contents, and the rest as HTML that is put in after Markdown ran."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

PLACE = re.compile(r"<p>⟦(\d+)⟧</p>")


@dataclass
class LawPage:
    """A page at `uri`, as `loi/impot_revenu/parts.md`. Markdown of a thousand tables takes a minute; HTML takes none."""

    uri: str
    title: str
    is_searched: bool = True
    _lines: list[str] = field(default_factory=list)
    _bodies: list[str] = field(default_factory=list)

    def heading(self, level: int, text: str, anchor: str) -> None:
        """Add a heading with its anchor."""
        self._lines.append(f"{'#' * level} {escape(text).replace('_', chr(92) + '_').replace('*', chr(92) + '*')} {{#{anchor}}}")

    def html(self, body: str) -> None:
        """Add HTML as it is."""
        self._lines.append(f"⟦{len(self._bodies)}⟧")
        self._bodies.append(body)

    def paragraph(self, body: str) -> None:
        """Add a paragraph of HTML."""
        self.html(f"<p>{body}</p>")

    @property
    def markdown(self) -> str:
        """The page before Markdown runs."""
        search = "" if self.is_searched else "---\nsearch: {exclude: true}\n---\n\n"
        return search + "\n\n".join([f"# {self.title}", *self._lines]) + "\n"

    def filled(self, html: str) -> str:
        """Return the page's HTML with what Markdown did not see."""
        return PLACE.sub(lambda match: self._bodies[int(match[1])], html)
