"""Owns a client's page of who helps her: each agency in plain words, where she reaches it, and what it may have."""

from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

ACCEPTED = "accepted"


async def helpers(visit: Visit) -> Response:
    """Who helps her now, whoever leads her care first. What is restricted is not named until she opens it."""
    found = await visit.api.get(f"/clients/{visit.who.subject}/helpers")
    return await visit.page("her-helpers.html", helpers=[_shown(visit, each) for each in found["items"]])


async def counted(visit: Visit) -> str:
    """How many agencies help her, in a sentence: of the same list, and true of those that were only asked."""
    found = await visit.api.get(f"/clients/{visit.who.subject}/helpers")
    agencies = {each["agency"]["agency"] for each in found["items"]}
    helping = {each["agency"]["agency"] for each in found["items"] if _does_help(each)}
    if not agencies:
        return visit.words.say("No agency helps you now.")
    if helping < agencies:
        return visit.words.count(
            "%(number)s agency helps you, or was asked to.",
            "%(number)s agencies help you, or were asked to.",
            len(agencies),
        )
    return visit.words.count("%(number)s agency helps you.", "%(number)s agencies help you.", len(agencies))


def _does_help(helper: Json) -> bool:
    accepted = any(each["state"] == ACCEPTED for each in helper["helps_with"])
    return bool(helper["registered"] or helper["leads"] or accepted)


def _shown(visit: Visit, helper: Json) -> dict[str, Any]:
    """One in words."""
    say, listed = visit.words.say, visit.words.listed
    voices = [each for each in helper["agency"]["phones"] if each["type"] == "voice"]
    phones = [each | {"dialled": _dialled(each["number"])} for each in voices]
    return {
        "agency": helper["agency"] | {"phones": phones},
        "hidden": bool(helper["restricted"]),
        "does": [say(terms.LEADS_TO_HER[each]) for each in helper["leads"]] + _helping(visit, helper),
        "registered": helper["registered"],
        "unasked": [_unasked(visit, each) for each in helper["helps_with"] if each["exception"]],
        "fields": listed([say(terms.FIELDS_TO_HER[each]) for each in helper["fields"]]),
        "kinds": listed([say(terms.INFORMATION_KINDS[each]) for each in helper["kinds"]]),
    }


def _helping(visit: Visit, helper: Json) -> list[str]:
    """What it does and was asked for, one sentence for each way in which that stands."""
    say, found = visit.words.say, list[str]()
    for state, phrase in terms.HELPING_HER.items():
        stands = [each for each in helper["helps_with"] if each["state"] == state]
        stands.sort(key=lambda each: each["category"] is None)
        needs = visit.words.listed([_need(visit, each) for each in stands])
        found += [say(phrase, needs=needs)] if needs else []
    return found


def _unasked(visit: Visit, help: Json) -> str:
    """For which help she was not asked, and what was given so."""
    say = visit.words.say
    fields = visit.words.listed([say(terms.FIELDS_TO_HER[each]) for each in help["unasked"]])
    if not fields:
        return say("What for: %(need)s.", need=_need(visit, help))
    return say(N_("What for: %(need)s. They could see %(fields)s."), need=_need(visit, help), fields=fields)


def _need(visit: Visit, help: Json) -> str:
    named = terms.CATEGORIES[help["category"]] if help["category"] else terms.DOMAINS[help["domain"]]
    return _inside(visit.words.say(named))


def _inside(need: str) -> str:
    """What a need is called inside a sentence: initials keep their capitals."""
    first = need.partition(" ")[0]
    return need if len(first) > 1 and first.isupper() else need[:1].lower() + need[1:]


def _dialled(number: str) -> str:
    """A number as a link dials it (RFC 3966), without the extension: that one is typed once somebody answers."""
    return "".join(each for each in number.partition("x")[0] if each.isdecimal() or each == "+")
