"""The examples of the documentation run: files are written as the page writes them, commands typed, Python executed, requests sent, and what is shown compared.

In a page of docs/, in the page's order:

- a block with `title="path"` is a file, written into the page's own folder;
- a `console` block has commands after `$ ` and what they print; `...` stands for anything; a command without lines below may print what it likes. Each
  must end with 0, unless `$ echo $?` follows and says otherwise. `curl` goes to the application itself, without a port;
- a `python` block without a title is executed, one with `>>>` compared, names living on through the page; `json` and `yaml` must at least be readable;
- a block within an HTML comment is run too, and not seen by readers: what an example needs beforehand;
- `<!-- not run: why -->` before a block leaves it out, `<!-- slow -->` leaves it to `BAREME_EXAMPLES=all pytest tests/house/test_examples.py`.

Whatever is run or not, each `bareme …` in a page names a command and options that exist.
"""

import doctest
import io
import json
import os
import re
import shlex
import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from bareme.cli import main

HOUSE = Path(__file__).parents[2]
PAGES = [path.relative_to(HOUSE).as_posix() for path in sorted((HOUSE / "docs").rglob("*.md"))]
OF_OTHERS = {"docs/simulate.md", "docs/law.md", "docs/coders.md"}  # whose examples test_pages.py and test_coders_page.py run
BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>not run: .*?|slow) -->\n+)?"
    r"```(?P<kind>\w+)(?: title=\"(?P<title>[^\"]+)\")?[^\n]*\n(?P<text>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
COMMAND = re.compile(r"(?:^|`|\$ |    )bareme ([a-z][a-z-]*)((?: [^\n`#]*)?)", re.MULTILINE)
COMPARED = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
ALL = os.environ.get("BAREME_EXAMPLES") == "all"


def text_of(page):
    return (HOUSE / page).read_text(encoding="utf-8")


def blocks(page):
    return [match.groupdict() for match in BLOCK.finditer(text_of(page))]


MADE = ["population", "make", "--households", "2000"]  # what several pages make is made once


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    return tmp_path_factory.mktemp("made") / "population"


def is_said(expected, got):
    spaces = str.maketrans(dict.fromkeys("\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}", " "))
    return doctest.OutputChecker().check_output(expected.translate(spaces), got.translate(spaces), COMPARED)


class Reader:
    """Somebody who does what a page says, in a folder of their own."""

    def __init__(self, page, monkeypatch, populations):
        self.page, self.monkeypatch, self.populations = page, monkeypatch, populations
        self.names = {"__name__": "__main__"}
        self.code = 0
        self.client = None

    def follow(self, block):
        if block["title"]:
            file = Path(block["title"])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block["text"], encoding="utf-8")
        else:
            getattr(self, block["kind"], lambda _: None)(block["text"])

    def python(self, text):
        if ">>>" not in text:
            exec(compile(text, self.page, "exec"), self.names)  # noqa: S102 - the repository's own page
            return
        runner = doctest.DocTestRunner(optionflags=COMPARED)
        printed = io.StringIO()
        test = doctest.DocTestParser().get_doctest(text, self.names, self.page, self.page, 0)
        runner.run(test, out=printed.write, clear_globs=False)
        self.names = test.globs
        assert not runner.failures, printed.getvalue()

    def json(self, text):
        json.loads(text)

    def yaml(self, text):
        yaml.safe_load(text)

    def console(self, text):
        typed = re.split(r"^\$ ", text, flags=re.MULTILINE)
        assert not typed[0].strip(), f"{self.page}: what is printed before the first command?"
        for number, each in enumerate(typed[1:], 1):
            command, _, expected = each.partition("\n")
            while command.endswith("\\"):
                more, _, expected = expected.partition("\n")
                command = command[:-1] + more
            got = self.type(command.split("  #")[0].strip())
            asks_for_code = number < len(typed) - 1 and typed[number + 1].startswith("echo $?")
            assert asks_for_code or not self.code, f"{self.page}: {command}: ended with {self.code}\n{got}"
            if expected.strip():
                assert is_said(expected, got), f"{self.page}: {command}\nexpected:\n{expected}\ngot:\n{got}"

    def type(self, command):
        if command == "echo $?":
            told, self.code = f"{self.code}\n", 0
            return told
        words = shlex.split(command)
        if words[0] == "export":
            for word in words[1:]:
                name, _, value = word.partition("=")
                if name == "PYTHONPATH":  # read by Python when it starts
                    self.monkeypatch.syspath_prepend(value)
                self.monkeypatch.setenv(name, value)
            return ""
        return {"bareme": self.bareme, "cat": self.cat, "curl": self.curl, "python": self.script, "mkdir": self.mkdir}[words[0]](words[1:])

    def bareme(self, words):
        here = Path.cwd()
        if words[:5] == [*MADE, "--output"] and self.populations.exists():
            shutil.copytree(self.populations, words[5])
            return ""
        for name, module in list(sys.modules.items()):  # each command of a reader is a process of its own
            if here in Path(getattr(module, "__file__", None) or "/").parents:
                del sys.modules[name]
        done = CliRunner().invoke(main, words)
        self.code = done.exit_code
        if words[:5] == [*MADE, "--output"]:
            shutil.copytree(words[5], self.populations)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return done.output.replace(f"{here}/", "")

    def cat(self, words):
        return "".join(Path(word).read_text(encoding="utf-8") for word in words)

    def mkdir(self, words):
        for word in words:
            if not word.startswith("-"):
                Path(word).mkdir(parents=True, exist_ok=True)
        return ""

    def script(self, words):
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(Path(words[0]).read_text(encoding="utf-8"), words[0], "exec"), {"__name__": "__main__"})  # noqa: S102 - the page's file
        return printed.getvalue()

    def curl(self, words):
        if self.client is None:
            from web_api.app import create_app

            self.client = create_app().test_client()
        method, body, headers, address = None, None, {}, ""
        words = iter(words)
        for word in words:
            if word == "-X":
                method = next(words)
            elif word in ("-d", "--data", "--json"):
                body = next(words)
            elif word == "-H":
                name, _, value = next(words).partition(":")
                headers[name] = value.strip()
            elif not word.startswith("-"):
                address = word
        path = "/" + address.split("//")[-1].partition("/")[2]
        data = Path(body[1:]).read_text(encoding="utf-8") if body and body.startswith("@") else body
        answer = self.client.open(
            path, method=method or ("POST" if data else "GET"), data=data, headers=headers, content_type="application/json" if data else None
        )
        self.code = 0
        return answer.get_data(as_text=True)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("BAREME_CACHE_DIR", str(tmp_path / ".cache"))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if tmp_path in Path(getattr(sys.modules[name], "__file__", None) or "/").parents:
            del sys.modules[name]


@pytest.mark.parametrize("page", [page for page in PAGES if page not in OF_OTHERS and BLOCK.search(text_of(page))])
def test_the_examples_of_a_page_run(page, folder, monkeypatch, population):
    reader = Reader(page, monkeypatch, population)
    for block in blocks(page):
        if not block["mark"] or (block["mark"] == "slow" and ALL):
            reader.follow(block)


def commands_of(text):
    text = re.sub(r"\\\n\s+", "", text)
    return [(match[1], match[2]) for match in COMMAND.finditer(text)]


@pytest.mark.parametrize("page", [*PAGES, "README.md", "CHANGELOG.md"])
def test_commands_and_options_exist(page):
    context, wrong = click.Context(main), []
    for name, rest in commands_of(text_of(page)):
        command = main.get_command(context, name)
        if command is None:
            wrong.append(f"bareme {name}")
            continue
        words = re.sub(r"\"[^\"]*\"|'[^']*'", "x", rest).split()
        if isinstance(command, click.Group) and words and words[0] in command.commands:
            command = command.commands[words[0]]
        known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
        wrong += [f"bareme {name} {word}" for word in words if re.fullmatch(r"--[a-z][a-z-]*", word) and word not in known]
    assert not wrong
