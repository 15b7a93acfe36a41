"""The command `bareme`: one file per subcommand, imported when it is called, so that a short answer comes at once.

Whatever goes wrong in the user's data or in the law ends with the error's own message and exit code 2, never a traceback.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from engine.errors import BaremeError

COMMANDS = ("simulate", "impact", "solve", "curve", "conformance", "variables", "parameters", "test", "check", "communes", "population")


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
        command: click.Command = import_module(f"bareme.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BaremeError as error:
            raise _Refused(str(error)) from error
        except BrokenPipeError:
            raise  # whoever read the output has closed it: click ends quietly
        except OSError as error:
            raise _Refused(f"{error.filename}: {error.strerror}" if error.filename else str(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bareme", prog_name="bareme")
def main() -> None:
    """Run tax and benefit law as code: over one household or over a whole country."""
