"""Owns what an answer to a letter may say: its steps, how she was met, and why it ended."""

from services.gateway.pages import terms
from services.gateway.pages.api import Json

STEPS = ("accept", "decline", "met", "ended")
MET_BY = ("community_visit", "home_visit", "office_visit", "phone", "goods_delivery")
ENDS = (
    *("client_declined", "need_resolved", "chose_other", "moved"),
    *("no_capacity", "ineligible", "service_not_offered", "other"),
)


def choices() -> Json:
    """The lists to choose from."""
    return {
        "met_by": {code: terms.CONTACT_MODES[code] for code in MET_BY},
        "why_not": {code: terms.REASONS[code] for _, codes in terms.REASON_GROUPS for code in codes},
        "ends": {code: terms.REASONS[code] for code in ENDS},
    }
