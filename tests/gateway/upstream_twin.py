"""A twin of the services behind the gateway: the public shapes over a small story in memory, and ways to break it."""

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

Json = dict[str, Any]

NORTH = {"agency": "example-clinic-north", "name": "Example Clinic North"}
HUB = {"agency": "sample-county-chw-hub", "name": "Sample County CHW Hub"}
DOULAS = {"agency": "example-doula-network", "name": "Example Doula Network"}
DIAPERS = {"agency": "muster-diaper-bank", "name": "Muster Diaper Bank"}
"""Not on the system."""

# (action, method, path): as in the public document.
OPERATIONS: tuple[tuple[str, str, str], ...] = (
    ("get_me", "GET", "/v1/me"),
    ("list_initiatives", "GET", "/v1/initiatives"),
    ("register_client", "POST", "/v1/clients"),
    ("search_clients", "POST", "/v1/clients/search"),
    ("get_client", "GET", "/v1/clients/{client}"),
    ("get_identity", "GET", "/v1/clients/{client}/identity"),
    ("correct_identity", "PUT", "/v1/clients/{client}/identity"),
    ("get_demographics", "GET", "/v1/clients/{client}/demographics"),
    ("state_demographics", "PUT", "/v1/clients/{client}/demographics"),
    ("pause_outreach", "POST", "/v1/clients/{client}/pause"),
    ("resume_outreach", "POST", "/v1/clients/{client}/resume"),
    ("unlink_client", "POST", "/v1/clients/{client}/unlink"),
    ("record_deceased", "POST", "/v1/clients/{client}/deceased"),
    ("record_moved_away", "POST", "/v1/clients/{client}/moved-away"),
    ("record_no_contact", "POST", "/v1/clients/{client}/no-contact"),
    ("correct_no_contact", "POST", "/v1/clients/{client}/contact-again"),
    ("open_episode", "POST", "/v1/clients/{client}/episodes"),
    ("list_episodes", "GET", "/v1/clients/{client}/episodes"),
    ("get_episode", "GET", "/v1/episodes/{episode}"),
    ("date_episode", "POST", "/v1/episodes/{episode}/date"),
    ("start_prenatal_care", "POST", "/v1/episodes/{episode}/prenatal-care"),
    ("lose_episode", "POST", "/v1/episodes/{episode}/lost"),
    ("resume_episode", "POST", "/v1/episodes/{episode}/resume"),
    ("end_episode", "POST", "/v1/episodes/{episode}/end"),
    ("record_postpartum_visit", "POST", "/v1/episodes/{episode}/postpartum-visit"),
    ("close_episode", "POST", "/v1/episodes/{episode}/close"),
    ("enter_dating_in_error", "POST", "/v1/episodes/{episode}/dating-entered-in-error"),
    ("enter_episode_in_error", "POST", "/v1/episodes/{episode}/entered-in-error"),
    ("record_consent", "POST", "/v1/clients/{client}/consents"),
    ("list_consents", "GET", "/v1/clients/{client}/consents"),
    ("get_consent", "GET", "/v1/consents/{consent}"),
    ("change_consent", "POST", "/v1/consents/{consent}/change"),
    ("acknowledge_consent", "POST", "/v1/consents/{consent}/acknowledge"),
    ("revoke_consent", "POST", "/v1/consents/{consent}/revoke"),
    ("enter_consent_in_error", "POST", "/v1/consents/{consent}/entered-in-error"),
    ("plan_safe_contact", "POST", "/v1/clients/{client}/safe-contact-plan"),
    ("get_contact_plan", "GET", "/v1/clients/{client}/contact-plan"),
    ("plan_contact", "POST", "/v1/clients/{client}/contact-plan"),
    ("get_contact", "GET", "/v1/contacts/{contact}"),
    ("list_contacts", "GET", "/v1/clients/{client}/contacts"),
    ("list_contact_files", "GET", "/v1/contacts/{contact}/files"),
    ("list_referral_files", "GET", "/v1/referrals/{referral}/files"),
    ("get_note", "GET", "/v1/notes/{note}"),
    ("get_note_file", "GET", "/v1/notes/{note}/file"),
    ("amend_contact", "POST", "/v1/contacts/{contact}/amend"),
    ("take_back_contact", "POST", "/v1/contacts/{contact}/take-back"),
    ("enter_contact_in_error", "POST", "/v1/contacts/{contact}/entered-in-error"),
    ("record_planned_contact", "POST", "/v1/contacts/{contact}/record"),
    ("cancel_contact", "POST", "/v1/contacts/{contact}/cancel"),
    ("record_group_session", "POST", "/v1/group-sessions"),
    ("list_needs", "GET", "/v1/clients/{client}/needs"),
    ("identify_need", "POST", "/v1/clients/{client}/needs"),
    ("get_need", "GET", "/v1/needs/{need}"),
    ("resolve_need", "POST", "/v1/needs/{need}/resolve"),
    ("enter_need_in_error", "POST", "/v1/needs/{need}/entered-in-error"),
    ("record_screening", "POST", "/v1/clients/{client}/screenings"),
    ("list_screenings", "GET", "/v1/clients/{client}/screenings"),
    ("enter_screening_in_error", "POST", "/v1/screenings/{screening}/entered-in-error"),
    ("record_contact", "POST", "/v1/clients/{client}/contacts"),
    ("get_timeline", "GET", "/v1/clients/{client}/timeline"),
    ("propose_handoff", "POST", "/v1/clients/{client}/handoffs"),
    ("list_responsibility", "GET", "/v1/clients/{client}/responsibility"),
    ("take_responsibility", "POST", "/v1/clients/{client}/responsibility"),
    ("leave_responsibility", "POST", "/v1/responsibility/{responsibility}/leave"),
    ("send_referral", "POST", "/v1/referrals"),
    ("list_referrals", "GET", "/v1/referrals"),
    ("search_referrals", "POST", "/v1/referrals/search"),
    ("get_referral", "GET", "/v1/referrals/{referral}"),
    ("get_referral_given", "GET", "/v1/referrals/{referral}/given"),
    ("get_referral_letter", "GET", "/v1/referrals/{referral}/letter"),
    ("answer_for_receiver", "POST", "/v1/referrals/{referral}/answer"),
    ("answer_letter", "POST", "/v1/answers"),
    ("open_access", "POST", "/v1/access"),
    ("list_access_keys", "GET", "/v1/access/keys"),
    ("give_access_code", "POST", "/v1/clients/{client}/access-codes"),
    ("print_disclosures", "GET", "/v1/clients/{client}/disclosures/paper"),
    ("break_glass", "POST", "/v1/break-glass"),
    ("ask_about_disclosure", "POST", "/v1/clients/{client}/disclosures/{disclosure}/questions"),
    ("list_inquiries", "GET", "/v1/inquiries"),
    ("answer_inquiry", "POST", "/v1/inquiries/{inquiry}/answer"),
    ("list_disclosures", "GET", "/v1/clients/{client}/disclosures"),
    ("list_helpers", "GET", "/v1/clients/{client}/helpers"),
    ("list_referral_questions", "GET", "/v1/referrals/{referral}/questions"),
    ("ask_about_referral", "POST", "/v1/referrals/{referral}/questions"),
    ("list_handoff_questions", "GET", "/v1/handoffs/{handoff}/questions"),
    ("ask_about_handoff", "POST", "/v1/handoffs/{handoff}/questions"),
    ("answer_question", "POST", "/v1/questions/{question}/answer"),
    ("create_note", "POST", "/v1/notes"),
    ("receive_referral", "POST", "/v1/referrals/{referral}/receive"),
    ("accept_referral", "POST", "/v1/referrals/{referral}/accept"),
    ("decline_referral", "POST", "/v1/referrals/{referral}/decline"),
    ("waitlist_referral", "POST", "/v1/referrals/{referral}/waitlist"),
    ("redirect_referral", "POST", "/v1/referrals/{referral}/redirect"),
    ("open_redirected", "POST", "/v1/referrals/{referral}/draft"),
    ("cancel_referral", "POST", "/v1/referrals/{referral}/cancel"),
    ("request_referral_cancellation", "POST", "/v1/referrals/{referral}/request-cancellation"),
    ("confirm_referral_cancellation", "POST", "/v1/referrals/{referral}/confirm-cancellation"),
    ("complete_referral", "POST", "/v1/referrals/{referral}/complete"),
    ("acknowledge_referral", "POST", "/v1/referrals/{referral}/acknowledge"),
    ("close_referral", "POST", "/v1/referrals/{referral}/close"),
    ("attest_referral", "POST", "/v1/referrals/{referral}/attest"),
    ("take_back_referral", "POST", "/v1/referrals/{referral}/take-back"),
    ("enter_referral_in_error", "POST", "/v1/referrals/{referral}/entered-in-error"),
    ("get_referral_feedback", "GET", "/v1/referrals/{referral}/feedback"),
    ("ask_referral_feedback", "POST", "/v1/referrals/{referral}/feedback/ask"),
    ("answer_referral_feedback", "POST", "/v1/referrals/{referral}/feedback"),
    ("book_appointment", "POST", "/v1/referrals/{referral}/appointments"),
    ("get_appointment", "GET", "/v1/appointments/{appointment}"),
    ("list_appointments", "GET", "/v1/clients/{client}/appointments"),
    ("reschedule_appointment", "POST", "/v1/appointments/{appointment}/reschedule"),
    ("attend_appointment", "POST", "/v1/appointments/{appointment}/attend"),
    ("miss_appointment", "POST", "/v1/appointments/{appointment}/no-show"),
    ("cancel_appointment", "POST", "/v1/appointments/{appointment}/cancel"),
    ("take_back_appointment", "POST", "/v1/appointments/{appointment}/take-back"),
    ("enter_appointment_in_error", "POST", "/v1/appointments/{appointment}/entered-in-error"),
    ("get_handoff", "GET", "/v1/handoffs/{handoff}"),
    ("get_handoff_given", "GET", "/v1/handoffs/{handoff}/given"),
    ("client_agrees_handoff", "POST", "/v1/handoffs/{handoff}/client-agrees"),
    ("offer_handoff", "POST", "/v1/handoffs/{handoff}/offer"),
    ("accept_handoff", "POST", "/v1/handoffs/{handoff}/accept"),
    ("decline_handoff", "POST", "/v1/handoffs/{handoff}/decline"),
    ("get_draft", "GET", "/v1/referrals/{referral}/draft"),
    ("change_draft", "PATCH", "/v1/referrals/{referral}"),
    ("delete_draft", "DELETE", "/v1/referrals/{referral}"),
    ("send_draft", "POST", "/v1/referrals/{referral}/send"),
    ("client_declines_handoff", "POST", "/v1/handoffs/{handoff}/client-declines"),
    ("withdraw_handoff", "POST", "/v1/handoffs/{handoff}/withdraw"),
    ("introduce_handoff", "POST", "/v1/handoffs/{handoff}/introduce"),
    ("acknowledge_handoff", "POST", "/v1/handoffs/{handoff}/acknowledge"),
    ("take_back_handoff", "POST", "/v1/handoffs/{handoff}/take-back"),
    ("list_work", "GET", "/v1/work"),
    ("claim_work", "POST", "/v1/work/{work}/claim"),
    ("release_work", "POST", "/v1/work/{work}/release"),
    ("take_over_work", "POST", "/v1/work/{work}/take-over"),
    ("list_claims", "GET", "/v1/claims"),
    ("list_staff", "GET", "/v1/staff"),
    ("list_held", "POST", "/v1/staff/held"),
    ("hand_on", "POST", "/v1/staff/hand-on"),
    ("list_watch", "GET", "/v1/watch"),
    ("list_agencies", "GET", "/v1/directory/agencies"),
    ("list_services", "GET", "/v1/directory/services"),
    ("ask_for_room", "POST", "/v1/capacity-checks"),
    ("get_capacity_check", "GET", "/v1/capacity-checks/{check}"),
    ("answer_capacity_check", "POST", "/v1/capacity-checks/{check}/answers"),
    ("close_capacity_check", "POST", "/v1/capacity-checks/{check}/close"),
    ("search_services", "POST", "/v1/directory/services/search"),
    ("get_agency", "GET", "/v1/directory/agencies/{agency}"),
    ("list_agency", "POST", "/v1/directory/agencies"),
    ("edit_agency", "PATCH", "/v1/directory/agencies/{agency}"),
    ("activate_agency", "POST", "/v1/directory/agencies/{agency}/activate"),
    ("pause_agency", "POST", "/v1/directory/agencies/{agency}/pause"),
    ("leave_agency", "POST", "/v1/directory/agencies/{agency}/leave"),
    ("list_service", "POST", "/v1/directory/services"),
    ("get_service", "GET", "/v1/directory/services/{service}"),
    ("edit_service", "PATCH", "/v1/directory/services/{service}"),
    ("state_capacity", "PUT", "/v1/directory/services/{service}/capacity"),
    ("list_measures", "GET", "/v1/measures"),
    ("list_releases", "GET", "/v1/releases"),
    ("get_release_figures", "GET", "/v1/releases/{release}/figures"),
    ("list_release_changes", "GET", "/v1/releases/{release}/changes"),
    ("explain_release_figure", "GET", "/v1/releases/{release}/explanation"),
    ("build_release", "POST", "/v1/releases"),
    ("approve_release", "POST", "/v1/releases/{release}/approve"),
    ("withdraw_release", "POST", "/v1/releases/{release}/withdraw"),
    ("get_agency_figures", "GET", "/v1/agencies/{agency}/figures"),
    ("list_targets", "GET", "/v1/targets"),
    ("list_population_figures", "GET", "/v1/population-figures"),
)

ACTIONS = {
    "sent": ["receive", "accept", "decline", "waitlist"],
    "received": ["accept", "decline", "waitlist", "redirect"],
    "accepted": ["decline", "waitlist", "complete", "close"],
    "waitlisted": ["accept", "decline", "close"],
    "in_service": ["complete", "close"],
    "cancel_requested": ["complete", "confirm-cancellation", "close"],
    "completed": [],
}
AFTER = {
    "receive": "received",
    "accept": "accepted",
    "decline": "declined",
    "complete": "completed",
    "waitlist": "waitlisted",
    "redirect": "redirected",
    "cancel": "cancelled",
    "request-cancellation": "cancel_requested",
    "confirm-cancellation": "cancelled",
    "entered-in-error": "entered_in_error",
    "close": "not_completed",
}
SENDERS = {
    "sent": ["cancel"],
    **dict.fromkeys(("received", "waitlisted", "accepted", "in_service"), ["request-cancellation"]),
}


def reference() -> str:
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def uploaded(request: Request) -> Json:
    """What a form with a file holds: how many bytes came, its fields, the file's name and bytes."""
    body: Json = {"bytes": len(await request.body())}
    try:
        async with request.form() as form:
            for name, value in form.items():
                body[name] = await value.read() if isinstance(value, UploadFile) else value
                if isinstance(value, UploadFile):
                    body["name"] = value.filename
    except HTTPException:
        return body  # bytes that are no form: they were counted
    return body


def problem(status: int, slug: str, **more: Any) -> Response:
    body = {"type": f"/problems/{slug}", "title": slug, "status": status, "instance": "urn:uuid:" + "0a" * 16, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


@dataclass
class Twin:
    """The story: Nora Muster, whom the clinic referred to the hub. `breaks` answers an action with something else;
    `heard` holds what came in: a body, or what a read asked for."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    heard: list[tuple[str, Json, Mapping[str, str]]] = field(default_factory=list)
    breaks: dict[str, Callable[[], Response]] = field(default_factory=dict)
    letter_plan: object = None
    long_queue: bool = False
    """Whether what waits for an officer comes in two parts."""
    unnamed: str | None = None
    """What the name of the agency that lets her in tells."""
    glass: str | None = None
    emergencies: dict[str, Json] = field(default_factory=dict)
    gives_medical_care: bool = True
    """Until when her record is open in an emergency."""
    refuses_answer: Response | None = None
    """What a letter's answer comes to, where it is none that can be given."""
    clients: dict[str, Json] = field(default_factory=dict)
    referrals: dict[str, Json] = field(default_factory=dict)
    handoffs: dict[str, Json] = field(default_factory=dict)
    voices: dict[str, Json] = field(default_factory=dict)
    contacts: list[Json] = field(default_factory=list)
    needs: list[Json] = field(default_factory=list)
    screenings: list[Json] = field(default_factory=list)
    promised: list[Json] = field(default_factory=list)
    written: list[Json] = field(default_factory=list)
    recorded: list[Json] = field(default_factory=list)
    consents: list[Json] = field(default_factory=list)
    questions: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    came_with: dict[str, list[Json]] = field(default_factory=dict)
    stops: dict[str, Json] = field(default_factory=dict)
    episodes: list[Json] = field(default_factory=list)
    same: dict[str, list[str]] = field(default_factory=dict)
    outreach: dict[str, str] = field(default_factory=dict)
    demographics: dict[str, Json] = field(default_factory=dict)
    plans: dict[str, Json] = field(default_factory=dict)
    drafts: dict[str, Json] = field(default_factory=dict)
    entries: dict[str, Json] = field(default_factory=dict)
    late: list[Json] = field(default_factory=list)
    shared: Json = field(default_factory=dict)
    watched: list[str] = field(default_factory=list)
    again: dict[str, list[Json]] = field(default_factory=dict)
    claims: dict[str, Json] = field(default_factory=dict)
    answered: dict[str, tuple[int, Json]] = field(default_factory=dict)
    releases: list[Json] = field(default_factory=list)
    buildable: list[Json] = field(default_factory=list)
    coming: list[Json] | None = None
    still_building: int = 0
    colleagues: list[str] = field(default_factory=list)
    handed_on: bool = False
    gone: bool = False
    ready: bool = True

    def __post_init__(self) -> None:
        self.nora = self.register("Nora", "Muster")
        self.referral = self.send(NORTH, HUB, "transportation-insecurity", self.nora, days=9)
        self.handoff = self.propose(NORTH, HUB, self.nora)

    def register(self, given: str, family: str) -> str:
        client = reference()
        self.clients[client] = {"given": given, "family": family}
        return client

    def began(self, **fields: Any) -> str:
        """A referral that somebody of the clinic began and did not send: for Nora, where nothing else is said."""
        id = f"0194{secrets.token_hex(2)}-{secrets.token_hex(2)}-7000-8000-{secrets.token_hex(6)}"
        typed = {"need": ["doula"], "note": ["Works mornings."]}
        self.drafts[id] = {"referral": id, "fields": fields or {"client": self.nora, "typed": typed}, "version": 1}
        return id

    def asks(self) -> str:
        """A question of the clinic to the hub: have you room?"""
        id = f"0195{secrets.token_hex(2)}-{secrets.token_hex(2)}-7000-8000-{secrets.token_hex(6)}"
        question = {"service": "chw", "name": "Care coordination", "agency": HUB, "state": "asked", "answer": None,
                    "from_on": None, "answered_at": None, "first": False, "suggested": False}  # fmt: skip
        self.entries[id] = {
            "check": id, "from": NORTH, "category": "home_visiting", "language": "es", "area": "937", "mine": False,
            "rule": None,
            "asked_at": stamp(self.now), "due": stamp(self.now), "questions": [question], "version": 1,
        }  # fmt: skip
        return id

    def named(self, client: str) -> Json:
        who = self.clients[client]
        return {"client": client, "name": f"{who['given']} {who['family']}".strip()}

    def send(self, sender: Json, to: Json, category: str, client: str, *, days: int = 0) -> str:
        id, at = f"0192{secrets.token_hex(2)}-{secrets.token_hex(2)}-7000-8000-{secrets.token_hex(6)}", self.now
        sent, channel = at - timedelta(days=days), "letter" if to == DIAPERS else "system"
        self.referrals[id] = {
            "referral": id, "client": self.named(client), "from": sender, "category": category, "priority": "routine",
            "to": {**to, "service": "s", "service_name": "Care coordination", "channel": channel}, "mode": "direct",
            "given": ["name", "phones"], "person": None,
            "state": "sent", "sent_at": stamp(sent), "due": stamp(sent + timedelta(days=7)), "overdue": days > 7,
            "facts": {name: {"yes": False, "at": None} for name in ("responded", "connected", "closed")}
            | {"connected": {"yes": False, "at": None, "evidence_in_error": False}},
            "history": [self.event("referral.sent.v1", sent, sender, to=to, category=category, to_channel=channel)],
            "consent": {"how": "spoken", "on": sent.date().isoformat()}, "note": None, "version": 1,
            "appointments": [], "letter": None,
            "external": {"bser": {"status": "received", "business_status": "2.0"}, "sdohcc": {"status": "requested"},
                         "hmis_4_20": None, "dhcs_clr": {"status": "Pending", "date": sent.date().isoformat(),
                                                         "closure_reason": None}},
        }  # fmt: skip
        return id

    def propose(self, sender: Json, to: Json, client: str) -> str:
        id = f"0193{secrets.token_hex(2)}-{secrets.token_hex(2)}-7000-8000-{secrets.token_hex(6)}"
        self.handoffs[id] = {
            "handoff": id, "client": self.named(client), "from": sender, "to": to, "kind": "warm_remote", "watch": 2,
            "domain": "primary_care_coordination", "state": "offered", "proposed_at": stamp(self.now),
            "due": stamp(self.now + timedelta(days=3)), "overdue": False, "consent": None, "version": 3,
            "given": ["name", "phones"], "evidence_in_error": False,
            "history": [self.event("handoff.proposed.v1", self.now, sender)],
        }  # fmt: skip
        return id

    def event(self, type_: str, at: datetime, agency: Json, **detail: Any) -> Json:
        return {"event": reference(), "type": type_, "at": stamp(at), "recorded_at": stamp(at), "agency": agency,
                "by": None, "detail": detail}  # fmt: skip

    def app(self) -> ASGIApp:
        """The twin as an application; while it is `gone`, a connection breaks in the middle of the answer."""
        routes = [Route(path, self._endpoint(action), methods=[method]) for action, method, path in OPERATIONS]
        routes.append(Route("/health/ready", self._health))
        served = Starlette(routes=routes)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if self.gone and scope["type"] == "http":
                half = [(b"content-length", b"100")]
                await send({"type": "http.response.start", "status": 200, "headers": half})
                await send({"type": "http.response.body", "body": b"{", "more_body": True})
                raise ConnectionError
            await served(scope, receive, send)

        return app

    async def _health(self, _: Request) -> Response:
        return JSONResponse({}, 200 if self.ready else 503)

    def _endpoint(self, action: str) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            raw = await request.body()
            form = request.headers.get("content-type", "").startswith("multipart/")
            body = await uploaded(request) if form else await request.json() if raw else dict(request.query_params)
            self.heard.append((action, body, dict(request.headers)))
            if action in self.breaks:
                return self.breaks[action]()
            from tests.gateway.upstream_answers import ANSWERS  # the two halves of the twin know each other

            return ANSWERS[action](self, request, body)

        return endpoint
