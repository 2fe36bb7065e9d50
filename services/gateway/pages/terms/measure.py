"""What measures, the ways to group them and their groups are called, in words that a parent reads."""

from collections.abc import Mapping

from services.gateway.pages.terms.demographics import GROUPS, PAYERS, RACES
from services.gateway.pages.terms.need import CATEGORIES
from services.gateway.pages.words import N_

TITLES: Mapping[str, str] = {
    "response_rate": N_("Answered within 14 days"),
    "acceptance_rate": N_("Accepted within 30 days"),
    "time_to_acceptance": N_("Time until a referral is accepted"),
    "time_to_first_contact": N_("Time until the receiver meets her"),
    "connected_rate": N_("Connected within 30 days"),
    "closed_loop_rate": N_("Loop closed within 90 days"),
    "closed_with_service": N_("Closed with service within 90 days"),
    "outcome_mix": N_("What became of referrals within 90 days"),
    "missed_visits": N_("Visits missed"),
    "clients_missing_visits": N_("Clients who missed a visit"),
    "lost_to_follow_up": N_("Lost within 60 days of acceptance"),
    "hops_to_service": N_("Referrals until she was served"),
    "handoff_completion": N_("Handoffs completed within 14 days"),
    "warm_share": N_("Handoffs with a warm introduction"),
    "handoff_gap": N_("Days between the two agencies' contacts"),
    "uncovered_days": N_("Days on which nobody had been in touch"),
    "clients_reached": N_("Clients reached"),
    "agency_changes": N_("Seen next by another agency"),
    "reached_in_pregnancy": N_("Reached while pregnant"),
    "agencies_per_client": N_("Agencies per client"),
    "duplicate_service": N_("The same help from two agencies"),
    "first_contact_gestation": N_("Days of pregnancy at the first contact"),
    "first_trimester_clinical": N_("Reached in the first trimester"),
    "first_trimester_hedis": N_("Reached by 14 weeks and 6 days"),
    "need_supported": N_("Helped within 30 days of saying so"),
    "contact_dose": N_("Contacts in 30 days of pregnancy"),
    "prenatal_months": N_("Months of pregnancy with a contact"),
    "contact_modes": N_("How clients were met"),
    "timely_prenatal_care": N_("Prenatal care in time"),
    "postpartum_visit": N_("Seen 7 to 84 days after the birth"),
    "postpartum_visit_56": N_("Seen within 8 weeks after the birth"),
    "depression_screened_prenatal": N_("Asked about depression in pregnancy"),
    "depression_screened_postpartum": N_("Asked about depression after the birth"),
    "depression_follow_up": N_("Followed up within 30 days of a positive depression screening"),
    "depression_referral_completed": N_("Served after a referral for depression"),
    "ipv_referral": N_("Referred within 30 days after violence was found"),
    "preterm_birth": N_("Born too early, in the programme"),
    "recorded_in_time": N_("Written down within 7 days"),
    "days_until_recorded": N_("Days until it was written down"),
    "pregnancies_dated": N_("Pregnancies with a due date"),
    "race_self_reported": N_("Race and ethnicity in her own words"),
    "never_answered": N_("Never answered"),
    "need_met": N_("Need met, in her words"),
    "feedback_response": N_("Answered how it went"),
}
"""As their definitions have them: pages that anybody may read know no API."""
SENTENCES: Mapping[str, str] = {
    "response_rate": N_("%(percent)s of every 100 referrals were answered in time"),
    "closed_loop_rate": N_("%(percent)s of every 100 referrals ended with the sender told"),
    "handoff_completion": N_("%(percent)s of every 100 handoffs were completed"),
    "clients_reached": N_("%(number)s clients were reached"),
    "reached_in_pregnancy": N_("%(number)s clients were reached while pregnant"),
    "agency_changes": N_("%(percent)s of every 100 times, another agency saw her next"),
    "acceptance_rate": N_("%(percent)s of every 100 decided referrals were accepted"),
    "connected_rate": N_("%(percent)s of every 100 referrals led to a service within 30 days"),
    "closed_with_service": N_("%(percent)s of every 100 referrals ended with a service and the sender told"),
    "missed_visits": N_("%(percent)s of every 100 visits were missed"),
    "clients_missing_visits": N_("%(percent)s of every 100 clients with visits missed one"),
    "lost_to_follow_up": N_("%(percent)s of every 100 accepted referrals were lost within 60 days"),
    "uncovered_days": N_("On %(percent)s of every 100 days nobody had been in touch"),
    "warm_share": N_("At %(percent)s of every 100 handoffs both agencies spoke with her"),
    "duplicate_service": N_("%(percent)s of every 100 clients got the same help from two agencies"),
    "first_trimester_clinical": N_("%(percent)s of every 100 pregnancies were reached in the first trimester"),
    "first_trimester_hedis": N_("%(percent)s of every 100 pregnancies were reached by 14 weeks and 6 days"),
    "need_supported": N_("%(percent)s of every 100 needs for food, a home or a ride had help within 30 days"),
    "prenatal_months": N_("In %(percent)s of every 100 months of pregnancy somebody met her"),
    "timely_prenatal_care": N_("%(percent)s of every 100 mothers had prenatal care in time"),
    "postpartum_visit": N_("%(percent)s of every 100 mothers were seen 7 to 84 days after the birth"),
    "postpartum_visit_56": N_("%(percent)s of every 100 mothers were seen within 8 weeks after the birth"),
    "depression_screened_prenatal": N_("%(percent)s of every 100 mothers were asked about depression in pregnancy"),
    "depression_screened_postpartum": N_(
        "%(percent)s of every 100 mothers were asked about depression after the birth"
    ),
    "depression_follow_up": N_("%(percent)s of every 100 positive screenings for depression were followed up"),
    "depression_referral_completed": N_("%(percent)s of every 100 referrals after a positive screening were served"),
    "ipv_referral": N_("%(percent)s of every 100 times that violence was found, a referral followed"),
    "preterm_birth": N_("%(percent)s of every 100 births in the programme came too early"),
    "recorded_in_time": N_("%(percent)s of every 100 contacts were written down within 7 days"),
    "pregnancies_dated": N_("%(percent)s of every 100 pregnancies have a due date"),
    "race_self_reported": N_("Of %(percent)s of every 100 pregnancies she said her race and ethnicity herself"),
    "never_answered": N_("%(percent)s of every 100 referrals were never answered"),
    "need_met": N_("%(percent)s of every 100 who answered say that the need was met"),
    "feedback_response": N_("%(percent)s of every 100 who were asked said how it went"),
}
POPULATION: Mapping[str, str] = {
    "preterm_birth": N_("Born too early"),
    "very_preterm_birth": N_("Born much too early"),
    "live_births": N_("Live births"),
}
"""What others print of a whole population."""
PUBLISHERS: Mapping[str, str] = {
    "practice": N_("figures invented for practice"),
    "cdph": N_("California Department of Public Health"),
    "nchs": N_("National Center for Health Statistics"),
}
"""Who prints it, where an initiative has no name of its own for it."""

GROUPINGS: Mapping[str, str] = {
    "spd15_aoic": N_("Race or ethnicity"),
    "cdph8_exclusive": N_("Race or ethnicity, as on birth tables"),
    "detailed_group": N_("Her own group"),
    "language": N_("Language"),
    "zip_group": N_("Part of the county"),
    "payer": N_("Who pays for care"),
    "age": N_("Age"),
    "county": N_("County"),
    "category": N_("Need"),
    "channel": N_("How they were asked"),
    "owner": N_("Whose decision it was"),
    "stage": N_("Weeks of pregnancy when it became known"),
    "quarter": N_("Quarter"),
}
"""The ways to group a figure, in the order in which they are offered."""
WHOM: Mapping[str, str] = {
    "spd15_aoic": N_("for %(group)s clients"),
    "cdph8_exclusive": N_("for %(group)s clients"),
    "detailed_group": N_("for %(group)s clients"),
    "language": N_("for clients who speak %(group)s"),
    "zip_group": N_("in %(group)s"),
    "county": N_("in %(group)s"),
}
"""A group inside a sentence."""
ANYBODY = N_("for “%(group)s”")
"""The same, for every other way to group."""
UNNAMED_GROUPS = frozenset({"not_known", "unknown", "declined", "without"})
"""Rows of clients of whom nobody knows in which group they are."""
_REST: Mapping[str, str] = {"not_known": N_("Not known"), "declined": N_("She would not say"), "other": N_("Another")}
ROWS: Mapping[str, Mapping[str, str]] = {
    "spd15_aoic": {**RACES, **_REST},
    "cdph8_exclusive": {
        "hispanic": N_("Hispanic"),
        "multi_race": N_("More than one race"),
        "african_american": N_("African American"),
        "american_indian": N_("American Indian"),
        "asian": N_("Asian"),
        "pacific_islander": N_("Pacific Islander"),
        "white": N_("White"),
        "unknown": N_("Not known"),
    },
    "detailed_group": {code: name for groups in GROUPS.values() for code, name in groups.items()},
    "language": _REST,
    "zip_group": _REST,
    "payer": {**PAYERS, "none": N_("Nobody"), **_REST},
    "age": {"under_20": N_("Under 20"), "20_and_over": N_("20 and over"), **_REST},
    "county": _REST,
    "stage": {
        "under_14_weeks": N_("Under 14 weeks"),
        "14_to_27_weeks": N_("14 to 27 weeks"),
        "28_to_36_weeks": N_("28 to 36 weeks"),
        "without": N_("Without one"),
    },
    "category": {**CATEGORIES, "without": N_("Without one")},
    "channel": {
        "without": N_("Without one"),
        "letter": N_("By letter: not on the system"),
        "system": N_("On the system"),
    },
    "owner": {
        "recipient": N_("Whoever was asked"),
        "client": N_("She decided"),
        "contact": N_("She could not be reached"),
        "other": N_("Something else"),
        "without": N_("Without one"),
    },
}

PIECES: Mapping[str, Mapping[str, str]] = {
    "outcome_mix": {
        "connected": N_("She was served"),
        "client_reason": N_("She decided against it"),
        "recipient_reason": N_("Whoever was asked could not"),
        "unreachable": N_("She could not be reached"),
        "other_reason": N_("Something else ended it"),
        "expired": N_("Nobody answered"),
        "cancelled_by_sender": N_("Whoever asked took it back"),
        "redirected": N_("It was passed on"),
        "still_open": N_("It is still open"),
    },
}
"""What the pieces of a mix are called, by measure."""
ANY_PIECE: Mapping[str, str] = {"other": N_("Everything else together")}
PIECES_ARE: Mapping[str, str] = {
    "outcome_mix": N_("What became of them"),
    "contact_modes": N_("Way of contact"),
}
"""What the pieces of a mix are altogether."""
ANY_PIECES_ARE = N_("Which of them")

STANDINGS_OF: Mapping[str, str] = {
    "met": N_("Counted, and it happened"),
    "unmet": N_("Counted, and it did not happen"),
    "pending": N_("Too recent to count"),
    "missing": N_("Not known"),
    "excluded": N_("Left out by definition"),
}
"""What a rule makes of what it fits."""
