"""Overseas, all communes bear the number 97: the first digit of a commune's code tells its department."""

import numpy as np

from analysis.study import Study
from engine.periods import period
from population.columns import Columns


def test_departments_overseas_are_told_apart():
    rows = np.arange(3)
    columns = Columns(
        counts={"menage": 3, "local": 3, "commune": 3},
        links={("menage", "local"): (rows, np.zeros(3, np.int16)), ("local", "commune"): (rows, None)},
        inputs={
            ("departement", period(2022)): np.array(["97", "01", "97"], dtype=object),
            ("code_commune", period(2022)): np.array(["105", "105", "608"], dtype=object),
        },
    )
    (grouping,) = [each for each in Study(columns, 2022, replicates=2).groupings if each.name == "departements"]
    assert [grouping.labels[code] for code in grouping.codes] == ["971 Guadeloupe", "01 Ain", "976 Mayotte"]
