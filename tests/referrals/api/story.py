"""Owns the words of API tests: given (what happened before), when (one answer), then (what it has to be)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from tests.days import SAID_ON
from tests.referrals.api.conftest import Caller

Found = TypeVar("Found")

DOULA = {"agency": "example-doula-network", "service": "doula-network-birth-support"}
TO_NORTH: dict[str, Any] = {
    "to": {"agency": "example-clinic-north", "service": "clinic-north-prenatal-navigation"},
    "category": "prenatal_care_navigation",
}
"""What turns a referral around, for stories in which the clinic is the one that is asked."""
AGREED = {"agreed": True, "how": "spoken", "on": SAID_ON, "fields": ["name", "phones", "note"]}
MET = {"mode": "home_visit", "outcome": "completed"}


@dataclass(frozen=True)
class Referral:
    """A referral that was sent: its id, its address, and the client as each side knows her."""

    id: str
    sender: Caller
    receiver: Caller
    client: str

    @property
    def path(self) -> str:
        return f"/v1/referrals/{self.id}"

    @property
    def theirs(self) -> str:
        """The receiver's own reference of the client."""
        return str(self.receiver.seen(f"{self.path}?names=false")["client"]["client"])


@dataclass(frozen=True)
class Handoff:
    """A handoff that was proposed."""

    id: str
    sender: Caller
    receiver: Caller
    client: str

    @property
    def path(self) -> str:
        return f"/v1/handoffs/{self.id}"

    @property
    def theirs(self) -> str:
        """The receiver's own reference of the client."""
        return str(self.receiver.seen(f"{self.path}?names=false")["client"]["client"])


@dataclass(frozen=True)
class Visit:
    """A visit that was booked for a referral."""

    id: str
    referral: Referral

    @property
    def path(self) -> str:
        return f"/v1/appointments/{self.id}"


def in_days(days: float) -> str:
    """A time that many days from now, in a zone where no day begins before it does in the initiatives'."""
    return (datetime.now(timezone(timedelta(hours=-8))) + timedelta(days=days)).isoformat()


@dataclass(frozen=True)
class Given:
    """What happened before, between two agencies."""

    sender: Caller
    receiver: Caller

    def client(self, **identity: Any) -> str:
        """A client of the sender's, with a name that nobody else has."""
        names = [{"given": "Testa", "family": f"Sample-{uuid4().hex[:12]}"}]
        return str(self.sender.done("/v1/clients", {"names": names} | identity)["client"])

    def consent(self, client: str, **said: Any) -> str:
        """A consent to the receiver of the tests."""
        body = AGREED | {"recipient": "example-doula-network"} | said
        return str(self.sender.done(f"/v1/clients/{client}/consents", body)["consent"])

    def sent(self, client: str | None = None, **more: Any) -> Referral:
        """A referral to the doulas."""
        client = client or self.client()
        body = {"client": client, "to": DOULA, "category": "doula", "consent": AGREED} | more
        return Referral(self.sender.done("/v1/referrals", body)["referral"], self.sender, self.receiver, client)

    def accepted(self, client: str | None = None, **more: Any) -> Referral:
        """A referral that the doulas accepted."""
        referral = self.sent(client, **more)
        self.receiver.done(f"{referral.path}/accept")
        return referral

    def declined(self) -> Referral:
        """A referral that the doulas declined."""
        referral = self.sent()
        self.receiver.done(f"{referral.path}/decline", {"reason": "no_capacity"})
        return referral

    def contact(self, referral: Referral, **said: Any) -> str:
        """A contact of the receiver's that names the referral."""
        body = MET | {"referral": referral.id} | said
        return str(self.receiver.done(f"/v1/clients/{referral.theirs}/contacts", body)["contact"])

    def booked(self, referral: Referral | None = None, *, days: float = 3) -> Visit:
        """A visit that the doulas booked, some days from now."""
        referral = referral or self.accepted()
        made = self.receiver.done(f"{referral.path}/appointments", {"due_at": in_days(days)})
        return Visit(made["appointment"], referral)

    def completed(self) -> Referral:
        """A referral that ended with service."""
        referral = self.accepted()
        contact = self.contact(referral)
        self.receiver.done(f"{referral.path}/complete", {"outcome": "service_received", "contact": contact})
        return referral

    def pregnant(self) -> str:
        """A client whose pregnancy the sender opened, so that it leads the coordination."""
        client = self.client()
        self.sender.done(f"/v1/clients/{client}/episodes")
        return client

    def proposed(self, client: str | None = None, **more: Any) -> Handoff:
        """A handoff of the coordination to the doulas."""
        client = client or self.pregnant()
        body = {"to": "example-doula-network", "domain": "primary_care_coordination", "kind": "warm_remote"} | more
        found = self.sender.done(f"/v1/clients/{client}/handoffs", body)
        return Handoff(found["handoff"], self.sender, self.receiver, client)

    def offered(self, client: str | None = None) -> Handoff:
        """A handoff that she agreed to and that the doulas were asked for."""
        handoff = self.proposed(client)
        self.sender.done(f"{handoff.path}/client-agrees", {"consent": AGREED})
        self.sender.done(f"{handoff.path}/offer")
        return handoff


def until(condition: Callable[[], Found], seconds: float = 10.0) -> Found:
    """What a condition gives once it is true; fails when it is not within so many seconds."""
    ends = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < ends, "it did not come to pass"
    return found


@dataclass(frozen=True)
class when:  # noqa: N801 - it reads as a word of the story
    """One answer, to be looked at."""

    answer: httpx.Response

    def then(self, status: int, /, **members: Any) -> dict[str, Any]:
        """The status, and these members of the body; gives the whole body."""
        assert self.answer.status_code == status, self.answer.text
        body: dict[str, Any] = self.answer.json()
        assert {name: body.get(name) for name in members} == members
        return body

    def then_problem(self, status: int, slug: str, **members: Any) -> dict[str, Any]:
        """A problem document of this type, with these members."""
        assert self.answer.headers["content-type"] == "application/problem+json", self.answer.text
        return self.then(status, type=f"/problems/{slug}", **members)

    def then_malformed(self, pointer: str, code: str | None = None) -> None:
        """422, pointing at one place."""
        errors = self.then_problem(422, "malformed")["errors"]
        assert [error["pointer"] for error in errors] == [pointer], errors
        assert code in {None, errors[0]["code"]}, errors
