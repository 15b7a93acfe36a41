"""What every page of the server shares: its language, its words, the base template, and static files under a name that changes with their content.

Static files lie at `/static/<digest>/<part>/<file>`: the digest of all of them stands before the parts, so that modules find each other by relative
paths (`../page/state.js`) and a browser may keep every file for a year.
"""

from __future__ import annotations

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
from web_api.words import LANGUAGES, say, words

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service

FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "no-cache"
SECURITY = {
    "Content-Security-Policy": ("default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
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
    return request.accept_languages.best_match(LANGUAGES, default=LANGUAGES[0]) or LANGUAGES[0]


def html(template: str, **values: Any) -> Response:
    """Return a page of a template that extends `page/base.html`, in the language of the request."""
    answer = make_response(render_template(template, **values))
    answer.headers.update(SECURITY)
    answer.headers["Content-Language"] = language()
    answer.headers["Cache-Control"] = SHORTLY
    answer.vary.update(("Accept", "Accept-Language"))
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
    for part in _parts():
        for file in sorted((part / "static").rglob("*")):
            if file.is_file():
                found.update(f"{part.name}/{file.name}\0".encode())
                found.update(file.read_bytes())
    return found.hexdigest()


@cache
def _parts() -> tuple[Path, ...]:
    folder = Path(str(files("web_api")))
    return tuple(sorted(part for part in folder.iterdir() if (part / "static").is_dir()))


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
    """Return a static file of a part. Answers 404 where there is none."""
    if (part, name) == ("page", BUNDLE):
        content = charts_bundle()
    else:
        folders = [each / "static" for each in _parts() if each.name == part]
        path = (folders[0] / name).resolve() if folders else None
        if path is None or not path.is_relative_to(folders[0].resolve()) or not path.is_file():
            abort(404)
        content = path.read_bytes()
    kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0] or "application/octet-stream"
    answer: Response = current_app.response_class(content, mimetype=kind)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
