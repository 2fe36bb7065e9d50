"""Owns how a step of an agreement reads on a timeline, and whether it was she who took it."""

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


def by_herself(entry: Json) -> bool:
    """Whether nobody of an agency did it."""
    return str(entry["type"]).startswith("consent.revoked.") and _by_herself(entry.get("detail") or {})


def _by_herself(detail: Json) -> bool:
    """Who takes it back for her says how she said so; on her own page nobody asks."""
    return not detail.get("how")
