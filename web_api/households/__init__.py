"""Typical households: what each pays, receives and has left under the law in force, a bill and an amendment, as cards and as an API."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Blueprint, request

from engine import deadline
from web_api.amendments import YEAR
from web_api.documented import endpoint
from web_api.gone import client_is_gone
from web_api.households import asked as forms
from web_api.households import curves, why
from web_api.households.calculation import Calculator, told
from web_api.households.panel import panel_of
from web_api.households.places import SHOWN, search
from web_api.households.rest import until_answered
from web_api.households.typical import typical_households
from web_api.service import service as served
from web_api.words import LANGUAGES

if TYPE_CHECKING:
    from flask import Flask

    from web_api.service import Service

TAG = "households"

blueprint = Blueprint("households", __name__, template_folder="templates", static_folder="static", static_url_path="/static/households")


def register(app: Flask, service: Service) -> None:  # noqa: ARG001 - every part is registered so
    """Add this part's endpoints."""
    app.register_blueprint(blueprint)


@lru_cache(maxsize=4)
def calculator(service: Service) -> Calculator:
    """Return the calculator of a service, made once for each law that is served."""
    return Calculator(service)


def prewarm(service: Service) -> None:
    """Compute the default households of each language in force, in each worker before it takes requests."""
    for language in LANGUAGES:
        calculator(service).prewarm(typical_households(language), YEAR)


def panel(service: Service, year: int, language: str) -> str:
    """Return the panel of the page, in the law in force of a year."""
    return panel_of(calculator(service), year, language)


@endpoint(blueprint, "POST", "/v1/households", body=forms.HouseholdsAsked, answer=forms.HouseholdsTold, tag=TAG)
def households(asked: forms.HouseholdsAsked) -> forms.HouseholdsTold:
    """Say what households pay, receive and have left under the law in force, a bill and an amendment."""
    known = served()
    forms.check(asked.households, asked.year, known.settings, [f"/households/{number}" for number in range(len(asked.households))])
    keep = asked.households == typical_households(asked.language)
    with until_answered():
        result = calculator(known).calculate(asked.households, asked, keep=keep)
        return forms.HouseholdsTold.model_validate({"year": asked.year, "laws": list(result.values), "households": told(result, asked.language)})


@endpoint(blueprint, "POST", "/v1/households/curve", body=forms.CurveAsked, answer=forms.CurveTold, tag=TAG)
def household_curve(asked: forms.CurveAsked) -> forms.CurveTold:
    """Draw tax, disposable income and marginal rate of a household as an income moves, with every threshold, its rule and articles."""
    known = served()
    forms.check([asked.household], asked.year, known.settings, ["/household"])
    with deadline.unless(client_is_gone(request.environ)):
        return forms.CurveTold.model_validate(curves.told(asked, curves.curves_of(asked, calculator(known))))


@endpoint(blueprint, "POST", "/v1/households/why", body=forms.WhyAsked, answer=forms.WhyTold, tag=TAG)
def household_why(asked: forms.WhyAsked) -> forms.WhyTold:
    """Say why an amount of a household is what it is: the chain of rules, with the figures read and their articles."""
    known = served()
    forms.check([asked.household], asked.year, known.settings, ["/household"])
    return forms.WhyTold.model_validate(why.told(asked, calculator(known)))


@endpoint(blueprint, "GET", "/v1/communes", query=forms.CommunesAsked, answer=forms.CommunesTold, tag=TAG)
def communes(asked: forms.CommunesAsked) -> forms.CommunesTold:
    """Find communes by a part of their name or code; accents and capitals do not count, the best and the most populous come first."""
    return forms.CommunesTold.model_validate({"communes": [vars(each) for each in search(asked.q, SHOWN)]})
