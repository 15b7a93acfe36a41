"""Variants: what formulas gave before, under this law or another, for these inputs or others.

A formula is a function of what it asks: variables, figures of the law, truths about the population, which inputs are known.
Where all of that is as it was when the formula ran, so is its result, and the formula need not run again. Thus a reform runs
only the formulas that what it changed reaches, and a household with other inputs only those that its inputs reach.

What was asked is compared in the order in which the formula asked it: up to the first difference the formula would have asked
the same, so that nothing is asked that the law itself would not ask.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.graph.nodes import Node
    from engine.legislation import Legislation
    from engine.parameters import ParameterNode
    from engine.periods import Period
    from engine.traces import Guard, Signature, Traced
    from engine.variables import Formula, Rule

# Of each variable at each period, so many results are kept, the latest: those of laws that are no reforms, and those of reforms. The latter are
# fewer and never put the former out: who edits a figure time and again asks for what rests on it anew each time, and for all else as it is in force.
MOST_VARIANTS = 8
MOST_REFORMED = 4

# What gives a variable at a period as it was kept on disk, for a signature.
Kept = Callable[["Rule", "Period", "Signature"], "Traced | None"]

Place = tuple["Rule", "Period", frozenset[tuple[str, str]]]


class Asker(Protocol):
    """What a comparison asks of the run at hand."""

    legislation: Legislation

    def traced(self, rule: Rule, at: Period) -> Traced:
        """Return a variable at a period."""
        ...

    def answer(self, node: Node) -> bool:
        """Return a truth about the population."""
        ...

    def known_periods(self, name: str) -> list[Period]:
        """Return the periods for which a variable was given."""
        ...


class Variants:
    """The results of formulas, the latest first, with the figures of the law under which each was found."""

    def __init__(self) -> None:
        self._found: dict[Place, list[tuple[Traced, ParameterNode]]] = {}
        self._reformed: dict[Place, list[tuple[Traced, ParameterNode]]] = {}
        self._count = 0
        self.walk_by_row: set[Formula] = set()  # formulas that walk through values and said the same of any number of rows
        self.kept: dict[Signature, tuple[Kept, ParameterNode | None]] = {}

    def __len__(self) -> int:
        """Return how many results are remembered."""
        return self._count

    def add(self, rule: Rule, at: Period, signature: Signature, traced: Traced, law: Legislation) -> None:
        """Remember what a formula gave under a law."""
        kept, most = (self._found, MOST_VARIANTS) if law.baseline is None else (self._reformed, MOST_REFORMED)
        found = kept.setdefault((rule, at, signature.total_links), [])
        self._count += len(found) < most
        found.insert(0, (traced, law.parameters))
        del found[most:]

    def of(self, rule: Rule, at: Period, signature: Signature) -> Sequence[tuple[Traced, ParameterNode | None]]:
        """Return what is remembered of a variable at a period, that of reforms after the others, the latest first, and last what was kept on disk.

        With each goes the tree of figures under which it was found, None where that is not known: the figures read are compared one by one.
        """
        found: list[tuple[Traced, ParameterNode | None]] = [
            *self._found.get((rule, at, signature.total_links), ()),
            *self._reformed.get((rule, at, signature.total_links), ()),
        ]
        if not self.kept:
            return found
        kept = ((get(rule, at, signature), parameters) for get, parameters in self.kept.values())
        return [*found, *((traced, parameters) for traced, parameters in kept if traced is not None)]


class Comparison:
    """Whether what a formula asked before is answered in the same way now, under one law."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self.legislation = asker.legislation
        self._shared: dict[tuple[int, str], bool] = {}
        self._same_branches: dict[int, tuple[ParameterNode, bool]] = {}  # the trees are held: their numbers are theirs alone

    def holds(self, before: Traced, parameters: ParameterNode | None) -> bool:
        """Return whether a formula that found this would find the same now."""
        return self._same_law(before, parameters) and self._same_answers(before)

    def _same_law(self, before: Traced, parameters: ParameterNode | None) -> bool:
        """Whether figures, variables and known inputs are as they were: asking for these asks nothing further."""
        law, variables = self.legislation, self.legislation.variables
        for name, rule in before.rules:
            now = variables.get(name)
            if now is not rule and not _are_alike(rule, now):
                return False
        for name, periods in before.known_periods:
            if tuple(self.asker.known_periods(name)) != periods:
                return False
        if parameters is law.parameters:
            return True
        if parameters is not None and not self._has_same_branches(parameters):
            return False
        return all(self._is_shared(parameters, read.name) or law.has_figure(*read) for read in before.figures)

    def _has_same_branches(self, parameters: ParameterNode) -> bool:
        """Whether both trees have the same branches: a formula that asks whether there is one (`hasattr`) reads no figure."""
        found = self._same_branches.get(id(parameters))
        if found is None:
            found = self._same_branches[id(parameters)] = (parameters, _same_branches(parameters, self.legislation.parameters))
        return found[1]

    def _is_shared(self, parameters: ParameterNode | None, name: str) -> bool:
        """Whether both trees hold the same item under a name, or the same branch on the way to it."""
        key = (id(parameters), name)
        found = self._shared.get(key)
        if found is None:
            found = self._shared[key] = _share(parameters, self.legislation.parameters, name)
        return found

    def _same_answers(self, before: Traced) -> bool:
        asked = 0
        for place, ((name, at), node) in enumerate(zip(before.reads, before.nodes, strict=True)):
            while asked < len(before.guards) and before.guards[asked].reads_before <= place:
                if not self._answers_alike(before.guards[asked]):
                    return False
                asked += 1
            rule = self.legislation.variables.get(name)
            if rule is None or self.asker.traced(rule, at).node is not node:
                return False
        return all(self._answers_alike(guard) for guard in before.guards[asked:])

    def _answers_alike(self, guard: Guard) -> bool:
        return self.asker.answer(guard.node) is guard.answer


def _are_alike(before: Rule | None, now: Rule | None) -> bool:
    """Whether a variable is, for a formula that asks for it, what it was: its values are compared by themselves."""
    if before is now:
        return True
    if before is None or now is None or before.possible_values is not now.possible_values:
        return False
    mine, other = ((rule.entity.key, rule.definition_period, rule.dtype, rule.max_length, rule.is_neutralized) for rule in (before, now))
    return mine == other and bool(before.stored_default == now.stored_default)


def _same_branches(one: Any, other: Any) -> bool:
    pending = [(one, other)]
    while pending:
        mine, theirs = pending.pop()
        if mine is theirs:
            continue
        branches, others = ({name: child for name, child in tree.children.items() if hasattr(child, "children")} for tree in (mine, theirs))
        if branches.keys() != others.keys():
            return False
        pending += [(branch, others[name]) for name, branch in branches.items()]
    return True


def _share(one: Any, other: Any, name: str) -> bool:
    """Whether two trees hold the same object at some step on the way to a name: all below is then the same."""
    for step in name.split("[", 1)[0].split("."):
        if one is other:
            return True
        if not (hasattr(one, "children") and hasattr(other, "children") and step in one.children and step in other.children):
            return False
        one, other = one.children[step], other.children[step]
    return one is other
