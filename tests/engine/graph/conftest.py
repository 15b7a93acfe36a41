"""Each test of this folder is run by each way of evaluation: the usual one for so few rows, and on distinct values, whole or in blocks."""

import pytest

from engine import simulation
from engine.graph import distinct, evaluate

WAYS = {
    "as usual": (),
    "on distinct values": ((evaluate, "MANY_NODES", 0), (simulation, "DIRECT_ROWS", 1), (distinct, "MOST_UNCOUNTED", 3)),
    "on distinct values, in blocks": ((evaluate, "MANY_NODES", 0), (simulation, "DIRECT_ROWS", 0), (distinct, "MOST_PAIRS", 12), (distinct, "SAMPLE", 4)),
}


@pytest.fixture(scope="module", params=WAYS, autouse=True)
def way(request):
    """The constants that decide how graphs are evaluated, changed for a module."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in WAYS[request.param]:
            patch.setattr(module, name, value)
        yield request.param
