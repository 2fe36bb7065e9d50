"""Owns what is said beside a day for which a first contact is planned, when the API refuses it."""

from collections.abc import Mapping

from services.gateway.pages.api import ApiProblem
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

TOO_FAR: Mapping[str, str] = {
    "too_far_ahead": N_("This day lies too far ahead. Check the year"),
    "too_far_back": N_("This day lies too far back. Check the year"),
}
OWN_NUMBER = N_("Your number has letters, digits and . _ : / - alone, up to 64")
PLANNED_FIELDS: Mapping[str, tuple[str, str]] = {
    "/on": ("on", N_("Give the first contact a date")),
    "/identifier": ("identifier", OWN_NUMBER),
}


def too_far(visit: Visit, problem: ApiProblem) -> bool:
    """Notes a first contact that is planned for a day which nobody means; False for any other problem."""
    if problem.slug != "malformed":
        return False
    if (said := next((TOO_FAR[code] for code in problem.codes if code in TOO_FAR), None)) is not None:
        visit.form.needs("on", visit.words.say(said), unless=False)
        return True
    return visit.form.blame(problem.pointers, PLANNED_FIELDS, visit.words.say)
