"""States and kinds of a handoff, and what is led."""

from collections.abc import Mapping

from services.gateway.pages.terms.need import CATEGORIES
from services.gateway.pages.words import N_

HANDOFF_STATES: Mapping[str, str] = {
    "proposed": N_("Proposed"),
    "agreed": N_("She agreed"),
    "offered": N_("Offered"),
    "accepted": N_("Handoff accepted"),
    "completed": N_("Handoff completed"),
    "client_declined": N_("She said no"),
    "withdrawn": N_("Handoff withdrawn"),
    "declined": N_("Handoff declined"),
    "expired": N_("Handoff expired"),
    "failed": N_("Not taken up"),
}

HANDOFF_KINDS: Mapping[str, str] = {
    "warm_in_person": N_("Warm, all in one room"),
    "warm_remote": N_("Warm, by three-way call"),
    "assisted": N_("Assisted: we call them for her"),
    "cold": N_("By information alone"),
}

DOMAINS: Mapping[str, str] = {
    "primary_care_coordination": N_("Coordination"),
    "prenatal_clinical": N_("Prenatal care"),
    "behavioral_health": CATEGORIES["behavioral_health"],
    "housing_navigation": N_("Housing"),
    "doula": N_("Birth support"),
    "home_visiting": CATEGORIES["home_visiting"],
    "infant": N_("Care of the baby"),
}

BASES: Mapping[str, str] = {
    "intake": N_("first to see her"),
    "handoff": N_("by handoff"),
    "hub": N_("as the hub"),
}
