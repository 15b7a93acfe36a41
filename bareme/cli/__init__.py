"""The command `bareme`: one file per subcommand, imported when it is called, so that a short answer comes at once.

Whatever goes wrong in the user's data or in the law ends with the error's own message and exit code 2, never a traceback.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from bareme.cli.bundle_option import ARGUMENTS
from engine.errors import BaremeError, nearest

COMMANDS = (
    *("simulate", "explain", "why-changed"),
    *("curve", "cliffs", "impact", "solve", "sensitivity", "replay"),
    *("conformance", "variables", "parameters", "test", "debug", "check"),
    *("communes", "population", "serve"),
)

OF_ANALYSIS = ("altair", "odfdo", "scipy", "threadpoolctl", "vl_convert")
"""The modules of the extra `analysis`, which is not installed with the command."""


class _Refused(click.ClickException):
    """An error of the tree, as click shows it."""

    exit_code = 2


class _Commands(click.Group):
    """The subcommands, found in the files of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"bareme.cli.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"There is no command `{args[0]}`.{nearest(args[0], COMMANDS)}")
        ctx.meta[ARGUMENTS] = tuple(args)  # as the user wrote them: a bundle keeps them
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BaremeError as error:
            raise _Refused(str(error)) from error
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if missing not in OF_ANALYSIS:
                raise
            raise _Refused(f"This command needs {missing}, which is not installed: pip install 'bareme[analysis]'.") from error
        except BrokenPipeError:
            raise  # whoever read the output has closed it: click ends quietly
        except OSError as error:
            raise _Refused(f"{error.filename}: {error.strerror}" if error.filename else str(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bareme", prog_name="bareme")
def main() -> None:
    """Run tax and benefit law as code: over one household or over a whole country."""
