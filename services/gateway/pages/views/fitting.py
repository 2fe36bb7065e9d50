"""Owns whom what is offered fits: what is said where it fits her in nothing, which of it fails, and what there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

Fit = Mapping[str, Any]
SEARCH = "/directory/services/search"
NOBODY = {"language": N_("in %(language)s"), "zip": N_("near %(zip)s"), "age": N_("for somebody of %(age)s")}
LACKS = {
    "language": N_("They do not say that they speak %(language)s."),
    "zip": N_("They do not serve %(zip)s."),
    "age": N_("They are not for somebody of %(age)s."),
}


@dataclass(frozen=True)
class Nobody:
    """That no service fits her in everything: the sentence, and below it how many fit her in each thing alone."""

    said: str
    otherwise: tuple[str, ...]


async def offered(visit: Visit, fit: Fit, sought: Json | None = None) -> list[Json]:
    """Services of somebody else that take somebody new and are what is `sought`, those that fit her first."""
    found = await visit.api.search_every(SEARCH, {**(sought or {}), **({"fit": fit} if fit else {})})
    return [each for each in found if each["agency"]["agency"] != visit.who.agency]


def nobody(visit: Visit, services: Sequence[Json], fit: Fit) -> Nobody | None:
    """None where one of the services fits her in everything, and where there is none at all."""
    failing = [set(each.get("unfit") or ()) for each in services]
    if not all(failing) or not failing:
        return None
    everywhere = set.intersection(*failing)
    named = [name for name in NOBODY if name in (everywhere or set.union(*failing))]
    how = " ".join(_words(visit, NOBODY[name], fit) for name in named)
    return Nobody(visit.words.say("Nobody offers this %(how)s.", how=how), _otherwise(visit, failing, everywhere, fit))


def lacks(visit: Visit, service: Json, fit: Fit) -> list[str]:
    """In what a service does not fit her, one sentence each."""
    return [_words(visit, LACKS[name], fit) for name in LACKS if name in (service.get("unfit") or ())]


def _otherwise(visit: Visit, failing: Sequence[set[str]], everywhere: set[str], fit: Fit) -> tuple[str, ...]:
    found = []
    for name in (name for name in NOBODY if name in fit and name not in everywhere):
        number = sum(name not in each for each in failing)
        found.append(_counted(visit, name, number, fit))
    return tuple(found)


def _counted(visit: Visit, name: str, number: int, fit: Fit) -> str:
    count, age = visit.words.count, fit.get("age")
    if name == "language":
        speaks = _language(visit, fit)
        return count("%(number)s speaks %(language)s", "%(number)s speak %(language)s", number, language=speaks)
    if name == "zip":
        return count("%(number)s serves %(zip)s", "%(number)s serve %(zip)s", number, zip=fit["zip"])
    return count("%(number)s is for somebody of %(age)s", "%(number)s are for somebody of %(age)s", number, age=age)


def _words(visit: Visit, text: str, fit: Fit) -> str:
    return visit.words.say(text, language=_language(visit, fit), zip=fit.get("zip"), age=fit.get("age"))


def _language(visit: Visit, fit: Fit) -> str:
    return visit.words.language_name(str(fit["language"]), inside=True) if fit.get("language") else ""
