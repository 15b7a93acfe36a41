"""Every return code of a bill that some input reaches: a row of the official vectors that is in order, with one thing changed.

Codes of the program that no input of a bill reaches, and why:
- 2: the program compares with the wrong sentinel; a bad department ends as 2502. 71: tested before anything is computed. 251: 2421 comes first.
- 70: a licence relief E or J needs the field C (69), hence a main home (54, 66), where the relief must be that of the exemption (68).
- 902, 904 to 908: another base is negative only where the commune's is (901) or, for vacant dwellings of an EPCI, the EPCI's (903).
- 1002 to 1004, 1013: amounts due are negative only with negative rates, which the computation of fees refuses before (1103). 1006: an exemption leaves no base.
- 2202: THLV has no rate reduction. 2203: 112 comes first. 2205: the EPCI's base is that of the commune (2204).
- 2307, 2311, 2312: 105, 108 and 107 come first. 2327, 2328: 205 and 204. 2347 to 2350, 2356: 302 to 306, as averages are below 15,000.
- 2503 to 2507: 19 to 21, 65 and 69 come first. 3001 to 3017: signatures of the program's own files.
- 1102, 1104, 12xx, 13xx, 21xx: controls of one part of the program on what another hands to it.
"""

from itertools import combinations

import pytest

# A valid row of the vectors of 2017 for each kind of bill, by its id.
PRINCIPALE = "166"  # in Pyrénées-Orientales (66), in an EPCI with its own regime, no surcharge
SANS_EPCI = "151"
OUTRE_MER = "4272"
ALSACE = "208"
SECONDAIRE = "503"
DEPENDANCE = "1094"
DEPENDANCE_OUTRE_MER = "633"  # exempted by D
VACANT = "308"  # the commune's THLV
VACANT_EPCI = "81"  # the EPCI's, with a GEMAPI tax
SAINT_MARTIN = "353"  # a second home
BASES = (PRINCIPALE, SANS_EPCI, OUTRE_MER, ALSACE, SECONDAIRE, DEPENDANCE, DEPENDANCE_OUTRE_MER, VACANT, VACANT_EPCI, SAINT_MARTIN)

GROUPE = ("txbas", "tpac1", "tpac3", "txspe", "txhan", "vlmoy", "abspe", "abbas", "apac1", "apac3", "abhan")


def e2(**changes):
    return {f"e2.{field}": text for field, text in changes.items()}


def e3(**changes):
    return {f"e3.{field}": text for field, text in changes.items()}


def group(letter, **changes):
    return {f"e3.cole_{letter}.{field}": text for field, text in changes.items()}


def only(letter, **changes):
    """A whole deliberation: nothing but what is said."""
    return group(letter, **dict.fromkeys(GROUPE[:5], "00"), **dict.fromkeys(GROUPE[5:], "0")) | group(letter, **changes)


def series(base, letter, first, **others):
    """The codes that every deliberation has, from its own first one on; `others` is what the letter needs to come so far."""
    usual = only(letter, apac1="1000", apac3="1200", vlmoy="5000")
    changes = {
        1: only(letter, vlmoy="-1"),
        2: usual | group(letter, abspe="-1"),
        3: usual | group(letter, abbas="-1"),
        4: usual | group(letter, apac1="-1"),
        5: usual | group(letter, apac3="-1"),
        6: only(letter, vlmoy="15001"),
        7: usual | group(letter, abspe="5001"),
        8: usual | group(letter, abbas="5001"),
        9: usual | group(letter, apac1="5001"),
        10: usual | group(letter, apac3="5001"),
        11: usual | group(letter, apac3="0"),
        12: usual | group(letter, apac1="0"),
        13: usual | group(letter, txbas="16"),
        15: usual | group(letter, abhan="-1"),
        16: usual | group(letter, abhan="5001"),
    }
    return [(first + code, base, others | change) for code, change in changes.items()]


def without(codes, cases):
    return [case for case in cases if case[0] not in codes]


# In the order in which the program controls.
CASES = [
    (5, PRINCIPALE, e2(csdi="999")),
    (62, VACANT, e3(indthlv="_")),
    (1, PRINCIPALE, e3(antax="2018")),
    (3, PRINCIPALE, e2(tax="X")),
    (4, PRINCIPALE, e2(nbpac="100")),
    (6, PRINCIPALE, e2(codni="B")),
    (7, PRINCIPALE, e2(codsh="/")),
    (8, PRINCIPALE, e2(cnat="_")),
    (10, PRINCIPALE, e2(aff="P")),
    (15, PRINCIPALE, e2(npaff="-100")),
    (14, PRINCIPALE, e2(npaff="130")),
    (16, PRINCIPALE, e2(nbera="100")),
    (17, PRINCIPALE, e2(permo="A")),
    (18, PRINCIPALE, e2(grrev="5")),
    (19, PRINCIPALE, e2(champ="X")),
    (20, PRINCIPALE, e2(qtvrt="2")),
    (21, PRINCIPALE, e2(degtv="G")),
    (22, PRINCIPALE, e2(degex="X")),
    (23, PRINCIPALE, e2(tyimp="X")),
    (25, VACANT, e2(nbera="1")),
    (26, VACANT, e2(degex="H")),
    (27, VACANT, e2(codni="A")),
    (28, VACANT, e2(champ="C")),
    (29, VACANT, e2(degtv="E")),
    (30, VACANT, e2(qtvrt="0")),
    (35, VACANT, e2(tax="P")),
    (36, VACANT, e2(vlbsc="1")),
    (38, VACANT, e2(revff="1")),
    (39, PRINCIPALE, e3(indmths="_")),
    (40, PRINCIPALE, e3(indmths="O")),
    (41, SECONDAIRE, e3(indmths="O", timths="0.61")),
    (42, PRINCIPALE, e2(indaths="N")),
    (5201, PRINCIPALE, e2(regul="P")),
    (51, PRINCIPALE, e2(antax="2016")),
    (52, SECONDAIRE, e2(nbpac="1")),
    (52, DEPENDANCE, e2(nbera="1")),
    (53, SECONDAIRE, e2(vlbpc="1")),
    (54, SECONDAIRE, e2(degex="H")),
    (55, SECONDAIRE, e2(codni="A")),
    (58, PRINCIPALE, e2(degex="D", degtv="D")),
    (59, DEPENDANCE, e2(vlbsc="1")),
    (60, PRINCIPALE, e2(degex="V", degtv="V")),
    (61, PRINCIPALE, e2(degex="G")),
    (64, PRINCIPALE, e2(vlbsc="1")),
    (65, PRINCIPALE, e2(champ="M", qtvrt="1")),
    (66, DEPENDANCE, e2(champ="C")),
    (67, PRINCIPALE, e2(cnat="5")),
    (68, PRINCIPALE, e2(degex="F")),
    (69, DEPENDANCE, e2(degtv="E")),
    (77, PRINCIPALE, e2(rgsor="1")),
    (78, PRINCIPALE, e2(abatk="K")),
    (79, PRINCIPALE, e2(abatk="K", rgsork="3", degex="F", degtv="F")),
    (80, SECONDAIRE, e2(abatk="K", rgsork="3")),
    (101, PRINCIPALE, group("c", vlmoy="0")),
    (101, PRINCIPALE, group("c", vlmoy="200001")),
    (102, PRINCIPALE, group("f", apac1="429")),
    (103, PRINCIPALE, group("f", apac3="649")),
    (104, PRINCIPALE, group("f", abbas="663")),
    (105, PRINCIPALE, group("f", abspe="663")),
    (106, ALSACE, group("f", apac1="100")),
    (107, PRINCIPALE, group("f", vlmoy="100", apac1="0", abbas="0", abspe="0")),
    (108, PRINCIPALE, group("f", apac3="0")),
    (109, PRINCIPALE, e3(codeg="1") | group("f", apac1="0", apac3="0")),
    (111, PRINCIPALE, e3(cocnq="X")),
    (112, PRINCIPALE, e3(tig00="0.009")),
    (112, PRINCIPALE, e3(tig00="2.0")),
    (114, ALSACE, e3(abmos="0")),
    (115, PRINCIPALE, e3(vmd89="200001")),
    (116, OUTRE_MER, e3(vmd89="0")),
    (117, PRINCIPALE, e3(vmd89="1")),
    (118, OUTRE_MER, group("c", txbas="30")),
    (119, PRINCIPALE, group("f", abhan="439")),
    (119, PRINCIPALE, group("f", abhan="883")),
    (152, PRINCIPALE, group("j", apac1="0")),
    (153, PRINCIPALE, group("j", apac3="0")),
    (154, PRINCIPALE, e3(cneg3="X")),
    (155, PRINCIPALE, e3(cnqg3="_")),
    (156, PRINCIPALE, e3(cnam3="X")),
    (201, PRINCIPALE, group("q", vlmoy="200001")),
    (202, PRINCIPALE, group("r", apac1="419")),
    (203, PRINCIPALE, group("r", apac3="639")),
    (204, PRINCIPALE, group("r", abbas="648")),
    (205, PRINCIPALE, group("r", abspe="648")),
    (206, PRINCIPALE, e3(cocnq="_")),
    (211, SANS_EPCI, e3(timpq="0.01")),
    (212, PRINCIPALE, group("r", abhan="863")),
    (301, PRINCIPALE, group("d", vlmoy="0")),
    (301, PRINCIPALE, group("d", vlmoy="200001")),
    (302, PRINCIPALE, group("d", apac1="1024")),
    (303, PRINCIPALE, group("d", apac3="1279")),
    (304, PRINCIPALE, group("d", abbas="768")),
    (305, PRINCIPALE, group("d", abspe="768")),
    (306, PRINCIPALE, group("d", abhan="513")),
    (810, PRINCIPALE, e3(tiagn="0.01")),
    (110, PRINCIPALE, e3(timpc="0.93")),
    (110, PRINCIPALE, e3(timpe="1.5", indgem="C")),
    (2301, PRINCIPALE, group("f", vlmoy="-5", abbas="0", abspe="0", txhan="00", abhan="0")),
    (2302, PRINCIPALE, group("f", abspe="-1")),
    (2303, PRINCIPALE, group("f", abbas="-1")),
    (2304, PRINCIPALE, group("f", vlmoy="5", apac1="-1", abbas="0", abspe="0", txhan="00")),
    (2305, PRINCIPALE, group("f", apac3="-1")),
    (2306, PRINCIPALE, group("f", vlmoy="20000", apac1="2000", apac3="3000", abhan="3000")),
    (2308, PRINCIPALE, group("f", txbas="F_", abbas="5001")),
    (2309, PRINCIPALE, group("f", apac1="9000")),
    (2310, PRINCIPALE, group("f", apac3="5001")),
    (2313, PRINCIPALE, group("f", txbas="16")),
    (2313, PRINCIPALE, group("f", tpac1="XX")),
    (2313, PRINCIPALE, group("f", txspe="F_")),
    (2313, OUTRE_MER, group("f", txbas="41")),
    (2313, OUTRE_MER, group("f", txspe="05")),
    (2315, PRINCIPALE, group("f", txhan="00", abhan="-1")),
    (2316, PRINCIPALE, group("f", txhan="__", abhan="5001")),
    *without({2327, 2328}, series(PRINCIPALE, "r", 2320)),
    *without({2347, 2348, 2349, 2350, 2356}, series(PRINCIPALE, "d", 2340)),
    *series(SANS_EPCI, "j", 2360, **e3(cneg3="N")),
    *series(PRINCIPALE, "m", 2380),
    *series(PRINCIPALE, "p", 2400),
    (2422, ALSACE, e3(codef="X")),
    (2423, SANS_EPCI, e3(abmos="100")),
    (2421, SANS_EPCI, e3(cnqg3="O")),
    (2421, SANS_EPCI, group("q", apac3="1")),
    (2475, PRINCIPALE, e3(indgem="X")),
    (2476, PRINCIPALE, e3(timpe="0.01", indgem="_")),
    (2425, PRINCIPALE, e3(titgp="0.001")),
    (901, DEPENDANCE_OUTRE_MER, e2(abatk="K", rgsork="3")),
    (901, SECONDAIRE, e2(vlbsc="-1")),
    (901, VACANT, e2(vlbpc="-1")),
    (903, VACANT_EPCI, e2(vlbpc="-1")),
    (2204, PRINCIPALE, e2(vlbpc="0", vlbsc="1")),
    (2206, SAINT_MARTIN, e3(cneg3="O") | group("j", txbas="50") | group("f", txbas="40") | group("c", txbas="40")),
    (1005, PRINCIPALE, e2(revim="-1")),
    (1010, PRINCIPALE, e2(revff="-1")),
    (2502, PRINCIPALE, e3(dep="XX")),
    (2502, PRINCIPALE, e3(dep="2C")),
]
OLDER_YEARS = [  # a row of the vectors of 2014 to 2016, its year
    (21, "1", 2014, e2(degtv="K")),
    (22, "1", 2014, e2(degex="K")),
    (31, "88", 2015, e2(permo="5")),
    (32, "88", 2015, e2(grrev="2")),
    (39, "6", 2015, e3(indmths="X")),
    (0, "1", 2014, e3(indmths="X")),  # there is no surcharge yet
    (40, "6", 2015, e3(indmths="O", dep="58")),
    (0, "1", 2014, e3(indmths="O", dep="58")),
    (41, "1", 2014, e3(timths="0.6")),
    (0, "6", 2015, e2(indaths="X")),
    (77, "6", 2015, e2(rgsor="1")),
    (0, "6", 2015, e2(abatk="K")),
    (2475, "1", 2014, e3(indgem="C")),
    (2476, "6", 2015, e3(indgem="C", timpe="0.0")),
]

ACCEPTED = [  # what one would think a fault, and the program does not
    (PRINCIPALE, e2(npaff="126")),  # parts are divided as whole numbers
    (PRINCIPALE, e2(abatk="X")),
    (PRINCIPALE, e3(indthlv="X")),
    (PRINCIPALE, e3(timths="70.0")),
    (PRINCIPALE, e3(dep="98")),
    (VACANT, e3(dep="XX", indmths="N")),
    (SANS_EPCI, e3(abmos="-1")),
    (PRINCIPALE, e2(vlbpc="-1")),
    (OUTRE_MER, e2(degex="D", degtv="D", abatk="K", rgsork="3")),
]
# What the second fault makes no fault: a bill of an unknown kind is no TH; a legal person may have G; 152 and 153 ask for O and N.
NO_FAULT_TOGETHER = {(3, 23), (19, 23), (20, 23), (61, 67), (152, 154), (152, 156), (153, 154), (153, 156)}


@pytest.fixture(scope="module")
def rows(lire_lignes):
    return {row["id"]: row for row in lire_lignes("vectors_dev")}


@pytest.fixture(scope="module")
def codes(rows, codes_retour):
    """The codes of all cases, computed together."""
    return codes_retour("kcac", 2017, [rows[base] | change for _, base, change in CASES])


def test_the_rows_are_in_order_before_the_change(rows, codes_retour):
    assert codes_retour("kcac", 2017, [rows[base] for base in BASES]) == [0] * len(BASES)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{code}-{number}" for number, (code, _, _) in enumerate(CASES)])
def test_each_control_has_its_code(codes, number):
    code, base, change = CASES[number]
    assert codes[number] == code, (base, change)


def test_of_two_faults_the_one_that_the_program_controls_first_gives_the_code(rows, codes_retour):
    pairs = [(one[0], rows[one[1]] | one[2] | other[2]) for one, other in combinations(CASES, 2) if one[1] == other[1] == PRINCIPALE and not _touch(one, other)]
    assert len(pairs) > 4_000
    got = codes_retour("kcac", 2017, [row for _, row in pairs])
    assert {(expected, code) for (expected, _), code in zip(pairs, got, strict=True) if code != expected} == NO_FAULT_TOGETHER


def _touch(one, other):
    """Whether two changes are of the same deliberation or field."""
    parts = [{field.rpartition(".")[0] if ".cole_" in field else field for field in case[2]} for case in (one, other)]
    return bool(parts[0] & parts[1])


def test_what_the_program_does_not_control_is_accepted(rows, codes_retour):
    assert codes_retour("kcac", 2017, [rows[base] | change for base, change in ACCEPTED]) == [0] * len(ACCEPTED)


@pytest.mark.parametrize("code, base, annee, change", OLDER_YEARS)
def test_controls_of_older_years(lire_lignes, codes_retour, code, base, annee, change):
    row = next(row for row in lire_lignes("vectors_dev_kcac_years") if row["id"] == base)
    assert codes_retour("kcac", annee, [row, row | change]) == [0, code]
