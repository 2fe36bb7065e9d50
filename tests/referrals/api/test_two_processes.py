"""Two processes of the service on one store: nobody is told, or refused, upon what one of them remembers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from deploy.local.issuer import DevelopmentIssuer
from tests.days import SAID_ON, ahead
from tests.fix_servers import Databases
from tests.plain import PLAIN
from tests.referrals.api.conftest import ISSUER, Caller, MovingClock, Service, ServingThread, serve_settings, served
from tests.referrals.api.story import AGREED, DOULA, Given, Referral, when

pytestmark = pytest.mark.servers


@dataclass(frozen=True)
class Twice:
    """The same agencies at both processes."""

    one: Service
    other: Service

    def given(self) -> Given:
        return Given(self.one.caller("example-clinic-north"), self.one.caller("example-doula-network"))

    def elsewhere(self, referral: Referral) -> Caller:
        """The receiver at the other process, which has read the referral before."""
        caller = self.other.caller("example-doula-network", subject="dora-muster")
        caller.done(f"{referral.path}/receive")
        return caller


@pytest.fixture(scope="module")
def twice(database_maker: Callable[[], Databases], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twice]:
    databases, folder = database_maker(), tmp_path_factory.mktemp("twice")
    issuer = DevelopmentIssuer(ISSUER, folder / "issuer", {"CLOSEKNIT_ENVIRONMENT": "development"})
    settings = serve_settings(databases, folder / "keys")
    threads = [ServingThread(served(settings, issuer, MovingClock())) for _ in range(2)]
    addresses = [thread.begin() for thread in threads]
    with httpx.Client(timeout=40, verify=PLAIN) as http:
        yield Twice(
            *[Service(address, issuer, MovingClock(), databases, http, folder / "keys") for address in addresses]
        )
    for thread in threads:
        thread.stop()


def test_r12_what_was_answered_at_one_is_known_at_the_other(twice: Twice) -> None:
    referral = twice.given().sent()
    there = twice.elsewhere(referral)
    there.listed("/v1/work")  # who has come is of the staff
    body = {"person": "dora-muster", "on": SAID_ON}
    when(referral.receiver.post(f"{referral.path}/accept", body)).then(200, state="accepted", version=3)
    when(there.post(f"{referral.path}/accept", body)).then(200, state="accepted", version=3)
    other = body | {"on": ahead(3)}
    when(there.post(f"{referral.path}/accept", other)).then_problem(409, "referral-already-answered")


def test_a_step_that_became_possible_elsewhere_is_not_refused(twice: Twice) -> None:
    given = twice.given()
    referral = given.sent()
    there = twice.elsewhere(referral)
    when(there.post(f"{referral.path}/acknowledge")).then_problem(403, "wrong-side")
    sender = twice.other.caller("example-clinic-north")
    when(sender.post(f"{referral.path}/acknowledge")).then_problem(409, "wrong-state")
    given.receiver.done(f"{referral.path}/decline", {"reason": "no_capacity"})
    when(sender.post(f"{referral.path}/acknowledge")).then(200, state="declined")


def test_r4_a_twin_that_was_sent_at_the_other_process_is_seen(twice: Twice) -> None:
    client = twice.given().client()
    body = {"client": client, "to": DOULA, "category": "doula", "consent": AGREED}
    there = twice.other.caller("example-clinic-north")
    nutrition = {"agency": "sample-wic-office-east", "service": "wic-east-enrolment"}
    there.done("/v1/referrals", body | {"to": nutrition, "category": "wic"})  # her work is remembered there now
    sent = twice.one.caller("example-clinic-north").done("/v1/referrals", body)
    when(there.post("/v1/referrals", body)).then_problem(409, "referral-already-open")
    assert sent["state"] == "sent"


def test_if_match_is_held_against_what_stands(twice: Twice) -> None:
    referral = twice.given().sent()
    there = twice.elsewhere(referral)
    referral.receiver.done(f"{referral.path}/accept")
    stale, fresh = {"If-Match": '"2"'}, {"If-Match": '"3"'}
    why = {"reason": "no_capacity"}
    when(there.post(f"{referral.path}/decline", why, headers=stale)).then_problem(412, "precondition-failed")
    when(there.post(f"{referral.path}/accept", headers=fresh)).then_problem(409, "referral-already-answered")


def test_an_edit_of_the_directory_at_one_is_soon_seen_at_the_other(twice: Twice) -> None:
    path = "/v1/directory/services/doula-network-birth-support"
    here, there = twice.one.caller("example-doula-network"), twice.other.caller("example-clinic-north")
    assert there.seen(path)["room"] == "not_known"
    saved = here.ask("PUT", f"{path}/capacity", json={"room": "full"}, headers={"If-Match": "*"})
    # A read that names the version waits for it, two seconds at most.
    shown = when(there.get(path, params={"min_version": saved.headers["etag"]})).then(200)
    assert (saved.status_code, shown["room"]) == (200, "full")
