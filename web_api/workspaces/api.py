"""The workspaces' endpoints: what a client asks to be kept, and nothing else is. The id is the key: there is no list of workspaces."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, request
from pydantic import Field

from engine.errors import Problem
from web_api.amendments import Amendment
from web_api.answers import NOT_FOUND, RefusedRequestError, error
from web_api.documented import JSON, Answer, Asked, Error, endpoint
from web_api.limits import check_rate
from web_api.workspaces.store import ConflictError, FullError, Kept, Store, StoreError

if TYPE_CHECKING:
    from flask import Flask

TAG = "workspaces"
CREATED, NO_CONTENT, CONFLICT, TOO_LARGE, WRONG_TYPE, UNAVAILABLE, FULL = 201, 204, 409, 413, 415, 503, 507
MOST_BYTES = 500_000
MOST_NEW = 20
"""So many workspaces one client may make in a minute."""
EXTENSION = "bareme_workspaces"
blueprint = Blueprint("workspaces", __name__, template_folder="templates")


class SavedAmendment(Asked):
    """An amendment under a name, with the typical households that it was looked at with."""

    name: str = Field(min_length=1, max_length=200)
    amendment: Amendment
    households: list[dict[str, Any]] | None = Field(None, max_length=100, description="As the page describes them; null for those that are shipped.")


class WorkspaceAsked(Asked):
    """What a workspace holds: several amendments side by side."""

    name: str = Field(min_length=1, max_length=200)
    amendments: list[SavedAmendment] = Field(default_factory=list, max_length=50)


class WorkspaceChanged(WorkspaceAsked):
    """What a workspace shall hold; `version` is the one that the change rests on."""

    version: int = Field(ge=1)


class WorkspaceTold(Answer):
    """A workspace as it is kept."""

    id: str
    version: int
    created: datetime
    changed: datetime
    name: str
    amendments: list[SavedAmendment]


def store() -> Store:
    """Return the workspaces of the application that answers."""
    found: Store = current_app.extensions[EXTENSION]
    return found


def register(app: Flask, address: str, most: int) -> None:
    """Add the endpoints, over the database at an address that keeps so many workspaces at most."""
    app.extensions[EXTENSION] = Store(address, most)
    app.register_blueprint(blueprint)

    @app.errorhandler(StoreError)
    def unavailable(found: StoreError) -> Response:
        app.logger.error("The workspaces' database failed", exc_info=found)
        return error(UNAVAILABLE, str(found))


@endpoint(
    blueprint,
    "POST",
    "/v1/workspaces",
    body=WorkspaceAsked,
    answer=WorkspaceTold,
    status=CREATED,
    also={WRONG_TYPE: Error, FULL: Error},
    tag=TAG,
)
def create_workspace(asked: WorkspaceAsked) -> WorkspaceTold:
    """Keep a workspace; its id is in the answer, and opens it to whoever has it."""
    if request.mimetype != JSON:  # any other type, a browser sends for any page without asking whether that page may
        raise RefusedRequestError(f"Expected the body as `Content-Type: {JSON}`.", status=WRONG_TYPE)
    content = _content(asked)
    check_rate("workspaces", MOST_NEW)
    try:
        return _as_told(store().create(content))
    except FullError as full:
        raise RefusedRequestError(str(full), status=FULL) from full


@endpoint(blueprint, "GET", "/v1/workspaces/<id_>", answer=WorkspaceTold, tag=TAG)
def read_workspace(id_: str) -> WorkspaceTold:
    """Return a workspace."""
    return _as_told(found(id_))


@endpoint(blueprint, "PUT", "/v1/workspaces/<id_>", body=WorkspaceChanged, answer=WorkspaceTold, also={CONFLICT: Error}, tag=TAG)
def change_workspace(asked: WorkspaceChanged, id_: str) -> WorkspaceTold:
    """Replace what a workspace holds; 409 where somebody else saved it since the version named."""
    try:
        kept = store().change(id_, asked.version, _content(asked))
    except ConflictError as conflict:
        raise RefusedRequestError(str(conflict), [Problem("/version", f"expected {conflict.version}")], CONFLICT) from conflict
    if kept is None:
        raise _unknown()
    return _as_told(kept)


@endpoint(blueprint, "DELETE", "/v1/workspaces/<id_>", status=NO_CONTENT, tag=TAG)
def delete_workspace(id_: str) -> Response:
    """Delete a workspace for good."""
    if not store().delete(id_):
        raise _unknown()
    return Response(status=NO_CONTENT)


def found(id_: str) -> Kept:
    """Return a workspace. Raises RefusedRequestError where there is none."""
    kept = store().read(id_)
    if kept is None:
        raise _unknown()
    return kept


def _unknown() -> RefusedRequestError:
    return RefusedRequestError("There is no such workspace: it was deleted, or the address is not whole.", status=NOT_FOUND)


def _content(asked: WorkspaceAsked) -> dict[str, Any]:
    content = asked.model_dump(mode="json", include={"name", "amendments"})
    if len(json.dumps(content)) > MOST_BYTES:
        raise RefusedRequestError(f"A workspace holds {MOST_BYTES:,} bytes at most.", status=TOO_LARGE)
    return content


def _as_told(kept: Kept) -> WorkspaceTold:
    return WorkspaceTold(id=kept.id, version=kept.version, created=kept.created, changed=kept.changed, **kept.content)
