"""The options that keep all that a run needs to be believed: `--bundle DIR`, `--copy-inputs` (see bareme.bundles).

@click.command("simulate")
@bundle_options
def command(bundle: BundleChoice) -> None:
    with bundle.of(legislation) as record:  # None without the option
        ...
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bareme.bundles.writing import Record
    from engine.legislation import Legislation

Command = TypeVar("Command", bound="Callable[..., Any]")

ARGUMENTS: Final = "bareme.arguments"
_BUNDLE = "A new folder that gets the results, with all that is needed to run this again: hashes of inputs, law, versions, options. See `bareme replay`."
_COPY_INPUTS = "Copy tables too into the bundle; without it they are kept by path and hash. Situations and reforms are copied always."


@dataclass(frozen=True)
class BundleChoice:
    """Where a bundle is to be written, if one is."""

    folder: Path | None = None
    copy_inputs: bool = False

    def check(self) -> None:
        """Raise DataError where the bundle could not be written: before anything is read."""
        if self.folder is None:
            if self.copy_inputs:
                raise click.UsageError("--copy-inputs copies inputs into a bundle: expected --bundle DIR with it.")
            return
        from bareme.bundles.writing import check_target

        check_target(self.folder)

    @contextmanager
    def of(self, law: Legislation) -> Iterator[Record | None]:
        """Give the record of the running command, whose bundle is written at the end; None where none is asked for."""
        if self.folder is None:
            yield None
            return
        from bareme.bundles.writing import Run, written

        context = click.get_current_context()
        arguments = context.meta[ARGUMENTS]
        run = Run(str(context.command.name), arguments, _options(context, arguments[1:]))
        with written(self.folder, run, law, copy_inputs=self.copy_inputs) as record:
            yield record


def _options(context: click.Context, arguments: tuple[str, ...]) -> dict[str, Any]:
    """Return the options of a command as texts, as they were given, and the defaults of the others."""
    given, _, _ = context.command.make_parser(context).parse_args(args=list(arguments))
    found: dict[str, Any] = {}
    for parameter in context.command.params:
        name, value = str(parameter.name), given.get(str(parameter.name))
        if getattr(parameter, "is_flag", False):
            found[name] = bool(context.params.get(name, False))
        elif isinstance(value, str | list | tuple):
            found[name] = value if isinstance(value, str) else list(value)
        elif name in context.params and isinstance(context.params[name], str | int | float):
            found[name] = context.params[name]
    return {name: value for name, value in found.items() if name not in {"bundle", "copy_inputs"} and value not in ("", [])}


def as_arguments(command: click.Command, options: Mapping[str, Any]) -> list[str]:
    """Return options by name as the arguments of a command. Raises click.UsageError for an option that the command does not have."""
    parameters = {str(parameter.name): parameter for parameter in command.params}
    unknown = [name for name in options if name not in parameters]
    if unknown:
        raise click.UsageError(f"`bareme {command.name}` has no option {', '.join(unknown)} now.")
    words: list[str] = []
    last: list[str] = []
    for name, value in options.items():
        parameter = parameters[name]
        values = value if isinstance(value, list) else [value]
        if isinstance(parameter, click.Argument):
            last += [str(each) for each in values]
        elif getattr(parameter, "is_flag", False):
            words += [_long(parameter)] if value else []
        else:
            words += [f"{_long(parameter)}={each}" for each in values]
    return [*words, "--", *last]


def _long(parameter: click.Parameter) -> str:
    return next(option for option in parameter.opts if option.startswith("--"))


def bundle_options(command: Command) -> Command:
    """Give a command the options for a bundle; it gets them as one argument, `bundle`."""

    @wraps(command)
    def with_bundle(*, bundle: Path | None, copy_inputs: bool, **others: Any) -> Any:
        choice = BundleChoice(bundle, copy_inputs)
        choice.check()
        return command(bundle=choice, **others)

    wrapped: Any = with_bundle
    for option in (
        click.option("--copy-inputs", is_flag=True, help=_COPY_INPUTS),
        click.option("--bundle", type=click.Path(path_type=Path), metavar="DIR", help=_BUNDLE),
    ):
        wrapped = option(wrapped)
    found: Command = wrapped
    return found
