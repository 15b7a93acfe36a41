"""Compares two servers of OpenFisca's web API, answer by answer: one of OpenFisca-Core, one of Barème, over the same country package.

    openfisca serve --country-package openfisca_country_template --port 5001
    bareme serve --country-package openfisca_country_template --port 5002
    python scripts/compare_web_api.py http://127.0.0.1:5001 http://127.0.0.1:5002 --situations situations.json

Every list, figure and variable of the law is asked of both (`--every 10`: each tenth), and every situation of a file, a JSON object of bodies by
name, is sent to /calculate and /trace. What differs is told by kind, with examples; numbers are the same to 2e-6, and words of errors are not compared.
"""

# ruff: noqa: INP001 - a script for a person at a terminal, no package

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

LISTS = ("/", "/entities", "/parameters", "/variables", "/nowhere", "/variable/nowhere", "/parameter/nowhere")
PASSING = {"date", "server", "content-length", "connection", "keep-alive"}
TIMES = {"calculation_time", "formula_time"}
SAME = 2e-6
ABSENT = "(absent)"
EXAMPLES = 2
Answer = dict[str, Any]
Difference = tuple[tuple[str, ...], Any, Any]


def ask(base: str, path: str, body: Any = None) -> Answer:
    """Return status, headers and content of an answer, with the server's own address left out."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"Content-Type": "application/json"})  # noqa: S310 - addresses that the user names
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - the same
            status, headers, content = answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        status, headers, content = error.code, error.headers, error.read()
    text = content.decode().replace(base, "")
    try:
        told = json.loads(text)
    except ValueError:
        told = text
    return {"status": status, "headers": {name.lower(): value for name, value in headers.items() if name.lower() not in PASSING}, "content": told}


def paths(base: str, every: int) -> Iterator[str]:
    """Yield the paths to ask: the lists, then figures, scales, branches and variables."""
    yield from LISTS
    names = list(ask(base, "/parameters")["content"])[::every]
    yield from (f"/parameter/{name}" for name in names)
    branches = {"/".join(name.split(".")[:depth]) for name in names for depth in range(1, name.count(".") + 2)}
    yield from (f"/parameter/{name}" for name in sorted(branches))
    yield from (f"/variable/{name}" for name in list(ask(base, "/variables")["content"])[::every])


def differences(one: Any, other: Any, path: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Yield what differs, with the path to it."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys([*one, *other]):
            if key not in TIMES:
                yield from differences(one.get(key, ABSENT), other.get(key, ABSENT), (*path, key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            yield from differences(mine, theirs, (*path, str(place)))
    elif one != other and not _are_close(one, other):
        yield path, one, other


def _are_close(one: Any, other: Any) -> bool:
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (one, other))
    return numbers and abs(one - other) <= SAME * max(abs(one), abs(other), 1)


def of_errors(answer: Answer) -> Answer:
    """Return an answer with the words of errors left out."""
    return answer if answer["status"] in {200, 300} else {**answer, "content": _without_words(answer["content"])}


def _without_words(told: Any) -> Any:
    return {key: _without_words(each) for key, each in told.items()} if isinstance(told, dict) else "(words)"


def main() -> int:
    """Compare, print what differs, and return 1 where anything does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("one")
    parser.add_argument("other")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--situations", type=Path)
    options = parser.parse_args()
    asked: list[tuple[str, Any]] = [(path, None) for path in paths(options.one, options.every)]
    situations = json.loads(options.situations.read_text(encoding="utf-8")) if options.situations else {}
    named = {id(body): name for name, body in situations.items()}
    asked += [(path, body) for body in situations.values() for path in ("/calculate", "/trace")]
    counts: Counter[tuple[str, ...]] = Counter()
    examples: dict[tuple[str, ...], list[str]] = defaultdict(list)
    differing = 0
    for path, body in asked:
        found = list(differences(of_errors(ask(options.one, path, body)), of_errors(ask(options.other, path, body))))
        differing += bool(found)
        for where, mine, theirs in found:
            kind = (path.split("/")[1], *(step for step in where[:3] if not step[:1].isdigit()))
            counts[kind] += 1
            if len(examples[kind]) < EXAMPLES:
                name = f" [{named[id(body)]}]" if body is not None else ""
                examples[kind].append(f"{path}{name} {'/'.join(where)}: {str(mine)[:200]} | {str(theirs)[:200]}")
    sys.stdout.write(f"{differing} of {len(asked)} answers differ\n")
    for kind, count in counts.most_common():
        sys.stdout.write(f"{count:6} {' '.join(kind)}\n" + "".join(f"       {line}\n" for line in examples[kind]))
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
