"""Owns how far each field may go: its class, by its name, and by its model where one name means two things.

A name has one meaning in all contracts (docs/glossary.md), so one table says all of it; a field whose name is not in
it has no class, and a test asks for one. What may stand where is a ceiling: no field of a place is above it.
"""

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Final


class Class(IntEnum):
    """Each may stand wherever a higher one may."""

    PUBLIC = 1
    """Anybody may know it: the directory, definitions, released figures."""
    OPERATIONAL = 2
    """How the work goes: codes, states, times, who of the staff."""
    PSEUDONYMOUS = 3
    """A fact of some client, or a reference to something of hers, that does not say who she is."""
    SENSITIVE = 4
    """The same, of a kind that harms if it is guessed whose it is: on the restricted topic, or to her own agency."""
    IDENTITY = 5
    """Who she is, how she is reached, and whatever was typed and may say so: in the vault, and to who may read it."""


class Unclassified(LookupError):
    """A field without a class. Its message names model and field."""


_NAMES: Final[Mapping[Class, str]] = {
    Class.PUBLIC: """
        absent address_1 addresses agencies agencies_not_on_system agencies_on_system agencies_reporting agency
        anchor approved_at at_least attributable back_on backbone bands baseline baselines before begins_on
        behind beside buildable built_at built_by_me by_year byday bymonthday chance changed chosen_since
        closed_on_holidays closed_percent closes_at coming comparable compared_with counted counties
        counts_clients course cutoff denominator difference direction disparity_ratios dtstart due_on
        eligibility_description excess excluded exdate freq gap gaps group groups has_room hides high
        highest_less_lowest highest_to_lowest initiative interval label languages low maximum_age mean
        mean_ratio measure measurement_consent measures median minimum_age missing numerator of
        of_reached_median of_reached_p90 on_system opens_at origin otherwise p90 parked pending per per_days
        percent percent_to period periods pieces place points population postal_code practice printed progress
        publisher quality rate ratio keys reached recomputed reduced_percent reduction_percent reference references
        release remains required_documents room room_age_days room_as_of room_from rows rules said_as schedules
        sensitive service service_name services sha256 shares sign_in slug sources spread standings
        start_percent state_province statement title too_small total type unresolved unstable unsteady until
        usually_answers_days valid_from valid_to value views waitlist_length watched way_percent website weeks whom
        window window_years withdrawn withheld within within_days wkst zips zone
    """,
    Class.OPERATIONAL: """
        acknowledge acknowledged actions expires_at active age all all_agencies answered_at area asked_at asked_by at
        attempts attempts_needed attended_at authority booked_at box bser business_status by break_glass_until bytes
        categories         channel claim claimed client_agrees client_present closed closure_reason code complete
        confirm_cancellation connected contact_modes count counts date days days_needed decision described
        description detail dhcs_clr domains draft due due_at due_from due_until duration_min earlier_too
        emergencies entered_in_error erased errors external facts first fit form form_version from from_agency from_on
        gives_medical_care has_words held hmis_4_20 how id initiated_by instance kept_until kind late left_by media_type
        mine mode modes modes_needed more next next_due next_open not_held notice_hours number offer offers on open
        open_clients other outcome outdated overdue person priority promised reason_owner receiver recipient
        recipients recorded_at redirected registered_here renew responded review roles rule said saved_at sdohcc
        seen_at send send_on sender sent_at shared side since source standing state status step suggested
        take_back_until taken_back_on to to_agency to_channel unfit unnamed up_to version waiting waits_for waits_on
        watch working_groups yes
    """,
    Class.PSEUDONYMOUS: """
        age_band agreed agreed_on allowed appointment appointments asked attended basis came_with category check child
        client cohort consent contact contact_prohibited contacts county dating declined detailed disclosure domain
        due_date edd emergency end_recorded entries episode event evidence evidence_in_error expires feedback fields
        finding findings handoff helps_with history identified_at identified_on inquiry instrument interpreter items
        kinds language lead leads letter measurement members met need need_met needs opened_at outreach outreach_paused
        overruled own_client parent payer phase planned_at planned_for planned_on postpartum_visits prenatal_care_on
        printed_at purpose question questions race_ethnicity reason reason_code referral referrals registered
        respectful_care responsibility safe_contact_plan same screening screenings send_again silence stop stop_recorded
        subject supersedes tags unasked units visit whole work zip_group
    """,
    Class.SENSITIVE: """
        births by_restricted cause children delivered_on end ended_on exception gestational_days guarded live
        live_children restricted result results score weight_band weight_g
    """,
    Class.IDENTITY: """
        address answer birth_date city family file given identifier identifiers identity line medi_cal_cin mrn
        name names note phones safe_contact text typed words zip
    """,
}
# One name, two meanings.
_OF_MODELS: Final[Mapping[Class, str]] = {
    Class.PUBLIC: """
        AgencyStatedV1.name BeingBuilt.name AgencyStatedV1.phones ServiceStatedV1.name Address.city
        AgencyChange.name AgencyChange.phones AgencyInFull.name AgencyInFull.phones AgencyListed.name
        AgencyListed.phones AgencyNamed.name AgencyOnSystem.name AgencyOnSystem.phones AgencyShown.name
        AgencyShown.phones InitiativeNamed.name InitiativeShown.name Receiver.name checks.QuestionShown.name
        ServiceStatedV1.category Counted.basis Withdrawal.reason RuleShown.units LeadShown.name
        ServiceChange.name ServiceListed.name ServiceOffered.name ServiceShown.name BaselineShown.name
        Coming.name Explanation.name Figures.name ReleaseShown.name MeasureShown.note MeasureShown.text
        TargetShown.note RuleShown.words RemainsShown.births Agencies.items Services.items Initiatives.items
        Measures.items Releases.items PopulationFigures.items Targets.items
    """,
    Class.OPERATIONAL: """
        ClaimShown.name Me.name Me.subject StaffMember.name StaffMember.subject StaffList.items
        CheckAnswered.answer checks.QuestionShown.answer WorkCounts.answer FitOf.zip
    """,
    Class.PSEUDONYMOUS: """
        ConsentShown.ended_on HandoffShown.given ReferralShown.given SentShown.given SafeContactShown.given
        ContactShown.note FileListed.note FileShown.note HandoffShown.note NoteRef.note NoteShown.note
        ReferralShown.note ReferralShown.exception ClientShown.since NeedScreenedV1.result
    """,
    Class.SENSITIVE: """
        CodeGiven.code AccessAsked.code AccessGiven.token
    """,
    Class.IDENTITY: """
        DisclosureShown.reason EnteredInError.reason DatingInError.reason ConsentException.reason PlanSafeContact.reason
        BreakGlassAsked.reason SafeContactShown.reason
    """,
}


def _split(table: Mapping[Class, str]) -> Iterator[tuple[str, Class]]:
    return ((name, each) for each, names in table.items() for name in names.split())


NAMES: Final[Mapping[str, Class]] = dict(_split(_NAMES))
OF_MODELS: Final[Mapping[str, Class]] = dict(_split(_OF_MODELS))

CEILINGS: Final[Mapping[str, Class]] = {
    "care.directory.v1": Class.OPERATIONAL,
    "care.events.v1": Class.PSEUDONYMOUS,
    "care.restricted.v1": Class.SENSITIVE,
}
"""By topic."""


def class_of(model: str, field: str) -> Class:
    """The class of a field. Raises Unclassified."""
    found = OF_MODELS.get(f"{model}.{field}") or NAMES.get(field)
    if found is None:
        raise Unclassified(f"{model}.{field}")
    return found
