"""Owns the script of a warm handoff: who is who on the call, and what is said to her, in her language (A, "warm")."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import LANGUAGES, N_

WARM = frozenset({"warm_in_person", "warm_remote"})
HELD_IN = frozenset({"proposed", "agreed", "offered", "accepted"})
"""States in which the call lies ahead, or has just been held."""
KNOWN_IN = frozenset({"accepted", "completed"})
LED, LEADS_FROM_NOW = N_("Who led until now"), N_("Who leads from now on")
LEADS, WILL_LEAD, ALL = N_("Who leads now"), N_("Who will lead"), N_("All three")
STEPS = (
    (LEADS, True, N_("This is the person to call from today. We still do what we do for you.")),
    (WILL_LEAD, True, N_("What should I know, so that you do not have to tell it all again?")),
    (ALL, False, N_("Say what is open, who does it and by when.")),
    (WILL_LEAD, True, N_("What matters most to you in the next two weeks? How may I reach you, and when is it safe?")),
    (WILL_LEAD, True, N_("Here is my number. If I do not call by the day that we said, call me, or call them:"
                         " they can see that I have not.")),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One step of the call: who speaks; `said` to her in these words, by language, hers first; else what they do."""

    who: str
    said: bool
    words: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Script:
    """The whole of it. `language` is what she speaks (None: not known here); `interpreter`: somebody has to read it."""

    lines: Sequence[Line]
    language: str | None
    interpreter: bool


@dataclass(frozen=True)
class Speakers:
    """What the two agencies are called on the call: the lead goes over when it is accepted (R19)."""

    first: str
    second: str

    @classmethod
    def of(cls, found: Json) -> "Speakers":
        return cls(LED, LEADS_FROM_NOW) if found["lead"] == "receiver" else cls(LEADS, WILL_LEAD)

    def told(self, who: str) -> str:
        return {LEADS: self.first, WILL_LEAD: self.second}.get(who, who)


def leader(visit: Visit, found: Json) -> str | None:
    """Who leads what it is about, as far as this side may know."""
    say = visit.words.say
    match found["lead"]:
        case "nobody":
            return say("nobody leads this yet")
        case "another":
            return say("another agency")
        case "sender":
            return str(found["from"]["name"])
        case "receiver":
            return str(found["to"]["name"])
    return None


def hands_over(visit: Visit, found: Json) -> str | None:
    """Who speaks first on the call: who leads until the receiver does, whatever has happened by the time it is read."""
    return str(found["from"]["name"]) if found["lead"] == "receiver" else leader(visit, found)


async def call(visit: Visit) -> Response:
    """The script on a page of its own, for paper. What nobody here has opened is not read for it (R1)."""
    path = f"/handoffs/{visit.request.path_params['handoff']}"
    found = await visit.api.get(path, names="false")
    if not has_script(found):
        raise ApiProblem.not_there()
    ours = found["to"]["agency"] == visit.who.agency
    if not (ours and found["state"] == "offered"):
        found = await visit.api.get(path)
    script = await script_of(visit, found, None)
    return await visit.page(
        "handoff-call.html",
        found=found,
        script=script,
        first=hands_over(visit, found),
        who=Speakers.of(found),
        name=(found.get("client") or {}).get("name"),
    )


def has_script(found: Json) -> bool:
    """Whether it is a warm one whose call lies ahead."""
    return found["kind"] in WARM and found["state"] in HELD_IN


async def script_of(visit: Visit, found: Json, given: Json | None) -> Script:
    """The script for a handoff; `given` is what its receiver has read of her."""
    language = await _language(visit, found, given)
    code = (language or "").partition("-")[0]
    codes = [visit.language]
    if not language:
        codes += [each for each in LANGUAGES if each != visit.language]
    elif code in LANGUAGES:
        codes = list(dict.fromkeys((code, visit.language)))
    who_is = Speakers.of(found)
    lines = [
        Line(who_is.told(who), said, _words(visit, text, codes if said else [visit.language]))
        for who, said, text in STEPS
    ]
    return Script(lines, language, bool(language) and code not in LANGUAGES)


def _words(visit: Visit, text: str, codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(code, visit.speaking(code).say(text)) for code in codes]


async def _language(visit: Visit, found: Json, given: Json | None) -> str | None:
    """What she speaks, as this side knows it: what she stated, what her record says, or what she gave."""
    stated = ((given or {}).get("fields") or {}).get("language")
    ours = found["to"]["agency"] == visit.who.agency
    client = (found.get("client") or {}).get("client")
    if stated or not client or (ours and found["state"] not in KNOWN_IN):
        return stated
    demographics = await visit.api.find(f"/clients/{client}/demographics")
    if demographics and demographics.get("language"):
        return str(demographics["language"])
    identity = await visit.api.find(f"/clients/{client}/identity")
    return (identity or {}).get("language")
