"""The words of an explanation in French and English, and its values as readers of each write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.errors import DataError, nearest
from engine.explanation.model import DEFAULT, FORMULA, INPUT, SPIRAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.explanation.model import Explanation, FigureTold, Folded, Step, ValueTold

THIN, NO_BREAK, MINUS = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"
MOST_NAMES: Final = 6
MOST_LIKE_A_YEAR: Final = 10_000  # whole numbers below are written without separators: 2022 may be a year
CENTS: Final = 2
FEW_DECIMALS: Final = 100  # numbers from here on are told as amounts are


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    language: str
    title: str
    yes: str
    no: str
    nothing: str
    row: str
    kinds: dict[str, str]
    formula_since: str
    formula: str
    law_since: str
    brackets: str
    told_above: str
    same_at: str
    at_default: str
    zero: str
    without_effect: str
    below_depth: str
    mentions: str
    legal_basis: str
    contribution: str
    contribution_text: str
    data: str
    no_source: str
    figures: str
    operations: str
    operations_text: str
    folded_steps: str
    chain: str
    columns_of_data: tuple[str, ...]
    columns_of_figures: tuple[str, ...]
    expand: str
    collapse: str

    def value(self, value: Any, unit: str = "", currency: str = "") -> str:
        """Return a value as readers write it."""
        if value is None:
            return self.nothing
        if isinstance(value, bool):
            return self.yes if value else self.no
        if isinstance(value, list | tuple):
            return ", ".join(self.value(each, unit, currency) for each in value)
        if isinstance(value, str):
            return value
        return self.number(value, unit, currency)

    def number(self, value: float, unit: str = "", currency: str = "") -> str:
        """Return a number with its unit: amounts of money with cents, where they have any."""
        is_money = unit.startswith("currency")
        is_share = unit in {"/1", "ratio"}
        shown = 100 * value if is_share else value
        is_whole = float(shown).is_integer()
        if is_money and not is_whole:
            text = f"{shown:,.{CENTS}f}"
        elif not is_whole:
            text = f"{shown:,.{CENTS if abs(shown) >= FEW_DECIMALS else 4}f}".rstrip("0")
            text = text if abs(shown) >= 1e-3 or not shown else f"{shown:g}"  # noqa: PLR2004 - four decimals would show nothing
        else:
            text = f"{int(shown):,}" if is_money or abs(shown) >= MOST_LIKE_A_YEAR else f"{int(shown)}"
        text = text.removesuffix(".")
        suffix = f"{NO_BREAK}%" if is_share else f"{NO_BREAK}{currency}" if is_money and currency else ""
        return self._separated(text.removeprefix("-") if text.strip("-0.") == "" else text) + suffix

    def _separated(self, text: str) -> str:
        if self.language == "fr":
            text = text.replace(",", THIN).replace(".", ",")
        return text.replace("-", MINUS)

    # What a step says

    def values(self, step: Step, currency: str) -> str:
        """Return the values of a step, those of several rows with their names."""
        texts = [self._one(value, step.unit, currency) for value in step.values]
        if len(texts) == 1:
            return texts[0]
        if len(set(texts)) == 1:
            return f"{texts[0]} ({', '.join(self.name(value) for value in step.values)})"
        return ", ".join(f"{self.name(value)}{NO_BREAK}: {text}" for value, text in zip(step.values, texts, strict=True))

    def _one(self, value: ValueTold, unit: str, currency: str) -> str:
        return value.label or self.value(value.value, unit, currency)

    def name(self, value: ValueTold) -> str:
        """Return what a row is called."""
        return value.id if value.id is not None else f"{self.row}{NO_BREAK}{value.row}"

    def how(self, step: Step) -> str:
        """Return how a step came to its value: given, at its default, or by which formula and article."""
        if step.kind != FORMULA:
            return self.kinds[step.kind]
        began = step.formula_since
        said = self.formula if began is None or began.startswith("0001") else self.formula_since.format(began)
        article = f"{NO_BREAK}— {'; '.join(step.references)}" if step.references else ""
        return f"{said}{article}"

    def figure(self, figure: FigureTold, currency: str) -> str:
        """Return a figure of the law with its date and reference."""
        said = self.figure_value(figure, currency)
        since = self.law_since.format(figure.since) if figure.since else ""
        article = f"{NO_BREAK}— {'; '.join(figure.references)}" if figure.references else ""
        title = f"{figure.description} [{figure.name}]" if figure.description else figure.name
        return f"{title} = {said}{since}{article}"

    def figure_value(self, figure: FigureTold, currency: str) -> str:
        """Return a figure's value; of a scale, its thresholds with what holds from each."""
        if not figure.brackets:
            return self.value(figure.value, figure.unit, currency)
        return self.brackets.format("; ".join(f"{self.number(low, 'currency', currency)}: {self.value(high, figure.unit)}" for low, high in figure.brackets))

    def folds(self, folded: Folded) -> Iterable[str]:
        """Yield a line for each reason for which variables are left out."""
        for words, names in (
            (self.zero, folded.zero),
            (self.at_default, folded.at_default),
            (self.without_effect, folded.without_effect),
            (self.below_depth, folded.below_depth),
        ):
            if names:
                more = f", … (+{len(names) - MOST_NAMES})" if len(names) > MOST_NAMES else ""
                yield f"{len(names)} {words}{NO_BREAK}: {', '.join(names[:MOST_NAMES])}{more}"

    def heading(self, explanation: Explanation) -> str:
        """Return the title of an explanation."""
        result = explanation.result
        who = f" ({explanation.id if explanation.id is not None else f'{self.row} {explanation.row}'})"
        return f"{result.label or result.variable}, {explanation.period}{who}"

    def data_of(self, explanation: Explanation) -> Iterable[tuple[str, str, str, str, str, str]]:
        """Yield the data: label, variable, whose it is, periods, value, source; equal values at several periods once."""
        units = {step.variable: step.unit for step in explanation.steps}
        groups: dict[tuple[Any, ...], list[str]] = {}
        for datum in explanation.data:
            who = datum.id if datum.id is not None else f"{self.row} {datum.row}"
            groups.setdefault((datum.label or datum.variable, datum.variable, who, datum.value, datum.source or self.no_source), []).append(datum.period)
        for (label, variable, who, value, source), periods in groups.items():
            yield label, variable, who, ", ".join(sorted(periods)), self.value(value, units.get(variable, ""), explanation.currency), source

    def contribution_of(self, explanation: Explanation) -> str:
        """Return the statement of the degree and mode of the program's contribution."""
        return explanation.contribution or self.contribution_text.format(self.heading(explanation), explanation.law or "?")


FRENCH: Final = Words(
    language="fr",
    title="Explication",
    yes="oui",
    no="non",
    nothing="aucune valeur",
    row="ligne",
    kinds={
        INPUT: "donnée fournie",
        DEFAULT: "valeur par défaut, rien n’a été déclaré",
        SPIRAL: "valeur tirée d’une boucle de règles qui se demandent l’une l’autre",
    },
    formula_since="formule en vigueur depuis le {}",
    formula="formule",
    law_since=" (depuis le {})",
    brackets="barème : {}",
    told_above="déjà expliqué, voir",
    same_at="de même pour",
    at_default="à zéro ou par défaut, car rien n’a été déclaré",
    zero="à zéro (ou non, ou à sa valeur par défaut)",
    without_effect="sans effet ici, quelle que soit leur valeur",
    below_depth="plus bas que la profondeur demandée",
    mentions="Mentions prévues par la loi",
    legal_basis="Code des relations entre le public et l’administration, art. R. 311-3-1-2",
    contribution="1° Degré et mode de contribution du traitement algorithmique à la prise de décision",
    contribution_text=(
        "Le montant « {} » est entièrement calculé par le programme, qui applique aux données ci-dessous les règles écrites de la législation "
        "« {} » ; le programme ne porte aucune appréciation et ne prend aucune décision : celle-ci revient à l’autorité compétente, "
        "qui précise la part qu’elle y a prise."
    ),
    data="2° Données traitées et leurs sources",
    no_source="non précisée",
    figures="3° Paramètres de traitement, et leur pondération, appliqués à la situation de l’intéressé",
    operations="4° Opérations effectuées par le traitement",
    operations_text="{} opérations, de la plus générale aux données ; chacune est expliquée une fois.",
    folded_steps="{} autres opérations et {} autres paramètres ne concourent qu’à des montants nuls et sont repliés (option --all).",
    chain="Du résultat à ses causes",
    columns_of_data=("Donnée", "Personne ou entité", "Période", "Valeur", "Source"),
    columns_of_figures=("Paramètre", "Valeur", "Depuis", "Référence"),
    expand="Tout déplier",
    collapse="Tout replier",
)
ENGLISH: Final = Words(
    language="en",
    title="Explanation",
    yes="yes",
    no="no",
    nothing="no value",
    row="row",
    kinds={INPUT: "given", DEFAULT: "default, nothing was given", SPIRAL: "taken from a loop of rules that ask for each other"},
    formula_since="formula in force since {}",
    formula="formula",
    law_since=" (since {})",
    brackets="scale: {}",
    told_above="told before, see",
    same_at="the same for",
    at_default="at zero or default, for nothing was given",
    zero="at zero (or no, or at its default)",
    without_effect="without effect here, whatever their value",
    below_depth="deeper than asked for",
    mentions="Statements required by law",
    legal_basis="Code des relations entre le public et l’administration (France), art. R. 311-3-1-2",
    contribution="1. Degree and mode of the algorithm’s contribution to the decision",
    contribution_text=(
        "The amount “{}” is computed entirely by the program, which applies the written rules of the legislation “{}” to the data below; the program "
        "judges nothing and decides nothing: that is for the competent authority, which states its own part."
    ),
    data="2. Data processed and their sources",
    no_source="not said",
    figures="3. Parameters, and their weights, applied to this person",
    operations="4. Operations performed",
    operations_text="{} operations, from the result to the data; each is told once.",
    folded_steps="{} other operations and {} other parameters lead to zero amounts only, and are folded (option --all).",
    chain="From the result to its causes",
    columns_of_data=("Datum", "Person or entity", "Period", "Value", "Source"),
    columns_of_figures=("Parameter", "Value", "Since", "Reference"),
    expand="Unfold all",
    collapse="Fold all",
)
_LANGUAGES: Final = {words.language: words for words in (FRENCH, ENGLISH)}


def words_of(language: str) -> Words:
    """Return the words of a language. Raises DataError for one that is not there."""
    if language not in _LANGUAGES:
        raise DataError(f"There are no explanations in `{language}`: expected {' or '.join(_LANGUAGES)}.{nearest(language, _LANGUAGES)}")
    return _LANGUAGES[language]
