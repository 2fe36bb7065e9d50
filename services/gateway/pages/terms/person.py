"""What people at a sign-in are."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

STOP_CAUSES: Mapping[str, str] = {
    "no-contact": N_("She wants no contact"),
    "moved-away": N_("She moved away"),
    "deceased": N_("She has died"),
}

ROLES: Mapping[str, str] = {
    "staff": N_("staff"),
    "case_manager": N_("case manager"),
    "agency_admin": N_("agency administrator"),
    "reviewer": N_("reviewer"),
    "privacy_officer": N_("privacy officer"),
    "working_group": N_("working group"),
    "backbone": N_("backbone"),
    "operator": N_("operator"),
    "system": N_("system"),
    "client": N_("client"),
}

SPOKEN = ("en", "es", "hmn", "pa", "zh", "vi", "tl", "sm", "ar", "mix")
"""Languages that a form offers; each is called by its name in the reader's own."""
