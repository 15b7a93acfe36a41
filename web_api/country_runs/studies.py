"""Warm studies, and a run computed on one: the population of a year is read once, and so is what the law in force gives for it.

How far a run is follows from what has been done, of steps that are weighed by how long they took when they were measured.
"""

from __future__ import annotations

import sys
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from analysis.calls import study as study_of
from analysis.impact import IN_FORCE, TABLES, impact, names_of_layers
from engine.errors import BaremeError, DataError
from engine.reform import layers
from legislation import france
from web_api.amendments import bill_of
from web_api.country_runs.asked import ImpactAsked, content_of, key_of
from web_api.country_runs.identity import law_identity, population_identity
from web_api.country_runs.results import encoded

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.study import Study
    from web_api.country_runs.wire import Message
    from web_api.settings import Settings

    Tell = Callable[[str, float], None]
    """Told of a step and of how much of the whole is done; it may stop the work by raising."""

MOST_STUDIES: Final = 2
"""The studies of so many years are kept (up to 1.7 GB each), those used last."""
LOADING: Final = "chargement"
SECONDS: Final = {LOADING: 1.2, IN_FORCE: 2.0, TABLES: 0.2}
"""How long a step takes, on two cores and 100,000 households; a layer of the reform takes `OF_A_LAYER`."""
OF_A_LAYER: Final = 0.3


class Plan:
    """The steps of a run that are left to do, and how much of them is done."""

    def __init__(self, names: list[str], tell: Tell) -> None:
        self._weights = [(name, SECONDS.get(name, OF_A_LAYER)) for name in names]
        self._tell = tell

    def at(self, step: str, done: int = 0, total: int = 1) -> None:
        """Tell that so much of a step is done, and all before it."""
        names = [name for name, _ in self._weights]
        place = names.index(step) if step in names else 0
        seconds = sum(weight for _, weight in self._weights[:place]) + self._weights[place][1] * (done / total if total else 1.0)
        self._tell(step, seconds / sum(weight for _, weight in self._weights))


class Studies:
    """The studies of a server's population, by year."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._studies: OrderedDict[tuple[str, int], Study] = OrderedDict()

    @property
    def years(self) -> list[int]:
        """The years that are ready."""
        return [year for _, year in list(self._studies)]

    def prepare(self, year: int, tell: Tell) -> None:
        """Read the population for a year, and compute the law in force. Raises DataError where there is no population."""
        plan = Plan([LOADING, IN_FORCE], tell)
        plan.at(LOADING)
        study = self._study(population_identity(self._settings.population), year)
        plan.at(IN_FORCE)
        study.watched_base(lambda done, total: plan.at(IN_FORCE, done, total))

    def compute(self, key: str, body: Message, tell: Tell) -> bytes:
        """Return the result of a run as JSON. Raises BaremeError for what cannot be computed, and what `tell` raises."""
        start = time.perf_counter()
        asked = ImpactAsked.model_validate(body)
        reform = asked.whole(self._settings)
        population = population_identity(self._settings.population)
        if key_of(asked, reform, law_identity(), population) != key:
            raise DataError("The law, the bill or the population of this server changed meanwhile: ask again.")
        is_ready = (population, asked.year) in self._studies
        bill = "" if asked.bill is None else content_of(bill_of(asked.bill, self._settings))
        plan = Plan(self._steps(self._studies.get((population, asked.year)), bill, len(layers(reform))), tell)
        if not is_ready:
            plan.at(LOADING)
        study = self._study(population, asked.year).with_replicates(asked.replicates)
        is_own = bool(self._settings.population)
        found = impact(reform, study, disclosure=is_own, watch=plan.at, bill=bill)  # cells of real households are under statistical secrecy
        about = {
            "replicates": asked.replicates,
            "law": {"name": study.law.name, "identity": law_identity()},
            "population": {"name": found.population, "identity": population, "is_shipped": not is_own},
            "seconds": round(time.perf_counter() - start, 3),
        }
        return encoded(found, about)

    @staticmethod
    def _steps(study: Study | None, bill: str, count: int) -> list[str]:
        """Return the steps of a run over `count` layers that are left to do; a bill's own where it is kept is not."""
        first = [LOADING, IN_FORCE] if study is None else [] if study.has_base else [IN_FORCE]
        names = names_of_layers(count)
        return [*first, *(names[1:] if study is not None and study.bills.get(bill) is not None else names), TABLES]

    def _study(self, population: str, year: int) -> Study:
        known = self._studies.get((population, year))
        if known is None:
            while len(self._studies) >= MOST_STUDIES:
                self._studies.popitem(last=False)
            known = self._studies[population, year] = self._read(year)
        self._studies.move_to_end((population, year))
        return known

    def _read(self, year: int) -> Study:
        folder: Any = self._settings.population or None
        try:
            return study_of(folder, year, law=france())
        except (BaremeError, OSError) as error:  # what is wrong with its files concerns who runs the server, not who asks
            sys.stderr.write(f"The population cannot be read: {error}\n")
            raise DataError(f"The population of this server cannot be read for {year}: its log says why.") from error
