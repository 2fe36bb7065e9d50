"""Owns the one decision point: who may do what. A plain table today; its signature is that of a policy engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from services.runtime.auth import Principal

STAFF = frozenset({"staff", "case_manager"})
AGENCY = STAFF | {"system"}
MANAGER = frozenset({"agency_admin"})
CASE_MANAGER = frozenset({"case_manager"})
SUPERVISORS = CASE_MANAGER | MANAGER
DIRECTORY = AGENCY | {"agency_admin", "backbone"}
EDITORS = frozenset({"agency_admin", "backbone"})
READERS = frozenset({"working_group", "backbone"})
BACKBONE = frozenset({"backbone"})
ANYBODY = frozenset[str]()

# Action (the operation id of the public API) -> roles. ANYBODY: whoever is signed in.
TABLE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "get_me": ANYBODY,
        "register_client": AGENCY,
        "search_clients": STAFF,
        "get_client": STAFF,
        "get_identity": STAFF,
        "correct_identity": STAFF,
        "get_demographics": STAFF,
        "state_demographics": STAFF,
        "pause_outreach": STAFF,
        "resume_outreach": STAFF,
        "link_client": STAFF,
        "unlink_client": STAFF,
        "record_deceased": STAFF,
        "record_moved_away": STAFF,
        "record_no_contact": STAFF,
        "correct_no_contact": STAFF,
        "open_episode": STAFF,
        "get_episode": STAFF,
        "list_episodes": STAFF,
        "date_episode": STAFF,
        "start_prenatal_care": STAFF,
        "lose_episode": STAFF,
        "resume_episode": STAFF,
        "end_episode": STAFF,
        "record_postpartum_visit": STAFF,
        "close_episode": STAFF,
        "enter_episode_in_error": STAFF,
        "enter_dating_in_error": STAFF,
        "record_consent": STAFF,
        "get_consent": STAFF,
        "change_consent": STAFF,
        "revoke_consent": STAFF,
        "acknowledge_consent": STAFF,
        "enter_consent_in_error": STAFF,
        "list_consents": STAFF,
        "plan_safe_contact": STAFF,
        "record_contact": AGENCY,
        "get_contact": AGENCY,
        "list_contacts": AGENCY,
        "record_planned_contact": AGENCY,
        "amend_contact": AGENCY,
        "cancel_contact": AGENCY,
        "plan_contact": AGENCY,
        "get_contact_plan": AGENCY,
        "record_group_session": AGENCY,
        "take_back_contact": AGENCY,
        "enter_contact_in_error": AGENCY,
        "identify_need": STAFF,
        "list_needs": STAFF,
        "get_need": STAFF,
        "resolve_need": STAFF,
        "enter_need_in_error": STAFF,
        "record_screening": STAFF,
        "list_screenings": STAFF,
        "enter_screening_in_error": STAFF,
        "get_timeline": CASE_MANAGER,
        "list_responsibility": CASE_MANAGER,
        "list_watch": CASE_MANAGER,
        "take_responsibility": CASE_MANAGER,
        "leave_responsibility": CASE_MANAGER,
        "propose_handoff": AGENCY,
        "send_referral": AGENCY,
        "list_referrals": AGENCY,
        "get_draft": AGENCY,
        "change_draft": AGENCY,
        "delete_draft": AGENCY,
        "send_draft": AGENCY,
        "get_referral": AGENCY,
        "get_referral_given": AGENCY,
        "get_referral_letter": STAFF,
        "ask_about_referral": STAFF,
        "list_referral_questions": STAFF,
        "ask_about_handoff": STAFF,
        "list_handoff_questions": STAFF,
        "answer_question": STAFF,
        "answer_for_receiver": STAFF,
        "receive_referral": AGENCY,
        "accept_referral": AGENCY,
        "decline_referral": AGENCY,
        "waitlist_referral": AGENCY,
        "redirect_referral": AGENCY,
        "open_redirected": AGENCY,
        "complete_referral": AGENCY,
        "cancel_referral": AGENCY,
        "request_referral_cancellation": AGENCY,
        "confirm_referral_cancellation": AGENCY,
        "close_referral": AGENCY,
        "attest_referral": SUPERVISORS,
        "take_back_referral": AGENCY,
        "enter_referral_in_error": AGENCY,
        "acknowledge_referral": AGENCY,
        "get_referral_feedback": STAFF,
        "ask_referral_feedback": STAFF,
        "answer_referral_feedback": STAFF,
        "book_appointment": AGENCY,
        "get_appointment": AGENCY,
        "list_appointments": STAFF,
        "reschedule_appointment": AGENCY,
        "attend_appointment": AGENCY,
        "miss_appointment": AGENCY,
        "cancel_appointment": AGENCY,
        "take_back_appointment": AGENCY,
        "enter_appointment_in_error": AGENCY,
        "get_handoff": AGENCY,
        "get_handoff_given": AGENCY,
        "client_agrees_handoff": AGENCY,
        "offer_handoff": AGENCY,
        "accept_handoff": AGENCY,
        "decline_handoff": AGENCY,
        "client_declines_handoff": AGENCY,
        "withdraw_handoff": AGENCY,
        "acknowledge_handoff": AGENCY,
        "take_back_handoff": AGENCY,
        "introduce_handoff": AGENCY,
        "complete_handoff": AGENCY,
        "create_note": STAFF,
        "get_note": STAFF,
        "get_note_file": STAFF,
        "list_referral_files": AGENCY,
        "list_contact_files": AGENCY,
        "list_work": STAFF,
        "claim_work": STAFF,
        "release_work": STAFF,
        "take_over_work": STAFF,
        "list_staff": STAFF | MANAGER,
        "list_claims": STAFF | MANAGER,
        "list_held": MANAGER,
        "hand_on": MANAGER,
        "search_referrals": STAFF,
        "list_agencies": DIRECTORY,
        "list_services": DIRECTORY,
        "search_services": DIRECTORY,
        "get_agency": DIRECTORY,
        "get_service": DIRECTORY,
        "ask_for_room": AGENCY,
        "get_capacity_check": AGENCY,
        "answer_capacity_check": AGENCY,
        "close_capacity_check": AGENCY,
        "list_agency": EDITORS,
        "edit_agency": EDITORS,
        "activate_agency": EDITORS,
        "pause_agency": EDITORS,
        "leave_agency": EDITORS,
        "list_service": EDITORS,
        "edit_service": EDITORS,
        "state_capacity": DIRECTORY,
        "list_measures": READERS,
        "get_measure": READERS,
        "list_releases": READERS,
        "get_release": READERS,
        "get_release_figures": READERS,
        "list_release_changes": READERS,
        "explain_release_figure": READERS,
        "list_targets": READERS,
        "list_population_figures": READERS,
        "get_agency_figures": STAFF,
        "build_release": BACKBONE,
        "approve_release": BACKBONE,
        "withdraw_release": BACKBONE,
    }
)

# What nobody needs to be signed in for.
OPEN = frozenset({"list_initiatives", "answer_letter"})


@dataclass(frozen=True, slots=True)
class Resource:
    """What is acted on: the route's template and the values of its parameters; they reach a policy, never a log."""

    template: str
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes, or the slug of the problem that says why not."""

    allowed: bool
    slug: str | None = None


ALLOWED = Decision(True)
NOT_SIGNED_IN = Decision(False, "not-signed-in")
ROLE_FORBIDS = Decision(False, "role-forbids")


def authorize(principal: Principal | None, action: str, resource: Resource) -> Decision:
    """May this principal (None: nobody is signed in) do this to that? An action that the table lacks is refused.

    Sides, consent and what exists are decided by the service that owns the resource, which checks the token again.
    """
    del resource  # the table does not look at it; a policy engine will
    if action in OPEN:
        return ALLOWED
    if principal is None:
        return NOT_SIGNED_IN
    roles = TABLE.get(action)
    if roles is None or (roles and roles.isdisjoint(principal.roles)):
        return ROLE_FORBIDS
    return ALLOWED
