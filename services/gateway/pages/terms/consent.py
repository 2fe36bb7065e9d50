"""What she agreed to give and how, on which form, and what becomes of it."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

FIELDS: Mapping[str, str] = {
    "name": N_("Name"),
    "birth_date": N_("Birth date"),
    "phones": N_("Phone"),
    "address": N_("Address"),
    "language": N_("Language"),
    "due_date": N_("Due date"),
    "medi_cal_cin": N_("Medi-Cal number"),
    "note": N_("Note"),
}

# The same in the words that are read to her.
FIELDS_TO_HER: Mapping[str, str] = {
    "name": N_("your name"),
    "birth_date": N_("your birth date"),
    "phones": N_("your phone number"),
    "address": N_("your address"),
    "language": N_("the language that you speak"),
    "due_date": N_("your due date"),
    "medi_cal_cin": N_("your Medi-Cal number"),
    "note": N_("a short note"),
}

# What a yes is for that opens no timeline, in the words that are read to her: care and its coordination are not in it.
PURPOSES_TO_HER: Mapping[str, str] = {
    "operations": N_("What for: how they run and check their own work. It does not open your timeline."),
    "public_health": N_("What for: the health of everybody in your area. It does not open your timeline."),
}

HOWS: Mapping[str, str] = {"signed": N_("signed"), "spoken": N_("spoken")}

CONSENT_STATES: Mapping[str, str] = {
    "agreed": N_("She agreed"),
    "refused": N_("She said no"),
    "revoked": N_("Taken back"),
    "expired": N_("Run out"),
    "entered_in_error": N_("Entered in error"),
}

CONSENT_SHAPES: Mapping[str, str] = {
    "agreed": "done",
    "refused": "stopped",
    "revoked": "stopped",
    "expired": "stopped",
    "entered_in_error": "stopped",
}

FORMS: Mapping[str, str] = {
    "ascmi_ab133": N_("State form for Medi-Cal members (ASCMI, AB 133)"),
    "ascmi_other": N_("State form for everybody else (ASCMI)"),
    "local": N_("A form of our own"),
}

AUTHORITIES: Mapping[str, str] = {
    "self": N_("She herself"),
    "self_minor": N_("She herself, under 18"),
    "guardian": N_("Her guardian"),
}

INFORMATION_KINDS: Mapping[str, str] = {
    "physical_health": N_("Physical health"),
    "behavioral_health": N_("Mental health"),
    "substance_use": N_("Alcohol and drugs"),
    "reproductive_health": N_("Reproductive health"),
    "social_services": N_("Social services"),
    "housing": N_("Housing"),
}

MEASUREMENTS: Mapping[str, str] = {
    "not_asked": N_("Not asked"),
    "yes": N_("Yes, in figures without her name"),
    "no": N_("No"),
}
