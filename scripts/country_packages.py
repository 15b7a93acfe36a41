"""Run the tests that OpenFisca's country packages ship, on Barème.

    python scripts/country_packages.py                       # all of them
    python scripts/country_packages.py czechia france        # some
    python scripts/country_packages.py --every 10 france     # every tenth file of cases, always the same
    python scripts/country_packages.py --list

The packages are installed without OpenFisca-Core and without their pins, each in a folder of its own below `out/packages/`, and their source
distributions are unpacked there, since only these have the tests. Known failures, each with its reason, stand in `country_packages.yaml`. Returns 1 where
another case fails, where a known one passes, or where there are fewer cases than there should be.
"""

# ruff: noqa: INP001, S603, T201 - a script for a person at a terminal

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
FOLDER = REPOSITORY / "out" / "packages"
_FAILED = re.compile(r"^FAILED (.+?:\d+) ", re.MULTILINE)
_COUNTED = re.compile(r"^(\d+) cases: (\d+) passed, (\d+) failed, in ([\d.]+) s", re.MULTILINE)


def main() -> int:
    """Run the suites asked for; returns how the process ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", help="names of country_packages.yaml; all without any")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th file of cases")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes that share the cases")
    parser.add_argument("--list", action="store_true", help="tell the suites, and how many cases they have")
    options = parser.parse_args()
    suites: dict[str, Any] = yaml.safe_load((HERE / "country_packages.yaml").read_text(encoding="utf-8"))
    unknown = [name for name in options.suites if name not in suites]
    if unknown:
        parser.error(f"there is no suite {', '.join(unknown)}; expected some of {', '.join(suites)}")
    if options.list:
        print("\n".join(f"{name:<20} {suite['cases']:>5} cases, {suite['install'][0]}" for name, suite in suites.items()))
        return 0
    return max([run(name, suites[name], options.every, options.workers) for name in options.suites or suites])


def run(name: str, suite: dict[str, Any], every: int, workers: int) -> int:
    """Install a package, run its cases and tell what came out; returns 1 where that is not what is known."""
    site, sources = installed(name, suite), unpacked(suite["install"][0])
    files = cases_of(sources, suite["tests"])[::every]
    extensions = ["--extensions", *suite["extensions"]] if "extensions" in suite else []
    command = [sys.executable, "-m", "bareme", "test", "-c", suite["package"], *extensions, "--num-workers", str(workers), *files]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(site)])}
    done = subprocess.run(command, cwd=sources, env=environment, capture_output=True, text=True, check=False)
    counted = _COUNTED.search(done.stdout)
    if counted is None:
        print(f"{name}: the tests did not run.\n{done.stdout}{done.stderr}")
        return 1
    cases, passed, failed, seconds = counted.groups()
    known = suite.get("known", {})
    failures = _FAILED.findall(done.stdout)
    unexpected = [place for place in failures if place not in known]
    reached = [place for place in known if place.rpartition(":")[0] in files]
    passing = [place for place in reached if place not in failures]
    missing = every == 1 and int(cases) != suite["cases"]
    peer = f" ({suite['openfisca']} of {suite['cases']} on OpenFisca-Core)" if "openfisca" in suite else ""
    print(f"{name}: {cases} cases, {passed} pass{peer}, {failed} fail, {seconds} s")
    for each in reached:
        print(f"  known: {each}: {known[each]}")
    if unexpected:
        print(done.stdout)
    for each in passing:
        print(f"  {each} is known to fail and passes: take it out of country_packages.yaml")
    if missing:
        print(f"  expected {suite['cases']} cases")
    return 1 if unexpected or passing or missing else 0


def cases_of(sources: Path, folders: list[str]) -> list[str]:
    """Return the files of cases in folders, by name, as seen from the sources."""
    found = [file for folder in folders for file in (sources / folder).rglob("*") if file.suffix in {".yaml", ".yml"}]
    return sorted(str(file.relative_to(sources)) for file in found)


def installed(name: str, suite: dict[str, Any]) -> Path:
    """Return the folder in which a suite's packages are installed, without what they depend on."""
    site = FOLDER / "installed" / name
    wanted = [*suite["install"], *suite.get("needs", [])]
    stamp = site / "installed.txt"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8").split() != wanted:
        pip("install", "--no-deps", "--upgrade", "--target", str(site), *wanted)
        stamp.write_text("\n".join(wanted), encoding="utf-8")
    return site


def unpacked(requirement: str) -> Path:
    """Return the folder of a source distribution."""
    folder = FOLDER / "sources" / requirement.replace("==", "-")
    if not folder.is_dir():
        archives = FOLDER / "archives" / requirement
        pip("download", "--no-deps", "--no-binary", ":all:", "--dest", str(archives), requirement)
        (archive,) = archives.glob("*.tar.gz")
        with tarfile.open(archive) as content:
            content.extractall(folder.with_suffix(".part"), filter="data")
        folder.with_suffix(".part").rename(folder)
    (top,) = folder.iterdir()
    return top


def pip(*arguments: str) -> None:
    """Run pip; what it says is shown where it fails."""
    done = subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"pip {' '.join(arguments)}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
