"""What is finished of a run over parts, kept so that a run that was cut off goes on where it stood.

Beside the files of each finished part stands `work.json`: what the run is of (law, variables, reform, year: `words`), and for each part the digest of
its inputs and of what was written of it. A part counts as finished where all of these hold; any other is computed again, and that is said.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from population.partitions.manifest import check_digests, digest, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from population.partitions.parts import Part, Partitioned

FILE: Final = "work.json"
FORMAT: Final = "bareme work 1"


def _unheard(_words: str) -> None:
    """Say nothing."""


@dataclass
class Work:
    """A folder with what is finished of a run that `words` tell from any other. `say` is told why something is computed again."""

    folder: Path
    words: str
    say: Callable[[str], None] = field(default=_unheard)
    _parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, words: str, say: Callable[[str], None] = _unheard) -> Work:
        """Return the work of a folder, made where it is not there. What another run left is no longer finished."""
        folder.mkdir(parents=True, exist_ok=True)
        found = cls(folder, hashlib.sha256(words.encode("utf-8", "surrogateescape")).hexdigest(), say)
        try:
            known = json.loads((folder / FILE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return found
        except (OSError, ValueError):
            say(f"{folder / FILE} cannot be read: everything is computed again.")
            return found
        if not isinstance(known, dict) or known.get("format") != FORMAT or known.get("words") != found.words:
            say(f"{folder} is of another law, reform, year or list of variables, or of other versions: everything is computed again.")
            return found
        found._parts = known["parts"]
        return found

    def is_finished(self, part: str, inputs: str) -> bool:
        """Whether what was written of a part is whole, and of these inputs; where it is not, that is said."""
        known = self._parts.get(part)
        if known is None:
            return False
        if known["inputs"] != inputs:
            self.say(f"{part}: its files changed since it was computed: computed again.")
            return False
        for name, expected in known["files"].items():
            file = self.folder / name
            if not file.is_file() or digest(file) != expected:
                self.say(f"{part}: {name} is not what was written: computed again.")
                return False
        return True

    def files(self, part: str) -> list[Path]:
        """Return the files of a finished part."""
        return [self.folder / name for name in self._parts[part]["files"]]

    def told(self, part: str) -> Any:
        """Return what was told of a finished part."""
        return self._parts[part].get("told")

    def finish(self, part: str, inputs: str, files: Iterable[Path], told: Any = None) -> None:
        """Note that a part is finished: its files lie in the folder, whole."""
        digests = {file.relative_to(self.folder).as_posix(): digest(file) for file in files}
        self._parts[part] = {"inputs": inputs, "files": digests, "told": told}
        content = json.dumps({"format": FORMAT, "words": self.words, "parts": dict(sorted(self._parts.items()))}, ensure_ascii=False)
        written(self.folder / FILE, content.encode())

    def __len__(self) -> int:
        return len(self._parts)


class Unfinished:
    """The parts of a population that are not finished, each looked at when it is its turn; `watch` is told how many are done, of how many."""

    def __init__(self, population: Partitioned, manifest: Mapping[str, Any] | None, kept: Work, watch: Callable[[int, int], None]) -> None:
        self._parts, self._manifest, self._kept, self._watch = population.parts, manifest, kept, watch
        self._inputs: dict[str, str] = {}
        self._done = 0

    def __iter__(self) -> Iterator[Part]:
        """Give the parts that are to be computed. Raises TableError for one whose files are not those of the manifest."""
        for part in self._parts:
            self._inputs[part.name] = check_digests(part, self._manifest)
            if self._kept.is_finished(part.name, self._inputs[part.name]):
                self._one_more()
            else:
                yield part

    def finish(self, part: Part, files: Iterable[Path], told: Any = None) -> None:
        """Note that one of them is finished."""
        self._kept.finish(part.name, self._inputs[part.name], files, told)
        self._one_more()

    def _one_more(self) -> None:
        self._done += 1
        self._watch(self._done, len(self._parts))
