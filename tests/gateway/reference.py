"""Owns who may do what a second time, as a plain table by the words of the interface: the policies are held to it."""

from collections.abc import Mapping
from typing import Final

from services.gateway.access.authorize import Resource
from services.runtime.auth import Principal

STAFF = {"staff", "case_manager"}
PROMISED: Mapping[str, set[str]] = {
    "any": set(),
    "client, case_manager, privacy_officer": {"client", "case_manager", "privacy_officer"},
    "client": {"client"},
    "staff, client": STAFF | {"client"},
    "privacy_officer": {"privacy_officer"},
    "staff": STAFF,
    "staff, system": STAFF | {"system"},
    "sides": STAFF | {"system"},
    "case_manager": {"case_manager"},
    "case_manager, agency_admin": {"case_manager", "agency_admin"},
    "working_group, backbone": {"working_group", "backbone"},
    # More than that page says: a system has to know whom it can ask, and names a contact when it completes.
    "staff, agency_admin, backbone and a system": STAFF | {"agency_admin", "backbone", "system"},
    "backbone": {"backbone"},
    "agency_admin, backbone": {"agency_admin", "backbone"},
    "staff, agency_admin": STAFF | {"agency_admin"},
    "agency_admin": {"agency_admin"},
    "staff and a system": STAFF | {"system"},
}
WHO: Mapping[str, str] = {
    "any": """
        get_me
    """,
    "staff": """
        get_agency_figures
        search_clients
        identify_need
        list_needs
        get_need
        resolve_need
        enter_need_in_error
        record_screening
        list_screenings
        enter_screening_in_error
        get_client
        get_identity
        correct_identity
        get_demographics
        state_demographics
        pause_outreach
        resume_outreach
        link_client
        unlink_client
        record_deceased
        record_moved_away
        record_no_contact
        correct_no_contact
        open_episode
        get_episode
        list_episodes
        date_episode
        start_prenatal_care
        lose_episode
        resume_episode
        end_episode
        record_postpartum_visit
        close_episode
        enter_episode_in_error
        enter_dating_in_error
        record_consent
        get_consent
        change_consent
        acknowledge_consent
        enter_consent_in_error
        plan_safe_contact
        create_note
        get_note
        get_note_file
        get_referral_letter
        ask_about_referral
        list_referral_questions
        ask_about_handoff
        list_handoff_questions
        answer_question
        answer_for_receiver
        list_work
        claim_work
        release_work
        take_over_work
        search_referrals
        list_appointments
        get_referral_feedback
        ask_referral_feedback
        answer_referral_feedback
        give_access_code
    """,
    "client, case_manager, privacy_officer": """
        list_disclosures
        print_disclosures
    """,
    "staff, client": """
        list_consents
        revoke_consent
    """,
    "client": """
        ask_about_disclosure
        list_helpers
    """,
    "privacy_officer": """
        list_inquiries
        answer_inquiry
    """,
    "staff, system": """
        register_client
        send_referral
        list_referrals
        get_referral
        get_draft
        change_draft
        delete_draft
        send_draft
    """,
    "sides": """
        ask_for_room
        get_capacity_check
        answer_capacity_check
        close_capacity_check
        get_referral_given
        list_referral_files
        list_contact_files
        receive_referral
        accept_referral
        decline_referral
        waitlist_referral
        redirect_referral
        open_redirected
        complete_referral
        cancel_referral
        request_referral_cancellation
        confirm_referral_cancellation
        acknowledge_referral
        take_back_referral
        enter_referral_in_error close_referral
        propose_handoff
        get_handoff
        get_handoff_given
        client_agrees_handoff
        offer_handoff
        accept_handoff
        decline_handoff
        complete_handoff
        acknowledge_handoff
        book_appointment
        get_appointment
        reschedule_appointment
        attend_appointment
        miss_appointment
        cancel_appointment
        take_back_appointment
        enter_appointment_in_error
        client_declines_handoff
        withdraw_handoff
        introduce_handoff
        take_back_handoff
    """,
    "case_manager, agency_admin": """
        attest_referral
    """,
    "case_manager": """
        get_timeline
        break_glass
        list_responsibility
        list_watch
        take_responsibility
        leave_responsibility
    """,
    "working_group, backbone": """
        list_measures
        get_measure
        list_releases
        get_release
        get_release_figures
        list_release_changes
        explain_release_figure
        list_targets
        list_population_figures
    """,
    "backbone": """
        list_agency
        build_release
        approve_release
        withdraw_release
    """,
    "staff, agency_admin, backbone and a system": """
        list_agencies
        list_services
        search_services
        get_agency
        get_service
        state_capacity
    """,
    "agency_admin, backbone": """
        edit_agency
        activate_agency
        pause_agency
        leave_agency
        list_service
        edit_service
    """,
    "staff, agency_admin": """
        list_staff
        list_claims
    """,
    "agency_admin": """
        list_held
        hand_on
    """,
    "staff and a system": """
        record_contact
        get_contact
        list_contacts
        record_planned_contact
        amend_contact
        cancel_contact
        plan_contact
        get_contact_plan
        record_group_session
        take_back_contact
        enter_contact_in_error
    """,
}

OPEN: Final = {"list_initiatives", "answer_letter", "open_access", "list_access_keys"}
"""What nobody needs to be signed in for."""
OWN_ENTRY: Final = {"edit_agency", "activate_agency", "pause_agency", "leave_agency"}
"""What an agency does with its own entry alone, and the backbone with every one."""
OF_THE_INITIATIVE: Final = {"backbone", "working_group"}
"""Roles that are held without an agency; whoever has another belongs to one, or the role counts for nothing."""
ROLES: Final = {action: PROMISED[who] for who, actions in WHO.items() for action in actions.split()}


def allowed(principal: Principal | None, action: str, resource: Resource) -> bool:
    """What `authorize` has to say."""
    if principal is None:
        return action in OPEN
    if principal.initiative not in resource.initiatives:
        return False
    if action in OPEN or ROLES.get(action) == set():
        return True
    roles = set(principal.roles) if principal.agency is not None else principal.roles & OF_THE_INITIATIVE
    if action in OWN_ENTRY and resource.parameters.get("agency") != principal.agency:
        roles -= {"agency_admin"}
    return not roles.isdisjoint(ROLES.get(action, set()))
