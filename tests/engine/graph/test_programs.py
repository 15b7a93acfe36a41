"""Law 3 and the idea itself: what the engine gives for a formula is what numpy gives, values and types."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import WALKING, as_result, programs, run_by_engine, run_by_numpy
from small_law import same


def check(program, **options):
    wanted = run_by_numpy(program)
    found, dtypes = run_by_engine(program, **options)
    for name in program.names:
        assert same(np.asarray(found[name]), as_result(wanted[name])), f"{name}: {found[name]!r} is not {wanted[name]!r}"
        assert dtypes[name] == (np.dtype(object) if wanted[name].dtype.kind in "US" else wanted[name].dtype), f"type of {name}"


@settings(max_examples=400)
@given(programs())
def test_a_program_gives_numpys_values_and_types(program):
    check(program)
