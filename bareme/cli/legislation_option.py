"""Which law a command is about: Barème's own, or that of an OpenFisca country package, with extensions and reforms.

    @click.command("variables")
    @legislation_options
    def command(law: LawChoice) -> None:
        legislation = law.legislation()

The options are the same for every command that takes a legislation, and have OpenFisca's names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.legislation import Legislation
    from engine.openfisca.systems import TaxBenefitSystem
    from engine.reform import Reform

Command = TypeVar("Command", bound="Callable[..., Any]")

_PACKAGE = "An installed OpenFisca country package, as openfisca_france; without it, Barème's own law."
_EXTENSIONS = "A package that adds variables and figures to the law; once for each, one after the other."
_REFORMS = "A reform of the law: the dotted name of one in Python, or a YAML file of figures; once for each, one after the other."


@dataclass(frozen=True)
class LawChoice:
    """The law that a user names. `legislation` loads it: a command that was called wrongly need not."""

    country_package: str | None = None
    extensions: tuple[str, ...] = ()
    reforms: tuple[str, ...] = ()

    def legislation(self) -> Legislation:
        """Return the law. Raises DataError for a package, ReformError for a reform that is not there or does not fit."""
        if self.country_package is None:
            from engine.extensions import extended
            from legislation import france

            law = france()
            for extension in self.extensions:
                law = extended(law, extension)
        else:
            law = self.system().legislation
        for reform in self.reforms_of_law():
            law = reform(law)
        return law

    def system(self) -> TaxBenefitSystem:
        """Return the system of the country package, with the reforms that are written for OpenFisca (see `reforms_of_law`)."""
        from engine.openfisca.packages import country_system

        assert self.country_package is not None
        return country_system(self.country_package, self.extensions, [reform for reform in self.reforms if not _is_file(reform)])

    def reforms_of_law(self) -> list[Reform]:
        """Return those reforms that change any law, whoever wrote it: of a country package, YAML files only. They come last."""
        chosen = [reform for reform in self.reforms if self.country_package is None or _is_file(reform)]
        if not chosen:
            return []
        from engine.reform import read_reform

        return [read_reform(reform) for reform in chosen]


def _is_file(reform: str) -> bool:
    return reform.endswith((".yaml", ".yml"))


def legislation_options(command: Command) -> Command:
    """Give a command the options that choose a law; it gets them as one argument, `law`."""

    @wraps(command)
    def with_law(*, country_package: str | None, extensions: tuple[str, ...], reforms: tuple[str, ...], **others: Any) -> Any:
        return command(law=LawChoice(country_package, tuple(dict.fromkeys(extensions)), reforms), **others)

    wrapped: Any = with_law
    for option in (
        click.option("-r", "--reforms", "--reform", "reforms", multiple=True, metavar="REFORM", help=_REFORMS),
        click.option("-e", "--extensions", "--extension", "extensions", multiple=True, metavar="PACKAGE", help=_EXTENSIONS),
        click.option("-c", "--country-package", metavar="PACKAGE", help=_PACKAGE),
    ):
        wrapped = option(wrapped)
    found: Command = wrapped
    return found
