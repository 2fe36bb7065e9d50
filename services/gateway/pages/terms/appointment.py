"""What the states of a visit are called, and on whose wish it was moved or cancelled."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

VISIT_STATES: Mapping[str, str] = {
    "booked": N_("Booked"),
    "attended": N_("She came"),
    "no_show": N_("She did not come"),
    "cancelled": N_("Visit cancelled"),
    "entered_in_error": N_("Entered in error"),
}

WISHES: Mapping[str, str] = {"client": N_("She did"), "agency": N_("We did")}
