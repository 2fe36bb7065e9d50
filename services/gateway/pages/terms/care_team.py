"""What agencies do for a client, in the words that are read to her."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

LEADS_TO_HER: Mapping[str, str] = {
    "primary_care_coordination": N_("They plan your care with you and know who else helps."),
    "prenatal_clinical": N_("They lead your pregnancy care."),
    "behavioral_health": N_("They lead your mental health support."),
    "housing_navigation": N_("They lead the search for a home."),
    "doula": N_("They lead your birth support."),
    "home_visiting": N_("They lead your home visits."),
    "infant": N_("They lead the care of your baby."),
}

HELPING_HER: Mapping[str, str] = {
    "accepted": N_("They help you. What for: %(needs)s."),
    "waitlisted": N_("You are on their waiting list. What for: %(needs)s."),
    "asked": N_("They were asked to help you, and have not answered yet. What for: %(needs)s."),
}
