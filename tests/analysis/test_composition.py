"""What households are made of: by persons where there are any, else by what tax households declare; a part says of the whole what it knows."""

import numpy as np
import pytest

import bareme
from analysis.study import Study
from engine.periods import period
from legislation import france
from population.columns import Columns

REFERENCE, SPOUSE, CHILD = 0, 1, 2


@pytest.fixture(scope="module", name="law")
def _law():
    return france()


def persons(law, births, of, roles, inputs=None):
    """Return persons in households, each household a tax household of its own whose first person declares."""
    count, groups = len(births), max(of) + 1
    of, roles = np.array(of), np.array(roles, np.int16)
    names = [role.key for role in law.entities["menage"].flattened_roles]
    assert (names.index("conjoint"), names.index("enfant")) == (SPOUSE, CHILD)
    return Columns(
        counts={"individu": count, "foyer_fiscal": groups, "famille": groups, "menage": groups, "cote": 0, "local": 0, "commune": 0},
        links={("individu", group): (of, roles) for group in ("menage", "foyer_fiscal", "famille")},
        inputs={("annee_naissance", period(2022)): np.array(births, np.int64), **(inputs or {})},
    )


def test_persons_make_couples_children_and_consumption_units(law):
    columns = persons(law, [1980, 1982, 2005, 2012, 1950], [0, 0, 0, 0, 1], [REFERENCE, SPOUSE, CHILD, CHILD, REFERENCE])
    found = Study(columns, 2022, law=law, replicates=2).composition
    assert found.ages.tolist() == [42, 40, 17, 10, 72]
    assert found.age_of_reference.tolist() == [42, 72]
    assert (found.is_couple.tolist(), found.children.tolist(), found.persons.tolist()) == ([True, False], [2, 0], [4, 1])
    assert found.consumption_units.tolist() == [1 + 0.5 + 0.5 + 0.3, 1]  # who is 14 or more counts as an adult
    assert [grouping.name for grouping in found.groupings_by_row][:2] == ["types_de_famille", "ages"]


def test_a_part_without_children_is_of_a_whole_that_has_some(law):
    lonely = persons(law, [1980, 1950], [0, 1], [REFERENCE, REFERENCE], {("enfants_a_charge", period(2022)): np.array([3, 0])})
    alone = Study(lonely, 2022, law=law, replicates=2).composition
    assert alone.children.tolist() == [3, 0]  # nobody is a child: what is declared counts
    assert alone.persons.tolist() == [4, 1]
    part = Study(lonely, 2022, law=law, replicates=2).as_part(["enfant"], ["annee_naissance"]).composition
    assert part.children.tolist() == [0, 0]
    assert part.persons.tolist() == [1, 1]


def test_what_is_the_same_for_all_says_nothing_unless_it_varies_elsewhere(law):
    twins = persons(law, [1980, 1980], [0, 1], [REFERENCE, REFERENCE])
    assert Study(twins, 2022, law=law, replicates=2).composition.ages is None
    assert Study(twins, 2022, law=law, replicates=2).as_part([], ["annee_naissance"]).composition.ages.tolist() == [42, 42]


def test_studies_with_other_replicates_share_the_composition(study):
    assert study.with_replicates(5).composition is study.composition
    assert bareme.impact({"parameters": {"impot_revenu.decote.taux": {"2022-01-01": 0.5}}}, study)
    assert all(key in study.asked for key in study.composition.asked)
