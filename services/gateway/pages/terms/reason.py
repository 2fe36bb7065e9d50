"""Reasons of an end, by whose decision it was."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

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
    "no_answer": N_("Nobody answered"),
    "postpartum_over": N_("A year after the due date has passed"),
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

CLOSE_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *REASON_GROUPS[:2],
    (N_("Nobody reached her"), ("unable_to_reach",)),
    REASON_GROUPS[2],
)
"""Why a receiver ends what it took on, or kept a place for, without completing it."""

CLOSE_GROUPS_UNCONTACTED = REASON_GROUPS
"""The same where she may not be contacted: nobody tries to reach her then (R13)."""

SENDER_REASONS = ("client_declined", "need_resolved", "chose_other", "moved", "duplicate", "other")
"""Why a sender wants it no more."""

PASSING_REASONS = (
    "no_capacity", "better_fit_elsewhere", "out_of_area", "ineligible", "service_not_offered", "missing_information",
    "safety",
)  # fmt: skip
"""Why a receiver passes it on to somebody else."""

WITHDRAWAL_REASONS = ("need_resolved", "chose_other", "moved", "duplicate", "other")
"""Why a sender takes a handoff back."""

HANDOFF_REASONS = ("no_capacity", "out_of_area", "service_not_offered", "better_fit_elsewhere", "other")
