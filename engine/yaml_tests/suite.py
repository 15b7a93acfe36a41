"""Running the cases of files and directories, and telling how they went."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from engine.profiling import AGGREGATED_TABLE, GRAPH, TABLE, page
from engine.yaml_tests.cases import collect
from engine.yaml_tests.running import run
from engine.yaml_tests.watching import Options, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from engine.legislation import Legislation
    from engine.profiling import Profile
    from engine.yaml_tests.running import LawOf


def run_paths(
    paths: Iterable[str | Path],
    legislation: Legislation,
    name_filter: str | None = None,
    workers: int = 1,
    write: Callable[[str], object] = print,
    *,
    law_of: LawOf | None = None,
    options: Options | None = None,
    may_be_none: bool = False,
) -> int:
    """Run the cases of files and directories, write what failed and a last line that counts, and return how many failed.

    `law_of` gives the law of a case (see `run`); what `options` measure is written into files of the current directory. No
    case at all counts as a failure (unless there `may_be_none`), and no value at all where variables are chosen: a path was
    mistaken, a filter, or a name.
    """
    listed, chosen = [str(path) for path in paths], options or Options()
    watcher = Watcher(chosen)
    begun = time.perf_counter()
    count = failures = compared = 0
    for outcome in run(collect(listed, name_filter), legislation, 1 if chosen.needs_one_process else workers, law_of, watcher):
        count += 1
        compared += outcome.compared
        failures += not outcome.passed
        if not outcome.passed or chosen.verbose:
            write("\n".join([str(outcome), *outcome.log]))
    for file, text in _measured(watcher.profile, chosen):
        Path(file).write_text(text, encoding="utf-8")
        write(f"{file} written")
    if not count and may_be_none:
        return 0
    if not count:
        filtered = f" that matches `{name_filter}`" if name_filter is not None else ""
        write(f"There is no case{filtered} in {', '.join(listed)}.")
        return 1
    write(f"{count} cases: {count - failures} passed, {failures} failed, in {time.perf_counter() - begun:.1f} s")
    if not compared and not failures and chosen.only_variables:
        write(f"No case expects a value of {', '.join(chosen.only_variables)}.")
        return 1
    return failures


def _measured(profile: Profile, options: Options) -> Iterator[tuple[str, str]]:
    if options.performance_tables:
        yield TABLE, profile.table()
        yield AGGREGATED_TABLE, profile.aggregated_table()
    if options.performance_graph:
        yield GRAPH, page(profile.root)
