"""Members of enumerations that do not exist."""

from checked_law import Status, Zone
from engine.periods import MONTH
from engine.variables import Variable
from fictional_country.entities import Person


class members(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

    def formula(person, period):
        status = person("status", period)
        works = status == Status.workr  # error: `Status` has no member `workr`. Did you mean `worker`?
        retired = status == Status["Is retired"]  # error: `Status` has no member `Is retired`. It is the label of `pensioner`.
        Statuses = status.possible_values
        idle = status == Statuses.none  # error: `Status` has no member `none`.
        text = status == "pensionner"  # error: `status` is compared with `pensionner`, which is no member of `Status`. Did you mean `pensioner`?
        written = status == "idle"  # error: `status` is compared with the text `idle`: expected a member, write `Status.idle`.
        other = status != Zone.zone_1  # error: `status` is compared with `Zone.zone_1`; its values are members of `Status`.
        return works + retired + idle + text + written + other
