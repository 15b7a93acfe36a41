"""Packages of OpenFisca beside its core: declared by whoever has them, and said to be missing until then."""

import importlib
import sys

import pytest

from engine.openfisca import provide, provided
from engine.openfisca.finder import Finder

NAMES = ("openfisca_web_api", "openfisca_web_api.app")


@pytest.fixture
def finder(core, monkeypatch):
    """Forget what is declared and imported of the web API, before and after."""
    (found,) = [finder for finder in sys.meta_path if isinstance(finder, Finder)]
    monkeypatch.setattr(provided, "_PROVIDED", {})
    yield found
    found.tables.pop("openfisca_web_api", None)
    for name in NAMES:
        sys.modules.pop(name, None)


def modules():
    return {"openfisca_web_api": {}, "openfisca_web_api.app": {"create_app": modules}}


def test_what_nobody_declares_is_said_to_be_missing(finder, tmp_path, monkeypatch):
    monkeypatch.setattr(provided, "entry_points", lambda **_: ())  # Barème's own distribution declares it
    (tmp_path / "openfisca_web_api").mkdir()  # OpenFisca's own, which needs its own core
    (tmp_path / "openfisca_web_api" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    for _ in range(2):
        with pytest.raises(ImportError, match="brings no web API"):
            importlib.import_module("openfisca_web_api.app")


def test_what_code_declares_is_found(finder):
    provide("openfisca_web_api", modules)
    assert importlib.import_module("openfisca_web_api.app").create_app is modules
    assert importlib.import_module("openfisca_web_api").app.create_app is modules
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("openfisca_web_api.nowhere")


def test_what_a_distribution_declares_is_found(finder, tmp_path, monkeypatch):
    about = tmp_path / "web_of_ours-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: web-of-ours\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[bareme.openfisca]\nopenfisca_web_api = web_of_ours:modules\n")
    (tmp_path / "web_of_ours.py").write_text("def modules():\n    return {'openfisca_web_api': {}, 'openfisca_web_api.app': {'create_app': 'made'}}\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert importlib.import_module("openfisca_web_api.app").create_app == "made"
