"""`bareme serve` over a law with a slow formula, with shorter times than usual for slow clients: `python slow_server.py PORT FILE`.

The formula adds a byte to the file for each year that it walks through, so that a test sees whether it goes on.
"""

import sys
import time
from pathlib import Path

import numpy as np

from bareme.cli import serve
from engine.periods import YEAR
from engine.variables import Variable
from fictional_country import country
from fictional_country.entities import Person
from web_api import app, serving
from web_api.service import Service
from web_api.settings import Settings

PORT, STEPS = sys.argv[1:]
SECONDS = 0.05


class slow(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula(person, period, parameters):
        time.sleep(SECONDS)
        with Path(STEPS).open("a") as file:
            file.write(".")
        return person("slow", period.last_year) if period.start.year > 1800 else np.float64(1)


made = app.create_app
app.create_app = lambda service: made(service, parts=("openfisca", "v1"))
app.prewarm = lambda _: None
serving.EvenWorker.read_seconds = 1.5
serving.EvenWorker.send_seconds = 1.5
options = {
    "bind": f"127.0.0.1:{PORT}",
    "workers": 1,
    "threads": 2,
    "loglevel": "debug",
    "keepalive": 75,
    "when_ready": lambda _: sys.stdout.write("ready\n") and sys.stdout.flush(),
}
serve._run(Service(country().with_variable(slow), "ostrea", "1", Settings(requests_per_minute=0)), options)
