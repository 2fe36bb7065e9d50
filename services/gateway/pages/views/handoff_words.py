"""Owns how a step of a handoff reads where its name alone does not say it, and whether one ended with its pregnancy."""

from collections.abc import Iterable

from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit

PREGNANCY_CLOSED = "pregnancy_closed"


def handed_over(visit: Visit, kind: str, detail: Json, to: str, domain: str) -> str | None:
    """The title of a step; None where its name says all, and for everything else."""
    say = visit.words.say
    match kind:
        case "handoff.proposed":
            return say("Handoff of %(domain)s to %(receiver)s proposed", domain=domain, receiver=to)
        case "handoff.offered":
            return say("Handoff offered to %(receiver)s", receiver=to)
        case "handoff.introduced":
            with_her = say("The call of all three was held")
            return with_her if detail.get("client_present") else say("The two agencies spoke, without her")
        case "handoff.failed" | "handoff.withdrawn" if detail.get("because") == PREGNANCY_CLOSED:
            return say("Handoff ended: the record of this pregnancy was closed")
        case "handoff.failed" if detail.get("reason"):
            return say("Handoff ended")
    return None


def is_of_its_pregnancy(history: Iterable[Json]) -> bool:
    """Whether what it tells of ended because its pregnancy was closed."""
    return any((entry.get("detail") or {}).get("because") == PREGNANCY_CLOSED for entry in history)
