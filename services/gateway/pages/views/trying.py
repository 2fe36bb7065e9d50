"""Owns how it reads that an agency tried to reach her, and what is missing before it may give up (rule R13)."""

from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit


def tried(visit: Visit, outreach: Json | None) -> str | None:
    """What was tried, beside what is needed; None where nothing is asked for."""
    return ", ".join(_parts(visit, outreach)) if outreach else None


def not_tried(visit: Visit, outreach: Json | None) -> str | None:
    """The same where it is not enough yet."""
    kinds = ("attempts", "modes", "days")
    enough = not outreach or all(outreach[kind] >= outreach[f"{kind}_needed"] for kind in kinds)
    return None if enough else tried(visit, outreach)


def _parts(visit: Visit, outreach: Json) -> list[str]:
    count = visit.words.count
    return [
        count("%(number)s of %(needed)s attempts", "%(number)s of %(needed)s attempts", outreach["attempts"],
              needed=outreach["attempts_needed"]),
        count("%(number)s way of reaching her, of %(needed)s", "%(number)s ways of reaching her, of %(needed)s",
              outreach["modes"], needed=outreach["modes_needed"]),
        count("over %(number)s day, of %(needed)s", "over %(number)s days, of %(needed)s", outreach["days"],
              needed=outreach["days_needed"]),
    ]  # fmt: skip
