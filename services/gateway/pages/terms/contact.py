"""How a contact took place, and what came of it."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

CONTACT_MODES: Mapping[str, str] = {
    "home_visit": N_("Visit at her home"),
    "office_visit": N_("Visit at our office"),
    "community_visit": N_("Met somewhere else"),
    "group_session": N_("Group session"),
    "phone": N_("Phone call"),
    "video": N_("Video call"),
    "text_two_way": N_("Texts, both ways"),
    "text_one_way": N_("Text without an answer"),
    "mail": N_("Letter"),
    "accompaniment": N_("Went with her"),
    "labor_support": N_("Support at the birth"),
    "goods_delivery": N_("Brought her something"),
    "transport_ride": N_("Ride"),
    "funds_transfer": N_("Money paid"),
}

CONTACT_OUTCOMES: Mapping[str, str] = {
    "completed": N_("It took place"),
    "attempted_no_answer": N_("Tried, no answer"),
    "attempted_left_message": N_("Tried, left a message"),
    "attempted_wrong_number": N_("Tried, wrong number"),
    "not_home": N_("Tried, not at home"),
    "client_declined": N_("She did not want it"),
    "cancelled_by_client": N_("She cancelled"),
    "cancelled_by_agency": N_("We cancelled"),
    "missed": N_("She did not come"),
}

UNITS: Mapping[str, str] = {
    "ride": N_("Rides"),
    "box": N_("Boxes"),
    "diapers": N_("Packs of diapers"),
    "usd_50": N_("Fifties of US dollars, the last one begun"),
}

BEGUN_BY: Mapping[str, str] = {"client": N_("She did"), "agency": N_("We did")}
