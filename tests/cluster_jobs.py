"""What the tests of clusters have workers compute: workers import it from here."""

import hashlib
import os
import time
from pathlib import Path

from analysis.scheduling.job import Job
from engine.errors import DataError
from engine.periods import YEAR
from engine.variables import Variable
from legislation import france
from legislation.entites import FoyerFiscal


def no_laws(_asked):
    return ()


def read(part, asked, laws, threads):
    """Return a digest of a part's files, after a while; note who began and who ended it."""
    folder = Path(asked["notes"])
    (folder / f"began-{part.name}-{os.getpid()}").touch()
    time.sleep(asked.get("seconds", 0.0))
    content = b"".join(file.read_bytes() for file in part.files.values())
    return hashlib.sha256(content).hexdigest().encode()


def refuse(part, asked, laws, threads):
    if part.name == asked["bad"]:
        raise DataError("the row 7 is wrong")
    return b""


def fail(part, asked, laws, threads):
    raise RuntimeError("an error of its own")


def die(part, asked, laws, threads):
    if part.name == asked["bad"]:
        os._exit(1)
    return b""


def vanish(part, asked, laws, threads):
    """Fail as where the files went away after they were seen."""
    for file in part.files.values():
        file.unlink(missing_ok=True)
    raise FileNotFoundError(2, "No such file", str(next(iter(part.files.values()))))


def threads_of(part, asked, laws, threads):
    return str(threads).encode()


def traced_france(part, asked, laws):
    """Trace a variable of France's law over two inputs."""
    from population.results import calculate
    from population.tables import read_tables

    (law,) = laws
    return calculate(read_tables(part.files, law, "2022"), law, ["impot_quotient_familial"], "2022")


def france_only(_asked):
    return (france(),)


def how_traced(part, asked, laws, threads):
    """Tell which worker it is, and how many graphs it was sent, beside the result."""
    values = traced_france(part, asked, laws)[0].results[0].values
    return f"{os.getpid()} {len(laws[0].kept_graphs._received)} {values.sum():.0f}".encode()


def rule_of_a_script():
    """Return a rule made with a value that no file says."""
    values = [42.0]

    class impot_quotient_familial(Variable):
        value_type = float
        entity = FoyerFiscal
        definition_period = YEAR

        def formula(foyer, period):
            return foyer("nombre_parts", period) * values[0]

    return impot_quotient_familial


def job(compute, asked=None, **options):
    return Job(compute, asked, options.pop("laws", no_laws), **options)
