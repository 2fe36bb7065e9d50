"""Owns what coded values are called on a page, in the words of people who do the work."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

CATEGORIES: Mapping[str, str] = {
    "food-insecurity": N_("Food"),
    "housing-instability": N_("Keeping a home"),
    "homelessness": N_("A place to stay"),
    "inadequate-housing": N_("A safer home"),
    "transportation-insecurity": N_("Rides to appointments"),
    "financial-insecurity": N_("Money to get by"),
    "material-hardship": N_("Things for daily life"),
    "educational-attainment": N_("School and training"),
    "employment-status": N_("Work"),
    "veteran-status": N_("Help for veterans"),
    "stress": N_("Help with stress"),
    "social-connection": N_("Company and community"),
    "intimate-partner-violence": N_("Safety at home"),
    "elder-abuse": N_("Safety of an older person"),
    "personal-health-literacy": N_("Understanding health papers"),
    "health-insurance-coverage-status": N_("Health insurance"),
    "medical-cost-burden": N_("Medical bills"),
    "digital-literacy": N_("Using a phone or computer"),
    "digital-access": N_("A phone or internet"),
    "utility-insecurity": N_("Power, water or heat"),
    "incarceration-status": N_("Help around jail or prison"),
    "language-access": N_("An interpreter"),
    "protective-factor": N_("Strengths to build on"),
    "sdoh-category-unspecified": N_("Another need"),
    "prenatal_care_navigation": N_("Finding prenatal care"),
    "group_prenatal_care": N_("Group prenatal care"),
    "doula": N_("A doula"),
    "lactation": N_("Help with breastfeeding"),
    "home_visiting": N_("Home visits"),
    "behavioral_health": N_("Mental health support"),
    "substance_use_treatment": N_("Treatment for substance use"),
    "tobacco_cessation": N_("Help to stop smoking"),
    "wic": N_("WIC"),
    "insurance_enrollment": N_("Help to enroll in insurance"),
    "cash_support": N_("Cash support"),
    "childbirth_education": N_("Childbirth classes"),
    "father_engagement": N_("Support for fathers"),
    "safe_sleep": N_("Safe sleep for the baby"),
    "contraception": N_("Family planning"),
    "unmapped": N_("Something else"),
}

STATES: Mapping[str, str] = {
    "sent": N_("Sent, not opened"),
    "received": N_("Received"),
    "accepted": N_("Accepted"),
    "waitlisted": N_("On the waiting list"),
    "in_service": N_("In service"),
    "completed": N_("Completed"),
    "not_completed": N_("Not completed"),
    "declined": N_("Declined"),
    "cancel_requested": N_("Cancellation asked for"),
    "cancelled": N_("Cancelled"),
    "expired": N_("Expired"),
    "redirected": N_("Redirected"),
    "entered_in_error": N_("Entered in error"),
}

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

# The shape beside the word: done, doing, wait, late or (empty) stopped.
STATE_SHAPES: Mapping[str, str] = {
    "sent": "wait",
    "received": "wait",
    "waitlisted": "wait",
    "cancel_requested": "wait",
    "proposed": "wait",
    "agreed": "wait",
    "offered": "wait",
    "accepted": "doing",
    "in_service": "doing",
    "completed": "done",
}

ENDED = frozenset(
    {"completed", "not_completed", "declined", "cancelled", "expired", "redirected", "entered_in_error",
     "client_declined", "withdrawn", "failed"}
)  # fmt: skip

REASONS: Mapping[str, str] = {
    "client_declined": N_("She does not want it"),
    "need_resolved": N_("The need is solved"),
    "chose_other": N_("She chose another service"),
    "moved": N_("She moved"),
    "no_capacity": N_("No room"),
    "ineligible": N_("She does not qualify"),
    "out_of_area": N_("Out of our area"),
    "service_not_offered": N_("We do not offer this"),
    "missing_information": N_("Something that we need to know is missing"),
    "better_fit_elsewhere": N_("Another agency fits better"),
    "safety": N_("It is not safe"),
    "unable_to_reach": N_("Cannot reach her"),
    "duplicate": N_("We have this referral already"),
    "other": N_("Another reason"),
    "no_further_contact": N_("No further contact"),
    "consent_withdrawn": N_("She took back her agreement"),
    "agency_left": N_("The agency left"),
}

# Two owners, as people ask for them: she decided, we cannot (rule R16, HMIS 4.20).
REASON_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("She decided"), ("client_declined", "need_resolved", "chose_other", "moved")),
    (
        N_("We cannot"),
        ("no_capacity", "ineligible", "out_of_area", "service_not_offered", "missing_information",
         "better_fit_elsewhere", "duplicate"),
    ),
    (N_("Something else"), ("safety", "other")),
)  # fmt: skip

SENDER_REASONS = ("client_declined", "need_resolved", "chose_other", "moved", "duplicate", "other")
"""Why a sender wants it no more."""

HANDOFF_REASONS = ("no_capacity", "out_of_area", "service_not_offered", "better_fit_elsewhere", "other")

OUTCOMES: Mapping[str, str] = {
    "service_received": N_("She received the service"),
    "service_begun": N_("The service has begun and goes on"),
    "enrolled": N_("She is enrolled"),
    "need_resolved": N_("The need is solved"),
}

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

HANDOFF_KINDS: Mapping[str, str] = {
    "warm_in_person": N_("Warm, all in one room"),
    "warm_remote": N_("Warm, by three-way call"),
    "assisted": N_("Assisted: we call them for her"),
    "cold": N_("By information alone"),
}

DOMAINS: Mapping[str, str] = {
    "primary_care_coordination": N_("Coordination"),
    "prenatal_clinical": N_("Prenatal care"),
    "behavioral_health": N_("Mental health support"),
    "housing_navigation": N_("Housing"),
    "doula": N_("Birth support"),
    "home_visiting": N_("Home visits"),
    "infant": N_("Care of the baby"),
}

BASES: Mapping[str, str] = {
    "intake": N_("first to see her"),
    "handoff": N_("by handoff"),
    "hub": N_("as the hub"),
}

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
