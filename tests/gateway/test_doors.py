"""No way into the gateway leads past the decision point; and the look at the ways goes red when one does."""

import copy
import re
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.access.authorize import OPEN, TABLE, Resource, authorize
from services.gateway.main import public_document
from services.gateway.pages.gate import Gated
from services.gateway.pages.routes import PAGES
from services.gateway.passage.table import BadDocument, Table
from services.runtime.auth import Principal
from tests.gateway.doors import past_the_decision
from tests.gateway.house import House
from tests.gateway.upstream_twin import OPERATIONS

DOCUMENT = public_document()


def somebody(*roles: str) -> Principal:
    return Principal("s", "fresno-ptbi", "example-clinic-north", frozenset(roles))


async def view(_: Any) -> Response:
    return Response()


def test_every_door_has_a_gate() -> None:
    assert past_the_decision(PAGES, Table(DOCUMENT)) == []


def test_a_page_without_a_gate_is_seen() -> None:
    planted = [*PAGES, Route("/secret", view), Gated("/other", view, "do_anything")]
    assert past_the_decision(planted, Table(DOCUMENT)) == ["/secret: no gate", "/other: do_anything is in no table"]


def test_an_operation_without_a_row_is_seen() -> None:
    planted = copy.deepcopy(DOCUMENT)
    planted["paths"]["/v1/secrets"] = {"get": {"operationId": "read_secrets", "x-closeknit-service": "referrals"}}
    assert past_the_decision(PAGES, Table(planted)) == ["read_secrets is in no table"]


def test_the_table_says_what_the_services_say() -> None:
    said = {
        operation["operationId"]: frozenset(operation.get("x-roles", ()))
        for item in DOCUMENT["paths"].values()
        for operation in item.values()
    }
    assert {action: roles for action, roles in said.items() if action not in OPEN} == dict(TABLE)


STAFF = {"staff", "case_manager"}
# The "who" column of interface.md section 3 in one word each; `sides` is the right side only, people or system.
PROMISED: Mapping[str, set[str]] = {
    "any": set(),
    "staff": STAFF,
    "staff, system": STAFF | {"system"},
    "sides": STAFF | {"system"},
    "case_manager": {"case_manager"},
    "case_manager, agency_admin": {"case_manager", "agency_admin"},
    "working_group, backbone": {"working_group", "backbone"},
    # More than the page says: a system has to know whom it can ask, and names a contact when it completes.
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
        list_consents
        change_consent
        revoke_consent
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
        list_agency
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


def test_the_table_says_what_the_interface_promises() -> None:
    promised = {action: PROMISED[who] for who, actions in WHO.items() for action in actions.split()}
    assert {action: set(roles) for action, roles in TABLE.items()} == promised


@pytest.mark.parametrize("action", sorted(TABLE))
def test_who_has_no_role_is_refused(action: str) -> None:
    resource = Resource("/v1/x")
    assert authorize(None, action, resource).slug == "not-signed-in"
    assert authorize(somebody("client"), action, resource).allowed == (not TABLE[action])
    for role in TABLE[action]:
        assert authorize(somebody(role), action, resource).allowed


def test_what_nobody_decided_is_refused() -> None:
    assert not authorize(somebody("staff", "backbone", "operator"), "drop_everything", Resource("/")).allowed
    assert authorize(None, "list_initiatives", Resource("/v1/initiatives")).allowed


def test_the_twin_speaks_of_what_is_there() -> None:
    known = {(each.action, each.method, each.template) for each in Table(DOCUMENT).operations}
    assert set(OPERATIONS) <= known


def test_a_document_without_a_service_is_no_table() -> None:
    with pytest.raises(BadDocument, match="x-closeknit-service"):
        Table({"paths": {"/v1/x": {"get": {"operationId": "x"}}}})


GATED = [route.path for route in PAGES if isinstance(route, Gated) and "GET" in (route.methods or ())]


@pytest.mark.parametrize("path", GATED)
def test_a_stranger_is_asked_to_sign_in(house: House, path: str) -> None:
    with house.visitor() as visitor:
        answer = visitor.get(path.replace("{", "").replace("}", ""), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")
    assert house.twin.heard == []


def test_every_form_has_a_page_to_come_back_to() -> None:
    posted = {route.path for route in PAGES if isinstance(route, Gated) and "POST" in (route.methods or ())}
    shown = [re.sub(r"{\w+}", "[^/]+", path) for path in GATED]
    assert {path for path in posted if not any(re.fullmatch(page, path) for page in shown)} == set()
    assert not any(re.fullmatch(page, "/clients/x/y/z/w") for page in shown)


@pytest.mark.parametrize(("person", "path"), [("greta-example", "/work"), ("sam-specimen", "/scorecard")])
def test_a_role_opens_its_own_pages_alone(house: House, person: str, path: str) -> None:
    with house.visitor(person) as visitor:
        answer = visitor.get(path)
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.text
