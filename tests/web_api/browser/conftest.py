"""A real server and a real browser: what a person at the page sees. Without Chromium, Playwright or axe-core these tests are skipped, and pytest says so.

`site` is the address of a server over a small invented France; `page` a new page of the browser, which fails its test for an error on the console and for a
request outside the server; `axe(page)` asserts that axe-core finds no violation of WCAG 2.1 AA.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError

import pytest

HOUSE = Path(__file__).parents[3]
AXE = HOUSE / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=fr-FR",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PATIENCE = 60.0
"""How long a server may take to start on a machine with other work, in seconds."""


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """`bareme serve` on a port of its own."""

    def __init__(self, folder, population, workers, **settings):
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder, self.population, self.workers = folder, population, workers
        self.log = folder / "server.log"
        self.settings = settings
        self.process = None

    def start(self):
        own = {
            "PYTHONPATH": os.pathsep.join([str(HOUSE), *filter(None, [os.environ.get("PYTHONPATH")])]),
            "BAREME_REQUESTS_PER_MINUTE": "0",
            "BAREME_POPULATION": str(self.population),
            "BAREME_DATABASE": f"sqlite:///{self.folder / 'workspaces.sqlite'}",
            "BAREME_CACHE_DIR": str(self.folder / "cache"),
            **self.settings,
        }
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BAREME_")} | own
        command = [sys.executable, "-m", "bareme", "serve", "--port", str(self.port), "--workers", str(self.workers)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True)
        self._wait()
        return self

    def _wait(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/v1/health", timeout=PATIENCE):  # noqa: S310 - our own address
                    return
            except (URLError, ConnectionError, TimeoutError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        self.stop()
        pytest.fail(f"The server did not start:\n{self.log.read_text(encoding='utf-8')[-4000:]}")

    def children(self):
        """The ids of its workers."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(each) for each in listed.read_text(encoding="ascii").split()]

    def stop(self):
        """End it with its workers; open streams of events do not keep it long."""
        if self.process is None:
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(3)
        self.kill()

    def kill(self):
        """End it and its workers at once, as a machine that fails."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="session", name="small_france")
def _small_france(tmp_path_factory):
    """The folder of a France of 2,000 households, over which the country answers in a moment."""
    folder = tmp_path_factory.mktemp("france") / "population"
    command = [sys.executable, "-m", "bareme", "population", "make", "--households", "2000", "--seed", "1", "--output", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    subprocess.run(command, cwd=folder.parent, env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session", name="chromium")
def _chromium():
    """Where Chromium is; skips where it is not."""
    pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    pytest.importorskip("gunicorn", reason="gunicorn is not installed")
    found = os.environ.get("BAREME_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("Chromium is not installed (on Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="session", name="server")
def _server(chromium, small_france, tmp_path_factory):
    """The server of all browser tests but those that kill parts of it, which have `own_server`."""
    started = Server(tmp_path_factory.mktemp("server"), small_france, workers=1).start()
    yield started
    started.stop()


@pytest.fixture(scope="module", name="own_server")
def _own_server(chromium, small_france, tmp_path_factory):
    """A server with two workers, for tests that kill parts of it; they leave it answering."""
    started = Server(tmp_path_factory.mktemp("own_server"), small_france, workers=2).start()
    yield started
    started.stop()


@pytest.fixture(scope="module", name="server_with_keys")
def _server_with_keys(chromium, small_france, tmp_path_factory):
    """A server that asks for the key `clé-1`."""
    started = Server(tmp_path_factory.mktemp("server_with_keys"), small_france, workers=1, BAREME_API_KEYS="clé-1,two").start()
    yield started
    started.stop()


@pytest.fixture(scope="session", name="site")
def _site(server):
    """The server's address, as `http://127.0.0.1:4321`."""
    return server.url


@pytest.fixture(scope="module", name="browser")
def _browser(chromium):
    """Chromium, started once for each module: Playwright's event loop, which lives as long, must not reach the tests of other folders."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS, headless=True)
        yield opened
        opened.close()


@pytest.fixture(name="new_page")
def _new_page(browser):
    """Make pages: `new_page(site, width=375)`; each is watched, `ignoring` takes texts of the console that are meant."""
    opened, problems = [], []

    def make(site, *, width=1280, height=900, ignoring=(), **options):
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=site, locale=options.pop("locale", "fr-FR"), **options)
        made = context.new_page()

        def heard(said):
            if said.type == "error" and not any(text in said.text for text in ignoring):
                problems.append(said.text)

        def asked(request):
            if not request.url.startswith((site, "data:", "blob:")):
                problems.append(f"asked outside the server: {request.url}")

        made.on("console", heard)
        made.on("pageerror", lambda error: problems.append(f"{error}\n{error.stack}"))
        made.on("request", asked)
        made.set_default_timeout(20_000)
        opened.append(context)
        return made

    yield make
    for context in opened:
        context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture(name="page")
def _page(new_page, site):
    """A new page of 1280 by 900; `page.goto("/")` opens Barème."""
    return new_page(site)


@pytest.fixture(scope="session", name="axe")
def _axe():
    """Assert that axe-core finds no violation on a page: `axe(page)`; `within` is a selector of the part to look at."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm install --no-save axe-core in the repository's folder)")
    source = AXE.read_text(encoding="utf-8")

    def look(page, within=None):
        page.evaluate(source)
        asked = {"runOnly": RULES, "resultTypes": ["violations"]}
        found = page.evaluate("([within, asked]) => axe.run(within ?? document, asked)", [within, asked])
        told = [f"{each['id']}: {each['help']}: {node['target']} {node['failureSummary']}" for each in found["violations"] for node in each["nodes"][:5]]
        assert not told, page.url + "\n" + "\n".join(told)

    return look
