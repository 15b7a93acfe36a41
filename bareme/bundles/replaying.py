"""Running a bundle's command again, and saying what differs: versions, law, options, results.

The command runs with the bundle's inputs and options and writes a bundle of its own, in a temporary folder: what differs is what differs
between the two. What has changed on disk since (an input, a result) is told by its hash.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bareme.bundles import comparing, digests, versions
from bareme.bundles.inputs import Input, laid_out, located
from bareme.bundles.law import CODE, DECISIVE, changed
from bareme.bundles.law import differences as differences_of_laws
from bareme.bundles.manifest import INPUTS, LAW, RESULTS, read_manifest
from engine.errors import BaremeError, DataError, Problem, TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bareme.bundles.law import Identity

_DROPPED: Final = ("bundle", "copy_inputs", "output", "work", "scheduler")
"""Options that say where, not what: a replay computes everything anew, on this machine."""
_OUTPUT_IN_FILES: Final = ("simulate",)


@dataclass(frozen=True)
class Replay:
    """What came of it. `warnings` need not touch the results; with any of `differences` the bundle is not reproduced."""

    results: int
    warnings: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether every value of every result is the same, bit for bit, under the same law."""
        return not self.differences


def replay(folder: Path, run: Callable[[str, Mapping[str, Any]], None], elsewhere: Path | None = None) -> Replay:
    """Run the command of a bundle again. `run` calls a command with its options; `elsewhere` is where inputs lie that are not copied.

    Raises DataError where that cannot be done: the manifest is corrupted, an input is missing or was changed, or the command fails.
    """
    manifest = read_manifest(folder)
    inputs = [Input(**each) for each in manifest["inputs"]]
    found = located(inputs, folder / INPUTS, elsewhere)
    with tempfile.TemporaryDirectory(prefix="bareme-replay-") as name:
        place = Path(name)
        options = laid_out(_options(manifest), inputs, found, place / INPUTS)
        again = place / "bundle"
        options["bundle"] = str(again)
        if manifest["command"]["name"] in _OUTPUT_IN_FILES and manifest["command"]["options"].get("output"):
            (place / "output").mkdir()
            output = place / "output" / Path(manifest["command"]["options"]["output"]).name
            if any("/" in each["file"] for each in manifest["results"]):
                output.mkdir()  # of a population in parts: a folder, whatever its name
            options["output"] = str(output)
        try:
            run(manifest["command"]["name"], options)
        except BaremeError as error:
            told = "".join(f"\n  {line}" for line in _versions(manifest, {"versions": versions.versions(), "packages": manifest["packages"]}))
            raise DataError(f"The command fails now: {error}{told and f'{chr(10)}Other versions than then:{told}'}") from error
        new = read_manifest(again)
        _check_inputs(manifest, new)
        warnings = [*_versions(manifest, new), *_damaged(folder, manifest), *_written_otherwise(folder, manifest, again, new)]
        warnings += _laws(folder, manifest, again, new, (CODE,))
        differences = [*_options_now(manifest, new), *_laws(folder, manifest, again, new, DECISIVE), *_results(folder, manifest, again, new)]
    return Replay(len(manifest["results"]), tuple(warnings), tuple(differences))


def _check_inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raise DataError where the command read what the manifest does not list: nobody knows what that was then."""
    known = {(each["option"], each["sha256"]) for each in before["inputs"]}
    unknown = [each for each in after["inputs"] if (each["option"], each["sha256"]) not in known]
    if unknown:
        raise TableError(Problem(each["path"], f"an input (`{each['option']}`) that the manifest does not list.") for each in unknown)


def _options(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in manifest["command"]["options"].items() if name not in _DROPPED}


def _versions(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for line in versions.differences(before["versions"], after["versions"]):
        yield f"version of {line}"
    packages = {each["name"]: each for each in after["packages"]}
    for each in before["packages"]:
        now = packages.get(each["name"], each)
        if now["version"] != each["version"]:
            yield f"version of {each['name']}: {each['version'] or 'none'} then, {now['version'] or 'none'} now"


def _options_now(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Give the options of which there is no telling from the old manifest: those that are new, with a default of their own."""
    known, now = before["command"]["options"], after["command"]["options"]
    for name, value in now.items():
        if name not in known and name not in _DROPPED:
            yield f"option --{name.replace('_', '-')}: unknown then, {value!r} now"


def _damaged(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Give the files of the bundle itself that are not what its manifest says; inputs are looked at before."""
    for each in manifest["results"]:
        file = folder / RESULTS / each["file"]
        if file.is_file() and digests.of_file(file) != each["sha256"]:
            yield f"{RESULTS}/{each['file']}: was changed since the bundle was made"
    law = folder / LAW
    if law.is_file() and digests.of_file(law) != manifest["law"]["sha256"]:
        yield f"{LAW}: was changed since the bundle was made"


def _written_otherwise(folder: Path, before: Mapping[str, Any], again: Path, after: Mapping[str, Any]) -> Iterator[str]:
    """Give the results whose bytes are other though their values are the same: another writer, or other labels."""
    new = {each["file"]: each["sha256"] for each in after["results"]}
    for name in (each["file"] for each in before["results"] if new.get(each["file"], each["sha256"]) != each["sha256"]):
        kept = folder / RESULTS / name
        if kept.is_file() and not comparing.differences(kept, again / RESULTS / name):
            yield f"{RESULTS}/{name}: other bytes, the same values (another version wrote it, or labels and units are other)"


def _laws(folder: Path, before: Mapping[str, Any], again: Path, after: Mapping[str, Any], parts: Sequence[str]) -> Iterator[str]:
    """Give where some parts of the law, and of the law under each reform, differ."""
    one, other = before["law"]["layers"], after["law"]["layers"]
    if [each["sha256"] for each in one] == [each["sha256"] for each in other]:
        return
    then, now = _identities(folder, before), _identities(again, after)
    if then is None or now is None:
        if CODE not in parts:
            yield f"law: other than then; {LAW}, which would tell where, is missing or was changed"
        return
    told: set[str] = set()
    for number, (old, new) in enumerate(zip(then, now, strict=False)):
        for line in differences_of_laws(old, new, parts):
            if line not in told:  # what differs in the law differs under its reforms
                place = f" under the reform {one[number]['title']}" if number else ""
                yield f"law{place}: {line}"
            told.add(line)


def _identities(folder: Path, manifest: Mapping[str, Any]) -> list[Identity] | None:
    """Return the laws of a bundle, each whole; None where their file cannot be trusted."""
    file = folder / LAW
    if not file.is_file() or digests.of_file(file) != manifest["law"]["sha256"]:
        return None
    first, *others = json.loads(file.read_text(encoding="utf-8"))
    base: Identity = {part: names for part, names in first.items() if part != "title"}
    return [base, *(changed(base, each) for each in others)]


def _results(folder: Path, before: Mapping[str, Any], again: Path, after: Mapping[str, Any]) -> Iterator[str]:
    old = {each["file"]: each["sha256"] for each in before["results"]}
    new = {each["file"]: each["sha256"] for each in after["results"]}
    for name in {**old, **new}:
        kept = folder / RESULTS / name
        if name not in new:
            yield f"{name}: is no result any more"
        elif name not in old:
            yield f"{name}: is a new result"
        elif not kept.is_file():
            said = "what the law gives now has its hash" if old[name] == new[name] else "what the law gives now is other"
            yield f"{name}: is missing in the bundle; {said}"
        elif digests.of_file(kept) != new[name]:
            lines = comparing.differences(kept, again / RESULTS / name)
            yield from (f"{name}: {line}" for line in lines)
