"""What every page of the server shares: its language, its words, the base template, and static files under a name that changes with their content.

Static files lie at `/static/<digest>/<part>/<file>`: the digest of all of them stands before the parts, so that modules find each other by relative
paths (`../page/state.js`) and a browser may keep every file for a year.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from markupsafe import Markup

from web_api.page.bundle import bundle_version, charts_bundle
from web_api.words import LANGUAGES, preferred, say, words

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service

FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "no-cache"
BUNDLE = "vega.js"
VERSIONED = 16

blueprint = Blueprint("page", __name__, template_folder="templates")


def register(app: Flask, service: Service) -> None:
    """Add the base template's context and the static files."""
    app.register_blueprint(blueprint)
    app.context_processor(lambda: _context(service))


def language() -> str:
    """Return the language of the request: `?lang=`, else what the browser prefers, else French."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    return preferred(request.accept_languages, LANGUAGES[0])


def html(template: str, **values: Any) -> Response:
    """Return a page of a template that extends `page/base.html`, in the language of the request."""
    answer = make_response(render_template(template, **values))
    if request.accept_encodings.quality("gzip") > 0:
        answer.set_data(gzip.compress(answer.get_data(), 1, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Content-Language"] = language()
    answer.headers["Cache-Control"] = SHORTLY
    answer.vary.update(("Accept", "Accept-Language", "Accept-Encoding"))
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def asset(name: str) -> str:
    """Return the address of a static file, `asset("country/country.css")`."""
    return f"{request.script_root}/static/{_digest()}/{name}"


def _context(service: Service) -> dict[str, Any]:
    chosen = language()
    return {
        "t": partial(say, chosen),
        "language": chosen,
        "languages": LANGUAGES,
        "asset": asset,
        "root": f"{request.script_root}/",
        "in_language": _in_language,
        "version": service.version,
        "package": service.name,
        "is_own_law": service.is_own_law,
        "words_as_json": _words_as_json(chosen),
    }


def _in_language(chosen: str) -> str:
    """Return the address of the same page in a language, with all else that is asked of it, as what is searched."""
    return f"?{urlencode(request.args.to_dict() | {'lang': chosen})}"


@cache
def _words_as_json(chosen: str) -> Markup:
    """Return the words for the modules; `<` is escaped, so that no word can end the script element."""
    return Markup(json.dumps(dict(words(chosen)), ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - JSON, with `<` escaped


@cache
def _digest() -> str:
    found = hashlib.blake2b(bundle_version().encode(), digest_size=VERSIONED // 2)
    for name, file in _static_files().items():
        found.update(f"{name}\0".encode())
        found.update(file.read_bytes())
    return found.hexdigest()


@cache
def _static_files() -> dict[str, Path]:
    """Return all static files, by part and path below its folder: what stands in an address is looked up here, and never on the disk."""
    folders = sorted(part / "static" for part in Path(str(files("web_api"))).iterdir())
    return {f"{folder.parent.name}/{file.relative_to(folder).as_posix()}": file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()}


@blueprint.get(f"/static/<string(length={VERSIONED}):digest>/<part>/<path:name>")
def versioned(digest: str, part: str, name: str) -> Response:
    """Serve a static file that may be kept for ever; of another version, the file of now, not to be kept."""
    answer = _file(part, name)
    answer.headers["Cache-Control"] = FOREVER if digest == _digest() else SHORTLY
    return answer


@blueprint.get("/static/page/<path:name>")
def static(name: str) -> Response:
    """Serve a static file of the page by its plain name."""
    answer = _file("page", name)
    answer.headers["Cache-Control"] = SHORTLY
    return answer


def _file(part: str, name: str) -> Response:
    """Return a static file of a part, compressed for who takes that. Answers 404 where there is none."""
    if (part, name) != ("page", BUNDLE) and f"{part}/{name}" not in _static_files():
        abort(404)
    plain, compressed = _contents(part, name)
    kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0] or "application/octet-stream"
    is_compressed = request.accept_encodings.quality("gzip") > 0
    answer: Response = current_app.response_class(compressed if is_compressed else plain, mimetype=kind)
    if is_compressed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@cache
def _contents(part: str, name: str) -> tuple[bytes, bytes]:
    """Return a file that there is, as it is and compressed: files do not change while a server runs."""
    plain = charts_bundle() if (part, name) == ("page", BUNDLE) else _static_files()[f"{part}/{name}"].read_bytes()
    return plain, gzip.compress(plain, 6, mtime=0)
