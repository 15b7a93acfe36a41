"""What a result may depend on beside inputs and law: versions of what ran. Another version is a reason to look, not to refuse."""

from __future__ import annotations

import importlib.metadata
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

import bareme
from bareme.bundles import digests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DISTRIBUTIONS: Final = ("numpy", "pyarrow", "numexpr", "PyYAML", "scipy")
_OWN: Final = ("bareme", "analysis", "population", "engine")
_DATA: Final = ("analysis", "population", "parameters/communes")


def versions() -> dict[str, str]:
    """Return the versions of Barème, Python, the libraries that compute, the platform, and the processor's vector instructions.

    `bareme_code` is a digest of Barème's own code, less the law, and `bareme_data` one of the data that it ships (the invented France, the
    communes' tables, prices): between two releases they tell one state from another.
    """
    own = {"bareme": bareme.__version__, "bareme_code": _digest(_OWN, is_code=True), "bareme_data": _digest(_DATA, is_code=False)}
    found = {**own, "python": f"{platform.python_implementation()} {platform.python_version()}"}
    for name in _DISTRIBUTIONS:
        version = _version(name)
        if version is not None:
            found[name] = version
    found["platform"] = " ".join(part for part in (platform.system(), platform.machine(), *platform.libc_ver()) if part)
    instructions: Any = np.show_config(mode="dicts")
    found["processor"] = " ".join(instructions.get("SIMD Extensions", {}).get("found", [])) or "baseline"
    return found


def package(name: str) -> dict[str, str | None]:
    """Return a country package or an extension: its name, the distribution that it comes from, and the version of that, where there is one."""
    distributions = importlib.metadata.packages_distributions().get(name.partition(".")[0], [])
    distribution = distributions[0] if distributions else None
    return {"name": name, "distribution": distribution, "version": None if distribution is None else _version(distribution)}


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """Give the versions that differ, a line each."""
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield f"{name}: {before.get(name, 'none')} then, {after.get(name, 'none')} now"


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _digest(folders: tuple[str, ...], *, is_code: bool) -> str:
    root = Path(__file__).parents[2]
    files = sorted(file for name in folders for file in (root / name).rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return digests.short("\0".join(f"{file.relative_to(root).as_posix()}\0{digests.of_file(file)}" for file in files if (file.suffix == ".py") == is_code))
