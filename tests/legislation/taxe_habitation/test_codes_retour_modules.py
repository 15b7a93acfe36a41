"""Every return code that some input of the other parts of the program reaches: a valid row of the vectors, with one thing changed.

Codes that no input reaches, and why:
- ksfc: 4316 to 4318 (negative parts are no multiple of a quarter: 4310 to 4312 come first); 4001 and so on (its inner part repeats its controls).
- kdec: those of the bill's reliefs (what is handed on to it was controlled before); 5030 to 5047, 5128, 5129 (controls of its own results).
- ktvc: those of the rental value (4401 to 4404, 2: it is asked with affectation H and the dwelling's own commune, in a department that 4106 let pass).
- kcvc: 4206 (a control of its own results).
"""

from itertools import combinations

import pytest


def e1(**changes):
    return {f"e1.{field}": text for field, text in changes.items()}


def e5(**changes):
    return {f"e5.{field}": text for field, text in changes.items()}


def e8(**changes):
    return {f"e8.{field}": text for field, text in changes.items()}


def household(letter, **changes):
    return {f"e4.rede_{letter}.{field}": text for field, text in changes.items()}


def group(letter, **changes):
    return {f"e8.cole_{letter}.{field}": text for field, text in changes.items()}


def series(letter, first):
    usual = group(
        letter, txbas="15", tpac1="10", tpac3="15", txspe="00", txhan="10", vlmoy="5000", abspe="0", abbas="750", apac1="500", apac3="750", abhan="500"
    )
    changes = [
        (1, {"vlmoy": "-1"}),
        (2, {"abspe": "-1"}),
        (3, {"abbas": "-1"}),
        (4, {"apac1": "-1"}),
        (5, {"apac3": "-1"}),
        (6, {"vlmoy": "15001"}),
        (7, {"abspe": "5001"}),
        (8, {"abbas": "5001"}),
        (9, {"apac1": "5001"}),
        (10, {"apac3": "5001"}),
        (11, {"apac3": "0"}),
        (12, {"apac1": "0"}),
        (13, {"txbas": "16"}),
        (13, {"tpac1": "09"}),
        (13, {"tpac3": "26"}),
        (13, {"txspe": "F_"}),
        (13, {"txhan": "09"}),
        (15, {"abhan": "-1"}),
        (16, {"abhan": "5001"}),
    ]
    return [(first + code, usual | group(letter, **change)) for code, change in changes]


# By part: the id of a valid row, and in the order in which the program controls, each code and a change.
CASES = {
    "ksfc": (
        "3",  # a joint bill with an attached household
        [
            (1, {"e4.antax": "2018"}),
            (1, {"e4.antax": "2013"}),
            (4302, {"e4.csdi": "999"}),
            (4303, {"e4.cnua": "X"}),
            (4304, household("1", front="X")),
            (4305, household("2", front="X")),
            (4306, household("r", front="X")),
            (4307, {"e4.cnua": "R"}),
            (4308, {"e4.cnua": "R"} | household("2", nbpar="0") | household("1", nbpar="75")),
            (4309, {"e4.cnua": "S"}),
            (4310, household("1", nbpar="130")),
            (4310, household("1", nbpar="-100")),
            (4311, household("2", nbpar="126")),
            (4312, household("r", nbpar="-25")),
            (4313, household("1", front="K", nbpar="75")),
            (4314, household("2", front="K", nbpar="75")),
            (4315, household("r", front="K", nbpar="50")),
            (4319, household("1", revfe="-1")),
            (4320, household("2", revfe="-1")),
            (4321, household("r", revfe="-1")),
            (4322, household("r", nbpar="0")),
            (4323, household("r", front="K", nbpar="100")),
            (4326, household("r", annir="2015")),
            (4326, household("r", annir="0")),
            (4327, household("1", annir="2017")),
            (4328, household("2", annir="2018")),
            (4329, household("r", annir="2017")),
        ],
    ),
    "kvlc": (
        "0",
        [
            (4402, {"e9.antax": "2016"}),
            (4404, {"e9.dep": "99"}),
            (4403, {"e9.cne": "999"}),
            (4401, e1(aff="X")),
            (2, e1(dep="20") | {"e9.dep": "20"}),
            (1, e1(antax="2018") | {"e9.antax": "2018"}),
        ],
    ),
    "kdec": (
        "0",
        [
            (1, e5(antax="2018")),
            (5, e5(csdi="999")),
            (5002, e5(degex="_")),
            (5002, e5(degex="G")),
            (5004, e5(somrp="-1")),
            (5015, e5(npaff="-25")),
            (5014, e5(npaff="126")),
            (5025, e5(revff="-1")),
            (5026, e5(sdrpa="-1")),
            (5027, e5(mdega="-1")),
            (5028, e5(mdega="1")),
            (5036, e5(redtc="-1")),
            (5038, e5(redat="-1")),
            (5033, e5(redar="-1")),
            (5039, e5(regul="X")),
            (5040, e5(napin="-1")),
            (5041, e5(napin="1")),
        ],
    ),
    "ktvc": (
        "0",
        [
            (4104, {"e6.atlvc": "2030"}),
            (4105, {"e6.atlvl": "2030"}),
            (1, {"e6.e1_l.antax": "2018"}),
            (4106, {"e6.e1_l.dep": "97"}),
        ],
    ),
    "kcvc": (
        "0",
        [
            (1, {"e7.antax": "2018"}),
            (1103, {"e7.btlv1": "-90000"}),
        ],
    ),
    "ktac": (
        "24",  # in Paris, in an EPCI
        [
            (1, e8(antax="2013")),
            *series("f", 2300),
            *series("r", 2320),
            *series("d", 2340),
            *series("j", 2360),
            *series("m", 2380),
            *series("p", 2400),
            (2422, e8(codef="X")),
            (2422, e8(codeg="6")),
            (2422, e8(cocnq="X")),
            (2422, e8(cneg3="X")),
            (2422, e8(cnqg3="_")),
            (2422, e8(cnam3="X")),
            (2423, e8(abmos="1")),
            (2423, e8(codef="F", abmos="0")),
            (2421, e8(cocnq="_", cnqg3="O")),
            (2421, e8(cocnq="_", cnqg3="N") | group("q", apac1="1")),
            (2475, e8(indgem="X")),
            (2476, e8(timpe="0.01", indgem="_")),
            (2476, e8(timpe="1.5", indgem="C")),
            (2425, e8(dep="44", titgp="0.001")),
        ],
    ),
}
ALL = [(module, number) for module, (_, cases) in CASES.items() for number in range(len(cases))]


@pytest.fixture(scope="module")
def base_of(lire_lignes):
    return {module: next(row for row in lire_lignes(f"vectors_dev_{module}") if row["id"] == base) for module, (base, _) in CASES.items()}


@pytest.fixture(scope="module")
def codes(base_of, codes_retour):
    """The codes of all cases, and at the end that of the row itself."""
    return {module: codes_retour(module, 2017, [*(base_of[module] | change for _, change in cases), base_of[module]]) for module, (_, cases) in CASES.items()}


@pytest.mark.parametrize("module", CASES)
def test_the_row_is_in_order_before_the_change(codes, module):
    assert codes[module][-1] == 0


@pytest.mark.parametrize("module, number", ALL, ids=[f"{module}-{CASES[module][1][number][0]}-{number}" for module, number in ALL])
def test_each_control_has_its_code(codes, module, number):
    code, change = CASES[module][1][number]
    assert codes[module][number] == code, change


@pytest.mark.parametrize("module", CASES)
def test_of_two_faults_the_one_that_the_program_controls_first_gives_the_code(base_of, codes_retour, module):
    pairs = [(one, other) for one, other in combinations(CASES[module][1], 2) if not set(one[1]) & set(other[1])]
    got = codes_retour(module, 2017, [base_of[module] | one[1] | other[1] for one, other in pairs])
    assert {(one[0], other[0], code) for (one, other), code in zip(pairs, got, strict=True) if code != one[0]} == set()
