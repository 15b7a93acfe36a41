"""Run cases of a country package on OpenFisca-Core and on Barème, and compare every variable that was computed on the way.

    python scripts/compare_engines.py --openfisca PYTHON openfisca_france tests [--number 3] [--margin 1e-4] [--explain] [--kept FILE]

`PYTHON` is the interpreter of an environment with OpenFisca-Core and the package; this script's own interpreter has Barème and the
package. OpenFisca-Core runs in a process of its own, case after case, and tells every variable at every period that it computed on the way
to what the case expects. Barème, in this process, is asked for the same variables at the same periods, all of a case in one pass over the
same situation. Differences above the margin (relative; absolute below 1) are listed; the last lines sum up, by variable.

What OpenFisca-Core gives may depend on what was asked before (`get_known_periods`, spirals): with `--explain`, each variable that
differs in a case is asked of both engines once more, first and alone. Where they differ then, Barème is asked again in single precision, and with all
amounts given changed in the seventh digit: what then is as OpenFisca-Core's lies at the edge of a rounding or a threshold. The rest is
unexplained. Within a spiral a variable comes to several values, one for each place from which it is asked: OpenFisca-Core tells one of them, and
it is the same if Barème came to it too.

A long run: `--saved FILE` compares with what OpenFisca-Core gave before (`scripts/engine_cases.py`; .gz is read too); `--kept FILE` keeps the outcome of
each case and of each question, and what it holds already is not run again. Returns 1 where there are (unexplained) differences.
"""

# ruff: noqa: INP001, PLC0415, SLF001, T201 - a script for a person at a terminal, which imports what its engine needs, and looks at what that forgets

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine_cases import Systems, add_arguments, case_named, cases_of, expected, key_of, plain, simulation_of, values_of
from engine_questions import BothPrecisions, are_near, forget_traces, is_same_answer, question_answered, questions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_SHOWN = 40
# What sets a variable apart whose value depends on what was asked before, or nothing does.
SPIRAL, KNOWN, OTHER = "within a spiral", "its formula asks what is known", "neither"


def main() -> int:
    """Compare the cases asked for; returns how the process ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--openfisca", help="Python interpreter of the environment with OpenFisca-Core")
    parser.add_argument("--saved", help="what OpenFisca-Core gave before, in place of running it")
    parser.add_argument("--kept", help="file of the outcomes, which a later run goes on with")
    parser.add_argument("--margin", type=float, default=1e-4, help="relative difference that is allowed")
    parser.add_argument("--brief", action="store_true", help="say nothing of cases that are the same")
    parser.add_argument("--explain", action="store_true", help="ask what differs once more, first and alone; needs --openfisca")
    parser.add_argument("--every", action="store_true", help="with --explain: every period at which a variable differs, not the first of each case alone")
    options = parser.parse_args()
    if not (options.openfisca or options.saved) or (options.explain and not options.openfisca):
        parser.error("--openfisca is missing: the interpreter of an environment with OpenFisca-Core")
    from engine import openfisca

    openfisca.activate()
    return compared(options)


def compared(options: argparse.Namespace) -> int:
    """Compare what is not kept yet, ask what differs, and sum up; returns how the process ends."""
    kept = Kept(options.kept)
    system = BothPrecisions(options)
    for theirs in reports(options, kept):
        outcome = compare(theirs, system, options.margin)
        kept.add(outcome)
        show(outcome, options)
    asked = questions(kept.cases.values(), every=options.every) if options.explain else []
    fresh = [question for question in asked if question not in kept.answers]
    if fresh:
        for theirs in told("questions", fresh, options):
            kept.add({**theirs, **question_answered(theirs, system, options.margin)})
    return summed_up(kept, asked, options)


class Kept:
    """The outcomes of cases and questions, by case and by question, and the file in which they are kept."""

    def __init__(self, file: str | None) -> None:
        self.file = file
        self.cases: dict[str, dict[str, Any]] = {}
        self.answers: dict[tuple[str, str], dict[str, Any]] = {}
        if file and Path(file).exists():
            for line in Path(file).read_text(encoding="utf-8").splitlines():
                self._note(json.loads(line))

    def _note(self, outcome: dict[str, Any]) -> None:
        if "asked" in outcome:
            self.answers[outcome["case"], outcome["asked"]] = outcome
        else:
            self.cases[outcome["case"]] = outcome

    def add(self, outcome: dict[str, Any]) -> None:
        """Note an outcome, and keep it."""
        self._note(outcome)
        if self.file:
            with Path(self.file).open("a", encoding="utf-8") as kept:
                kept.write(json.dumps(outcome) + "\n")


# What OpenFisca-Core gives


def reports(options: argparse.Namespace, kept: Kept) -> Iterator[dict[str, Any]]:
    """Yield what OpenFisca-Core computes of each case of which no outcome is kept."""
    wanted = [case for case, _ in cases_of(options) if case not in kept.cases]
    if not options.saved:
        yield from told("only", wanted, options) if wanted else ()
        return
    left = set(wanted)
    with gzip.open(options.saved, "rt", encoding="utf-8") if options.saved.endswith(".gz") else Path(options.saved).open(encoding="utf-8") as lines:
        try:
            for line in lines:
                case, _ = json.JSONDecoder().raw_decode(line, len('{"case": ')) if line.startswith('{"case"') else (None, 0)
                if case in left:
                    left.remove(case)
                    yield json.loads(line)
        except (EOFError, json.JSONDecodeError):
            print("What was saved ends in the midst of a case.", file=sys.stderr)
    if left:
        print(f"Of {len(left)} cases nothing was saved, as of {min(left)}.", file=sys.stderr)


def told(what: str, wanted: Sequence[Any], options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield what OpenFisca-Core's process says of cases (`only`) or of questions (`questions`), as it comes."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(wanted, file)
        file.flush()
        command = [
            options.openfisca,
            str(Path(__file__).with_name("engine_cases.py")),
            options.package,
            *options.paths,
            *(f"--extension={each}" for each in options.extension),
        ]
        with subprocess.Popen([*command, f"--{what}", file.name], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own script
            assert process.stdout is not None
            try:
                yield from (json.loads(line) for line in process.stdout if line.startswith('{"case"'))
            except GeneratorExit:  # nobody wants more
                process.terminate()
                raise
    if process.returncode:
        sys.exit(f"OpenFisca-Core ended with {process.returncode}: what it said stands above.")


# Comparing, on Barème


def compare(theirs: dict[str, Any], systems: Systems, margin: float) -> dict[str, Any]:
    """Return how a case differs: how many values were compared, those that differ with both engines' values, and where that begins."""
    case = case_named(theirs["case"])
    if "error" in theirs:
        return {"case": theirs["case"], "values": 0, "different": {}, "errors": [theirs["error"], values_of(case, systems).get("error")]}
    forget_traces(systems.of(case))
    keys = {text: key_of(text) for text in theirs["values"]}
    within_spirals: dict[Any, list[Any]] = {}
    try:
        run = simulation_of(case, systems).run
        with noting_spirals(within_spirals):
            run.calculate_all((name, at or "eternity") for name, at in expected(case, systems))
    except Exception as error:  # noqa: BLE001 - as OpenFisca-Core's process does
        return {"case": theirs["case"], "values": 0, "different": {}, "errors": [None, f"{type(error).__name__}: {error}"]}
    ours = all_values(run, keys, within_spirals)
    different = {text: [values, ours[text][0]] for text, values in theirs["values"].items() if not any(are_near(values, each, margin) for each in ours[text])}
    begins = beginnings(run, {text: keys[text] for text in different}, within_spirals)
    return {"case": theirs["case"], "values": len(keys), "different": different, "begins": begins}


@contextmanager
def noting_spirals(found: dict[Any, list[Any]]) -> Iterator[None]:
    """Note all that a variable came to within spirals, which depends on where each was entered: Barème forgets it with the result that it led to."""
    from engine.tracing import Tracing

    ends, forget = Tracing._is_spiral, Tracing._forget_spoilt

    def note_end(tracing: Tracing, rule: Any, key: Any) -> bool:
        is_end = ends(tracing, rule, key)
        if is_end:
            note(found, key, tracing.default(rule))
        return is_end

    def note_and_forget(tracing: Tracing) -> None:
        for key in tracing._spoilt & tracing.trace.traced.keys():
            note(found, key, tracing.trace.traced[key].node)
        forget(tracing)

    Tracing._is_spiral, Tracing._forget_spoilt = note_end, note_and_forget  # type: ignore[method-assign]
    try:
        yield
    finally:
        Tracing._is_spiral, Tracing._forget_spoilt = ends, forget  # type: ignore[method-assign]


def note(found: dict[Any, list[Any]], key: Any, node: Any) -> None:
    """Note what a variable came to, once."""
    if not any(node is each for each in found.setdefault(key, [])):
        found[key].append(node)


def all_values(run: Any, keys: dict[str, tuple[str, str]], within_spirals: dict[Any, list[Any]]) -> dict[str, list[Any]]:
    """Return Barème's values of variables, by `variable<period>`: of each all that it came to on the way, or the text of an error."""
    from engine.errors import BaremeError
    from engine.periods import period

    wanted = {text: (name, period(at)) for text, (name, at) in keys.items()}
    run._evaluate([node for key in wanted.values() for node in within_spirals.get(key, ())], None)
    found = {text: [listed(run, key[0], run._result(key, node)) for node in within_spirals.get(key, ())] for text, key in wanted.items()}
    left = {text: key for text, key in wanted.items() if not found[text] or key in run._tracing.trace.traced}
    try:
        values = run.calculate_all(left.values())
    except BaremeError:  # which one fails shows when each is asked for by itself
        return found | {text: [*found[text], one_value(run, key)] for text, key in left.items()}
    return found | {text: [*found[text], listed(run, key[0], values[key])] for text, key in left.items()}


def one_value(run: Any, key: tuple[str, Any]) -> Any:
    """Return Barème's values of one variable, or the text of its error."""
    from engine.errors import BaremeError

    try:
        return listed(run, key[0], run.calculate(*key))
    except BaremeError as error:
        return f"{type(error).__name__}: {error}"


def listed(run: Any, name: str, values: Any) -> list[Any]:
    """Return values as a list, as OpenFisca-Core's process writes them: an enumeration's by place."""
    import numpy as np

    length = run.legislation.variable(name).max_length
    array = values.view(np.ndarray) if length is None else values.astype(f"S{length}")
    return array.tolist() if array.dtype.kind in "biuf" else plain(array)


def beginnings(run: Any, different: dict[str, tuple[str, str]], within_spirals: dict[Any, list[Any]]) -> dict[str, str]:
    """Return where what differs begins: within a spiral, or in variables that read none that differs; with what sets them apart."""
    from engine.periods import period

    found = {}
    for text, (name, at) in different.items():
        key = (name, period(at))
        traced = traced_by(run, key)
        if traced is None:
            found[text] = SPIRAL
        elif traced.known_periods:
            found[text] = KNOWN
        elif not any(f"{read}<{when}>" in different for read, when in traced.reads):
            found[text] = SPIRAL if key in within_spirals or any(read in within_spirals for read in traced.reads) else OTHER
    return found


def traced_by(run: Any, key: tuple[str, Any]) -> Any:
    """Return how Barème computes a variable; None where that depends on where a spiral was entered."""
    from engine.errors import BaremeError

    try:
        return run.traced(*key)
    except BaremeError:
        return None


# Telling


def show(outcome: dict[str, Any], options: argparse.Namespace) -> None:
    """Write how a case differs."""
    different = outcome["different"]
    if outcome.get("errors"):
        theirs, ours = outcome["errors"]
        print(f"{'both fail' if theirs and ours else 'ONE FAILS'}: {outcome['case']}\n  OpenFisca: {theirs or 'runs'}\n  Barème:    {ours or 'runs'}")
    elif different or not options.brief:
        print(f"{'DIFFERS' if different else 'same'}: {outcome['case']}: {outcome['values']} values compared, {len(different)} differ")
    for key in sorted(different)[:MOST_SHOWN]:
        theirs, ours = different[key]
        print(f"  {key}: OpenFisca {theirs}, Barème {ours}")


def summed_up(kept: Kept, asked: list[tuple[str, str]], options: argparse.Namespace) -> int:
    """Write what all cases come to; returns 1 where something differs that the questions do not explain."""
    cases = list(kept.cases.values())
    alone_failing = [case["case"] for case in cases if len([error for error in case.get("errors", ()) if error]) == 1]
    differing = [case for case in cases if case["different"]]
    values, different = sum(case["values"] for case in cases), sum(len(case["different"]) for case in cases)
    print(
        f"{len(cases)} cases, {values} values compared; {different} values differ, in {len(differing)} cases; one engine fails in {len(alone_failing)} cases."
    )
    begins = Counter((key_of(text)[0], why) for case in differing for text, why in case["begins"].items())
    for name, count in Counter(name for case in differing for name in {key_of(text)[0] for text in case["different"]}).most_common():
        why = ", ".join(f"{times} times {cause}" for (variable, cause), times in begins.items() if variable == name)
        print(f"  {name}: in {count} cases" + (f"; begins {why}" if why else ""))
    if not options.explain:
        return 1 if differing or alone_failing else 0
    answers = [kept.answers[question] for question in asked]
    others = [each for each in answers if not is_same_answer(each, options.margin)]
    left = [each for each in others if not each.get("rounding")]
    print(f"Asked first and alone, {len(answers) - len(others)} of {len(answers)} are the same.")
    print(f"{len(others) - len(left)} lie at the edge of a rounding or a threshold; {len(left)} are unexplained.")
    for each in left:
        print(f"  {each['case']}: {each['asked']}: OpenFisca {said(each['theirs'])}, Barème {said(each['ours'])}")
    return 1 if left or alone_failing else 0


def said(answer: dict[str, Any]) -> Any:
    """Return an answer, or the error in its place."""
    return answer.get("answer", answer.get("error"))


if __name__ == "__main__":
    sys.exit(main())
