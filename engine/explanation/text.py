"""An explanation as text: the tree of rules by indentation, then the statements that the law requires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from engine.explanation.words import Words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.explanation.model import Explanation, Step

INDENTATION = "│ "


def lines_of(explanation: Explanation, language: str) -> Iterator[Text]:
    """Yield the lines of an explanation, with styles for a terminal."""
    words = words_of(language)
    yield Text(words.heading(explanation), style="bold")
    yield Text(words.values(explanation.result, explanation.currency), style="bold green")
    yield Text()
    yield Text(words.chain, style="bold underline")
    yield from _tree(explanation, words)
    yield Text()
    yield from _mentions(explanation, words)


def _tree(explanation: Explanation, words: Words) -> Iterator[Text]:
    told: set[int] = set()
    pending: list[tuple[int, int, tuple[str, ...]]] = [(1, 0, ())]
    while pending:
        number, level, same_at = pending.pop()
        step = explanation.step(number)
        yield _headline(explanation, step, words, level, is_told=number in told)
        guide = INDENTATION * (level + 1)
        if same_at:
            yield Text(f"{guide}{words.same_at} {', '.join(same_at)}", style="dim")
        if number not in told:
            told.add(number)
            if step.formula_says:
                yield Text(f"{guide}{step.formula_says}", style="italic")
            yield from (Text(f"{guide}§ {words.figure(explanation.figures[place], explanation.currency)}", style="cyan") for place in step.figures)
            yield from (Text(f"{guide}⋯ {line}", style="dim") for line in words.folds(step.folded))
            pending.extend((read.step, level + 1, read.same_at) for read in reversed(step.reads))


def _headline(explanation: Explanation, step: Step, words: Words, level: int, *, is_told: bool) -> Text:
    line = Text(INDENTATION * level, style="dim")
    line.append(f"{step.number}. ", style="dim")
    line.append(step.label or step.variable, style="bold")
    line.append(f" [{step.variable}, {step.period}] = ", style="not bold")
    line.append(words.values(step, explanation.currency), style="green")
    how = f"{words.told_above} {step.number}" if is_told and (step.reads or step.figures) else words.how(step)
    line.append(f" ({how})", style="dim")
    return line


def _mentions(explanation: Explanation, words: Words) -> Iterator[Text]:
    yield Text(f"{words.mentions} ({words.legal_basis})", style="bold underline")
    yield Text(words.contribution, style="bold")
    yield Text(f"  {words.contribution_of(explanation)}")
    yield Text(words.data, style="bold")
    for label, variable, who, periods, value, source in words.data_of(explanation):
        yield Text(f"  {label} [{variable}], {who}, {periods} : {value} — {source}")
    yield Text(words.figures, style="bold")
    yield from (Text(f"  {words.figure(figure, explanation.currency)}") for figure in explanation.figures)
    yield Text(words.operations, style="bold")
    yield Text(f"  {words.operations_text.format(len(explanation.steps))}")
    if explanation.steps_folded:
        yield Text(f"  {words.folded_steps.format(explanation.steps_folded, explanation.figures_folded)}")
