"""Options that take several values after one another, as `--extensions a b`, besides being given again for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class SeveralValuesCommand(click.Command):
    """A command whose repeatable options take whatever follows them, up to the next option, as OpenFisca's do.

    Where that leaves no argument, those at the end that are files or folders are arguments after all: `-e a tests` tests `tests`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give click one value after each option."""
        return super().parse_args(ctx, self._one_by_one(args))

    def _one_by_one(self, args: Sequence[str]) -> list[str]:
        groups = list(self._groups(args))
        if not any(option is None and values for option, values in groups) and groups and groups[-1][0] in self._several:
            option, values = groups.pop()
            last = next((number for number in range(len(values), 1, -1) if not Path(values[number - 1]).exists()), 1)
            groups += [(option, values[:last]), (None, values[last:])]
        return [word for option, values in groups for word in (values if option not in self._several else [w for v in values for w in (option, v)])]

    def _groups(self, args: Sequence[str]) -> Iterator[tuple[str | None, list[str]]]:
        """Yield each option with its values, and each argument (or `--` and all after it) with None."""
        rest = list(args)
        while rest:
            word = rest.pop(0)
            if word == "--":
                yield None, [word, *rest]
                return
            if word in self._several:
                count = next((number for number, each in enumerate(rest) if each.startswith("-") and each != "-"), len(rest))
                yield word, rest[:count]
                del rest[:count]
            elif word in self._single and rest:
                yield word, [word, rest.pop(0)]
            else:
                yield (word if word.startswith("-") else None), [word]

    @property
    def _several(self) -> set[str]:
        return {name for option in self.params if isinstance(option, click.Option) and option.multiple for name in option.opts}

    @property
    def _single(self) -> set[str]:
        options = [option for option in self.params if isinstance(option, click.Option) and not option.multiple and not option.is_flag]
        return {name for option in options for name in option.opts}
