"""Reading variables: `famille("x", period)`, `famille.members("x", period)`, `individu.foyer_fiscal("x", period)`, `get_holder("x")`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.asked import check_period, share_of
from engine.checks.calendars import first, last
from engine.checks.dated import FAILED, Dated, values_of
from engine.checks.findings import Kind
from engine.checks.notes import place_of
from engine.checks.values import ARRAY, UNKNOWN, Column, Method, Rows
from engine.errors import BaremeError, nearest
from engine.periods import ETERNITY, DateUnit, Period
from engine.periods import period as as_period
from engine.variables import Option
from engine.views import EntityView

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from engine.checks.frames import Frame
    from engine.checks.reading import Reading
    from engine.entities import Entity
    from engine.variables import Rule

# what populations have beside, in OpenFisca's words
_OF_PACKAGES: Final = frozenset(
    {"entity", "law", "single", "check_array_compatible_with_entity", "first_person", "get_holder", "get_index", "get_rank", "get_role", "get_memory_usage"}
    | {"ids", "members_entity_id", "members_position", "members_role", "ordered_members_map", "reduce", "rule", "known_periods", "default_array"}
    | {"simulation", "value_from_partner"}
)
METHODS: Final = frozenset(name for name in dir(EntityView) if not name.startswith("_")) | _OF_PACKAGES
_NOT_ARRAYS: Final = frozenset({"simulation", "count", "entity", "law", "path", "get_holder", "get_index", "get_role", "rule", "known_periods"})
_MOST_NAMES: Final = 400


class VariableReads:
    """Reads variables on behalf of one formula."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.entities = reading.legislation.entities

    # What rows lead to

    def attribute(self, rows: Rows, name: str, node: ast.AST, frame: Frame) -> Any:
        """Return an attribute of rows: other rows, or a method."""
        entity = self.entities[rows.entity]
        below = self._below(entity)
        roles = {role.key for role in (*entity.roles, *entity.flattened_roles) if role.is_unique}
        if name in {"members", "first_person"}:
            return Rows(below[0]) if below else UNKNOWN
        if name in METHODS or name.startswith("__"):
            return Method(rows, name)
        if name in self._above(rows.entity):
            return Rows(name)
        members = below if name in roles else [key for key in below if name in {key, self.entities[key].plural}]
        if members:
            return Rows(members[0])
        known = [*self._above(rows.entity), *roles, *METHODS]
        self.reading.notes.error(Kind.ENTITY, f"`{rows.entity}` has no `{name}`.{nearest(name, known)}", node, frame)
        return UNKNOWN

    def _below(self, entity: Entity) -> list[str]:
        return [key for key, other in self.entities.items() if entity.key in other.belongs_to]

    def _above(self, key: str) -> list[str]:
        """Return the entities that rows belong to, directly or through others, and their own."""
        found = [key]
        for each in found:
            found += [group for group in self.entities[each].belongs_to if group not in found]
        return found

    # Reading a variable

    def call(self, rows: Rows, asked: Sequence[Any], node: ast.Call, frame: Frame) -> Any:
        """Return the values of a variable: `asked` are its name, the period and the options, UNKNOWN or None where they were not given."""
        name, moment, options = asked
        names = self._names(name, frame)
        if names is None:
            self.reading.notes.variable_read(node, frame, understood=False)
            return ARRAY
        self.reading.notes.variable_read(node, frame, understood=True)
        before, rules = frame.window, []
        for each, window in names:
            frame.window = before & window
            rules.append(self._read(rows, each, (moment, options), node, frame))
        frame.window = before
        return Column(rules[0]) if len(rules) == 1 else ARRAY

    @staticmethod
    def _names(name: Any, frame: Frame) -> list[tuple[str, int]] | None:
        """Return the names that are asked for, each with its periods; None where they are not known."""
        found = values_of(name, frame.window, _MOST_NAMES) if isinstance(name, Dated) else [(name, frame.window)]
        return found if found is not None and all(isinstance(each, str) for each, _ in found) else None

    def holder(self, rows: Rows, name: Any, node: ast.Call, frame: Frame) -> Any:
        """Note `get_holder(name)`."""
        names = self._names(name, frame)
        self.reading.notes.variable_read(node, frame, understood=names is not None)
        for each, _ in names or ():
            self._rule(rows, each, node, frame)
        return UNKNOWN

    def _rule(self, rows: Rows, name: str, node: ast.Call, frame: Frame) -> Rule | None:
        place = node.args[0] if node.args else node
        rule = self.reading.legislation.variables.get(name)
        if rule is None:
            self.reading.notes.error(Kind.VARIABLE, f"There is no variable `{name}`.{nearest(name, self.reading.legislation.variables)}", place, frame)
        elif rule.entity.key != rows.entity:
            way = self._way(rows.entity, rule.entity.key)
            message = f"`{name}` is a variable of `{rule.entity.key}`; it is asked of `{rows.entity}`.{way}"
            self.reading.notes.error(Kind.ENTITY, message, place, frame)
        if rule is not None:
            self.reading.notes.links.variable(name, place_of(place, frame))
        return rule

    def _way(self, asked: str, meant: str) -> str:
        if meant in self._above(asked):
            return f" Ask it as `{asked}.{meant}(…)`."
        return f" Ask it as `{asked}.members(…)`, one value for each member." if asked in self._above(meant) else ""

    def _read(self, rows: Rows, name: str, asked: tuple[Any, Any], node: ast.Call, frame: Frame) -> Rule | None:
        rule = self._rule(rows, name, node, frame)
        moment, options = asked
        chosen = _options(options)
        if rule is not None and chosen is not None:
            self._check_options(rule, options, node, frame)
            self._check_period(rule, moment, chosen, node, frame)
        return rule

    def _check_options(self, rule: Rule, options: Any, node: ast.Call, frame: Frame) -> None:
        unknown = [each for each in options or () if str(each) not in set(Option)]
        chosen = {str(each) for each in options or ()}
        if unknown:
            message = f"`{unknown[0]}` is no option: expected ADD or DIVIDE.{nearest(str(unknown[0]).lower(), set(Option))}"
            self.reading.notes.error(Kind.PERIOD, message, node, frame)
        if chosen >= {Option.ADD, Option.DIVIDE}:
            self.reading.notes.error(Kind.PERIOD, f"`{rule.name}` is asked both to add and to divide: choose one.", node, frame)

    def _check_period(self, rule: Rule, moment: Any, options: frozenset[str], node: ast.Call, frame: Frame) -> None:
        place = node.args[1] if len(node.args) > 1 else node
        for wanted in _moments(moment, frame):
            wrong = _mismatch(rule, wanted, options)
            if wrong:
                self.reading.notes.error(Kind.PERIOD, wrong, place, frame)
                return


def _options(options: Any) -> frozenset[str] | None:
    """Return the options that a formula gives, None where they are not known."""
    if options is None:
        return frozenset()
    if isinstance(options, list | tuple) and all(isinstance(each, str) for each in options):
        return frozenset(str(each) for each in options)
    return None


def _moments(moment: Any, frame: Frame) -> list[Any]:
    """Return periods that are asked for: the first and the last of those that differ."""
    if not isinstance(moment, Dated):
        return [] if moment is UNKNOWN else [moment]
    found = [moment.at(place) for place in dict.fromkeys((last(frame.window), first(frame.window)))]
    return [each for each in found if each is not FAILED]


def _mismatch(rule: Rule, wanted: Any, options: frozenset[str]) -> str | None:
    """Say why a variable cannot be asked for a period; None where it can."""
    unit = rule.definition_period
    try:
        at = as_period("eternity" if wanted is None else wanted)
    except BaremeError as error:
        return f"`{rule.name}` is asked for {wanted!r}, which is no period. {error}"
    except TypeError:
        return None  # an array, or something else that only a run can tell
    if Option.ADD in options and Option.DIVIDE in options:
        return None
    if Option.ADD in options:
        return _mismatch_of_sum(rule, at)
    try:
        share_of(rule, at) if Option.DIVIDE in options else check_period(rule, at)
    except BaremeError:
        cannot = "cannot be divided to" if Option.DIVIDE in options else "is asked for"
        return f"`{rule.name}` is defined {_by(unit)}; it {cannot} {_told(at)}.{'' if options else _remedy(rule, at)}"
    return None


def _mismatch_of_sum(rule: Rule, at: Period) -> str | None:
    if rule.definition_period is ETERNITY:
        return f"`{rule.name}` has one value for all time: it cannot be added up."
    if at.divides_into(rule.definition_period):
        return None
    return f"`{rule.name}` is defined {_by(rule.definition_period)}; it cannot be added up over {_told(at)}, which is shorter."


def _remedy(rule: Rule, at: Period) -> str:
    if at.is_eternal:
        return " Name one of its own periods."
    if at.divides_into(rule.definition_period):
        return " Give options=[ADD], or one of its own periods."
    return f" Ask for one of its own periods{', as `period.this_year`' if rule.definition_period == DateUnit.YEAR else ''}, or give options=[DIVIDE]."


def _by(unit: DateUnit) -> str:
    return "for all time" if unit is ETERNITY else f"by {unit}"


def _told(at: Period) -> str:
    if at.is_eternal:
        return "all time"
    return f"a {at.unit}" if at.size == 1 else f"{at.size} {at.unit}s"
