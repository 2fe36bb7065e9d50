"""With what she was asked, what came of it, and how a need ended, in the words of people who do the work."""

from collections.abc import Mapping

from services.gateway.pages.terms.need import CATEGORIES
from services.gateway.pages.words import N_

INSTRUMENTS: Mapping[str, str] = {
    "prapare": N_("PRAPARE (daily life)"),
    "hunger_vital_sign": N_("Hunger Vital Sign (food)"),
    "epds": N_("EPDS (mood around birth)"),
    "phq_2": N_("PHQ-2 (mood, two questions)"),
    "phq_9": N_("PHQ-9 (mood)"),
    "ipv": CATEGORIES["intimate-partner-violence"],
}
PRAPARE_SAFETY = {"prapare_safety": N_("PRAPARE (safety at home)")}
"""What it is called once it is recorded: it is asked as a part of PRAPARE."""

RESULTS: Mapping[str, str] = {
    "positive": N_("She needs help"),
    "negative": N_("No need now"),
    "declined": N_("She would rather not say"),
}

RESOLUTIONS: Mapping[str, str] = {
    "served": N_("A service helped her"),
    "elsewhere": N_("It was solved some other way"),
    "not_wanted": N_("She wants no help with it"),
}

NEED_STATES: Mapping[str, str] = {
    "identified": N_("Open"),
    "resolved": N_("Solved"),
    "entered_in_error": N_("Entered in error"),
}
NEED_SHAPES: Mapping[str, str] = {"identified": "wait", "resolved": "done"}
