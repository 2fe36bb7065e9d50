"""Owns what the matrix asks about: for each operation one real thing, whose it is, and who else takes part in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from deploy.authorization import Kind, kind_of
from services.gateway.passage.table import Operation
from tests.fix_line import Line
from tests.referrals.api.asking import MAILED, READY, Ready
from tests.referrals.api.conftest import FRESNO, SAN_FRANCISCO, Caller
from tests.referrals.api.story import AGREED, DOULA, Given, Referral, until
from tests.referrals.api.test_letters import code_of, printed
from tests.referrals.api.world import BODIES, things

NORTH, DOULAS, HUB = "example-clinic-north", "example-doula-network", "sample-county-chw-hub"
BESIDE: Final = {"agency": "muster-birth-circle", "service": "birth-circle-doula"}
"""Another that offers what the doulas do."""
ABROAD: Final = {"agency": "example-bay-clinic", "service": "bay-clinic-prenatal-navigation"}


PNG: Final = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
MEASURE: Final = "response_rate"
BUILT: Final = {"period": "2026-Q1", "cutoff": "2026-10-31T00:00:00Z", "measures": [MEASURE]}
HISTORY: Final = (
    *("simulate", "--initiative", SAN_FRANCISCO, "--clients", "20", "--months", "14"),
    *("--seed", "11", "--until", "2026-11-01"),
)
"""What a release is built of."""
OF_NORTH: Final = "nora-of-north-alone"
"""Who works there and nowhere else: a name that other tests' callers have elsewhere is a colleague elsewhere too."""
PLAIN: Final = {"link_client", "unlink_client", "answer_question", "answer_inquiry"}
"""What begins with a referral of its own to the doulas: she may have none with them yet."""
COMING: Final = timedelta(seconds=5)
"""So soon is the visit that is missed: none can be booked for what is past."""


@dataclass(frozen=True)
class Stage:
    """One operation with something to do it to; `her`: the woman as her own agency and as the other one names her."""

    places: Mapping[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    own: str = NORTH
    other: str = DOULAS
    her: tuple[str, str] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    home: str = FRESNO


@dataclass(frozen=True)
class Known(Given):
    """Clients of the sender's whom the doulas serve too: referred with her consent, accepted, and read."""

    shared: dict[str, Referral] = field(default_factory=dict)

    def client(self, **identity: Any) -> str:
        client = super().client(**identity)
        self.shared[client] = self.accepted(client)
        self.receiver.seen(f"{self.shared[client].path}/given")  # reading makes the copy that the log's follower would
        return client


def _on(referral: Referral, body: dict[str, Any] | None = None) -> Ready:
    return Ready({"referral": referral.id}, body)


def _over(given: Given) -> Ready:
    return _on(given.completed(), BODIES["attest_referral"])


def _asked_to_stop(given: Given) -> Ready:
    return _on(given.accepted(), BODIES["request_referral_cancellation"])


def _drafted(given: Given) -> Ready:
    body = {"draft": True, "client": given.client(), "to": DOULA, "category": "doula", "consent": AGREED}
    return _on(Referral(given.sender.done("/v1/referrals", body)["referral"], given.sender, given.receiver, ""))


def _passed_on(given: Given) -> Ready:
    sent = given.sent()
    given.receiver.done(f"{sent.path}/redirect", {"to": BESIDE, "reason": "no_capacity"})
    return _on(sent)


def _agreed(given: Given) -> Ready:
    handoff = given.proposed()
    given.sender.done(f"{handoff.path}/client-agrees", {"consent": AGREED})
    return Ready({"handoff": handoff.id})


def _accepted_handoff(given: Given) -> Ready:
    handoff = given.offered()
    given.receiver.done(f"{handoff.path}/accept")
    return Ready({"handoff": handoff.id}, BODIES["introduce_handoff"])


def _filed(given: Given) -> Ready:
    client, sender = given.client(), given.sender
    headers = {"Authorization": f"Bearer {sender.token}", "Idempotency-Key": uuid4().hex}
    made = sender.http.post(
        f"{sender.url}/v1/notes", data={"client": client}, files={"file": ("card.png", PNG)}, headers=headers
    )
    assert made.is_success, made.text
    return Ready({"note": str(made.json()["note"])})


def _lettered(given: Given) -> Ready:
    return Ready({}, code_of(printed(given.sent(**MAILED))))


def _let_in(given: Given) -> Ready:
    code = given.sender.done(f"/v1/clients/{given.client()}/access-codes")["code"]
    return Ready({}, {"code": code})


def _sending(given: Given) -> Ready:
    return Ready({}, {"client": given.client(), "to": BESIDE, "category": "doula", "consent": AGREED})


def _missed(given: Given) -> Ready:
    """A visit whose time has come."""
    visit = given.booked(days=COMING.total_seconds() / 86_400)
    due = datetime.now(UTC) + COMING
    until(lambda: datetime.now(UTC) > due)
    return Ready({"appointment": visit.id})


MADE: Final[Mapping[str, Callable[[Given], Ready]]] = {
    "attest_referral": _over,
    "request_referral_cancellation": _asked_to_stop,
    "close_referral": lambda given: _on(given.accepted(), BODIES["close_referral"]),
    "book_appointment": lambda given: _on(given.accepted()),
    "send_draft": _drafted,
    "redirect_referral": lambda given: _on(given.sent(), {"to": BESIDE, "reason": "no_capacity"}),
    "open_redirected": _passed_on,
    "offer_handoff": _agreed,
    "introduce_handoff": _accepted_handoff,
    "client_declines_handoff": lambda given: Ready({"handoff": given.proposed().id}),
    "get_note_file": _filed,
    "answer_letter": _lettered,
    "open_access": _let_in,
    "ask_for_room": lambda given: Ready({}, {"category": "doula", "to": [BESIDE["service"]]}),
    "miss_appointment": _missed,
    "record_consent": lambda given: Ready({"client": given.client()}, AGREED | {"recipient": BESIDE["agency"]}),
    "send_referral": _sending,
    "list_held": lambda given: Ready({}, {"person": "testa"}),
    "get_agency_figures": lambda given: Ready({"agency": NORTH}),
}
"""By operation, where neither the tests' world nor what is ready for generated requests has it."""


class Stagehand:
    """Who sets a stage: the two agencies of the story, and the backbones."""

    def __init__(self, line: Line) -> None:
        self._line = line
        everything = ("staff", "case_manager", "privacy_officer")
        self.sender, self.receiver = line.caller(NORTH, *everything, subject=OF_NORTH), line.caller(DOULAS)
        self.backbone = line.caller(None, "backbone")
        self.builder, self.approver = (
            line.caller(None, "backbone", initiative=SAN_FRANCISCO, subject=each) for each in ("bo", "bella")
        )

    def set_for(self, operation: Operation) -> Stage:
        """A new thing that the operation can be done to by its own agency."""
        action, kind = operation.action, kind_of(operation)
        if operation.names == ("release",):
            return self._release(action)
        if operation.names == ("measure",):
            return Stage({"measure": MEASURE})
        if kind in {Kind.ENTRY, Kind.OWN_ENTRY, Kind.IN_BODY, Kind.OFFICE}:
            return self._entry(action)
        known = kind in {Kind.HER, Kind.RECORD} and action not in PLAIN
        given = Known(self.sender, self.receiver) if known else Given(self.sender, self.receiver)
        ready = (MADE.get(action) or READY.get(action) or _plain(operation))(given)
        body = ready.body or BODIES.get(action)
        receivers = kind is Kind.RECEIVER or ready.by is self.receiver
        own, other = (DOULAS, NORTH) if receivers else (NORTH, DOULAS)
        shared = list(given.shared.values())[-1:] if isinstance(given, Known) and kind is Kind.HER else []
        return Stage(ready.places, body, own, other, next(((each.client, each.theirs) for each in shared), None))

    def another_woman(self, agency: str, initiative: str) -> Caller:
        """A client of the agency's, let in by her code, whom nothing on the stage is about.

        One of another agency of the initiative, where this one is of the stage's own making or is not there.
        """
        here = {FRESNO: (NORTH, DOULAS, HUB), SAN_FRANCISCO: (ABROAD["agency"],)}[initiative]
        staff = self._line.caller(agency if agency in here else here[0], initiative=initiative)
        code = staff.done(f"/v1/clients/{Given(staff, staff).client()}/access-codes")["code"]
        opened = Caller(staff.url, None, staff.http).done("/v1/access", {"code": code})
        return Caller(staff.url, opened["token"], staff.http)

    def _entry(self, action: str) -> Stage:
        agency, service = f"sample-{uuid4().hex[:12]}", f"service-{uuid4().hex[:12]}"
        listed = {"agency": agency, "name": f"Sample {agency}", "type": "clinic"}
        offered = {"agency": agency, "service": service, "name": "Sample support", "category": "doula"}
        if action == "build_release":
            return Stage(body=BUILT, home=SAN_FRANCISCO)
        if action == "list_agency":
            return Stage(body=listed)
        self.backbone.done("/v1/directory/agencies", {**listed, "active": action != "activate_agency"})
        if action == "list_service":
            return Stage(body=offered | {"service": f"{service}-too"}, own=agency)
        self.backbone.done("/v1/directory/services", offered)
        body = BODIES.get(action) or {"edit_agency": {"name": "Sample"}, "edit_service": {"name": "Sample"}}.get(action)
        return Stage({"agency": agency, "service": service}, body, agency)

    def _release(self, action: str) -> Stage:
        release = self._built(BUILT, approved=action != "approve_release")
        reads = {"get_release_figures", "explain_release_figure", "list_release_changes"}
        query = {"measure": MEASURE} if action in reads else {}
        if action == "list_release_changes":
            query |= {"since": self._built({**BUILT, "period": "2026-Q2"})}
        body = {"reason": "A county counted twice"} if action == "withdraw_release" else None
        return Stage({"release": release}, body, query=query, home=SAN_FRANCISCO)

    def _built(self, of: Mapping[str, Any], *, approved: bool = True) -> str:
        key = uuid4().hex
        release = str(until(lambda: self.builder.done("/v1/releases", of, key=key).get("release"), 60))
        if approved:
            self.approver.done(f"/v1/releases/{release}/approve")
        return release


def _plain(operation: Operation) -> Callable[[Given], Ready]:
    def made(given: Given) -> Ready:
        of = things(given)
        return Ready({name: of[name]() for name in operation.names})

    return made
