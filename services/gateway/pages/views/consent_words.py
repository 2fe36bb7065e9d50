"""Owns how an agreement reads: for whom it is, a step of it on a timeline, and whether it was she who took it."""

from collections.abc import Mapping

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit


def agreed_to(visit: Visit, kind: str, detail: Json) -> str | None:
    """The line of what she said; None where it is of something else, or says no more than that it happened."""
    say, agreed = visit.words.say, detail.get("agreed", True)
    match kind:
        case "consent.recorded":
            return say("She agreed to share") if agreed else say("She said no to sharing")
        case "consent.changed":
            return say("She changed what she agreed to") if agreed else say("She said no to sharing")
        case "consent.revoked" if _by_herself(detail):
            return say("She took back her agreement herself, on her own page")
        case _:
            return None


def for_whom(visit: Visit, consent: Json, names: Mapping[str, str]) -> str:
    """For which agencies, or for what need, a consent is."""
    agencies = filter(None, (consent.get("recipient"), *consent.get("recipients", ())))
    to = visit.words.listed([names.get(agency, agency) for agency in agencies])
    need = visit.words.say(terms.CATEGORIES.get(consent.get("category") or "", ""))
    if to and need:
        return visit.words.say("%(agencies)s, for one need: %(need)s", agencies=to, need=need)
    return to or need


def by_herself(entry: Json) -> bool:
    """Whether nobody of an agency did it."""
    return str(entry["type"]).startswith("consent.revoked.") and _by_herself(entry.get("detail") or {})


def _by_herself(detail: Json) -> bool:
    """Who takes it back for her says how she said so; on her own page nobody asks."""
    return not detail.get("how")
