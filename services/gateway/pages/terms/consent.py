"""What she agreed to give, and how."""

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

HOWS: Mapping[str, str] = {"signed": N_("signed"), "spoken": N_("spoken")}
