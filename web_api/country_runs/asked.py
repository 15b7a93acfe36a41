"""What is asked of a run over the country: an amendment, or a whole reform as data, over the law in force or over a bill.

All that is wrong is told before anything waits for the runner. What is asked has a key, made of its content: two who ask the same share one run.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field

from analysis.replicates import DEFAULT_REPLICATES
from engine.errors import Problem, ReformError
from engine.reform import Chain, DataReform, Reform, amended, reform_from_data
from legislation import france
from web_api.amendments import LARGEST, Amendment, bill_of, check
from web_api.answers import UNAVAILABLE, RefusedRequestError, pointer
from web_api.country_runs.secret import secret
from web_api.sizes import check_reform

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.legislation import Legislation
    from web_api.settings import Settings

VERSION: Final = 1
"""To be raised whenever results change in a way that the files of the law, the engine and the analysis do not show."""
MOST_REPLICATES: Final = 400
_FILE: Final = "data: "
_SIZE: Final = 16
_STEP: Final = re.compile(r"[.\[]")


class ImpactAsked(Amendment):
    """The figures to change, or a reform as data, over the law in force or over a bill; and how many bootstrap replicates give the sampling errors."""

    document: dict[str, Any] | None = Field(
        None, alias="reform", description="A reform in the form of reform files (`title`, `parameters`, `neutralize`), in the place of `changes`."
    )
    replicates: int = Field(DEFAULT_REPLICATES, ge=0, le=MOST_REPLICATES, description="Bootstrap replicates; with 0, there are no sampling errors.")

    def own(self) -> Reform | None:
        """Return what is changed, the bill left out; None where it is nothing. Raises ReformError with all that is wrong."""
        return self.reform() if self.document is None else reform_from_data(self.document)

    def whole(self, settings: Settings) -> Reform:
        """Return bill and changes as one reform of two layers, or either; one that changes nothing where there is neither. Raises as `checked`."""
        bill = None if self.bill is None else bill_of(self.bill, settings)
        own = self.own()
        if own is None:
            return reform_from_data({}) if bill is None else bill
        return own if bill is None else amended(bill, own)


def checked(asked: ImpactAsked, law: Legislation, settings: Settings) -> Reform:
    """Return the reform that is asked for. Raises RefusedRequestError with every problem by JSON path, where it does not fit the law.

    The runner computes the law that is shipped: a server of another one has no runs over the country, and answers so.
    """
    if law is not france():
        raise RefusedRequestError("The law of this server is not the one that is shipped: it has no runs over the country.", status=UNAVAILABLE)
    check_reform(asked.document, "/reform")
    problems: list[Problem] = []
    if asked.document is not None and asked.changes:
        problems.append(Problem("/reform", "both `changes` and `reform` are given: expected one of them."))
    problems += _no_numbers(asked.document, ("reform",))
    under = law
    try:
        if asked.bill is not None:
            under = bill_of(asked.bill, settings)(law)
    except RefusedRequestError as error:
        problems.append(Problem("/bill", error.message))
    problems += _misfits_of_changes(asked, under) if asked.document is None else _misfits_of_reform(asked.document, under)
    if problems:
        raise RefusedRequestError("What is asked does not fit the law.", problems)
    return asked.whole(settings)


def _misfits_of_changes(asked: ImpactAsked, law: Legislation) -> Iterable[Problem]:
    """Return what does not fit a law, each change by its own path."""
    try:
        check(asked, law)
    except RefusedRequestError as error:
        return error.problems
    return ()


def _misfits_of_reform(document: Mapping[str, Any], law: Legislation) -> Iterator[Problem]:
    """Give what is wrong with a reform as data, or does not fit a law."""
    try:
        reform_from_data(document)(law)
    except ReformError as error:
        for line in str(error).splitlines():
            yield Problem("/reform", line.removeprefix(_FILE))
    except (
        TypeError,
        ValueError,
        AttributeError,
        LookupError,
        ArithmeticError,
        RecursionError,
    ):  # a shape that no reform has, which its reader did not foresee
        yield Problem("/reform", "this is not in the form of a reform.")


def _no_numbers(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    """Give the places of what is written as a number and is none that the law could have: NaN, infinities, whole numbers that no computer's word holds."""
    if (isinstance(value, float) and not math.isfinite(value)) or (isinstance(value, int) and abs(value) > LARGEST):
        yield Problem(pointer(path), "this is no number that the law could have.")
    for name, each in value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ():
        yield from _no_numbers(each, (*path, str(name)))


# The key


def key_of(asked: ImpactAsked, reform: Reform, law: str, population: str) -> str:
    """Return the key of a run's content: what is asked, of which law and population. Titles and words of a reform are no part of it.

    The key is made with the server's own secret: who reads it somewhere cannot tell whether it is that of an amendment that he guesses.
    Raises DataError where no secret can be kept.
    """
    content = json.dumps([VERSION, law, population, asked.year, asked.replicates, _figures(reform)], sort_keys=False)
    return blake2b(content.encode(), key=secret(), digest_size=_SIZE).hexdigest()


def content_of(reform: Reform) -> str:
    """Return what a reform changes, as text that is the same for the same changes."""
    return json.dumps(_figures(reform))


def _figures(reform: Reform) -> Any:
    """Return what a reform changes, as plain values."""
    if isinstance(reform, Chain):  # amendments are chains too
        return [type(reform).__name__, *(_figures(each) for each in reform.reforms)]
    if isinstance(reform, DataReform):
        return {"parameters": _plain(_ordered(reform.parameters)), "neutralize": sorted(reform.neutralize)}
    return f"{type(reform).__module__}.{type(reform).__qualname__}:{reform.name}"


def _ordered(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return changes by path in one order; where one lies below another, in which order they are made may matter: they stay as they are."""
    above = {name[: step.start()] for name in parameters for step in _STEP.finditer(name)}
    return parameters if above & parameters.keys() else {name: parameters[name] for name in sorted(parameters)}


def _plain(value: Any) -> Any:
    """Return values as JSON has them; a whole number and the same as a fraction are one."""
    if isinstance(value, Mapping):
        return [[str(name), _plain(each)] for name, each in value.items()]
    if isinstance(value, list | tuple):
        return ["list", *(_plain(each) for each in value)]
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value) if float("-inf") < value < float("inf") and abs(value) < 2**53 else repr(value)
    return str(value)
