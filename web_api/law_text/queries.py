"""The query of a request as a model: `?year=2022&language=en`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from pydantic import ValidationError

from engine.errors import Problem
from web_api.answers import RefusedRequestError

if TYPE_CHECKING:
    from pydantic import BaseModel


def read_query(model: type[BaseModel]) -> Any:
    """Return the request's query as a model. Raises RefusedRequestError with every problem, by `?name`."""
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        problems = [Problem(f"?{'.'.join(map(str, each['loc']))}", each["msg"]) for each in error.errors(include_url=False)]
        raise RefusedRequestError("The query is not as expected.", problems) from error
