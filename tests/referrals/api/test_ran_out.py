"""Whose client's consent ran out asks her anew, as long as something of its own rests on it (R1, R15)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import DOULA, Given, when

HUB = "sample-county-chw-hub"


def waiting(caller: Caller, client: str) -> list[dict[str, Any]]:
    """Which consents of hers wait to be asked for anew."""
    return [each for each in caller.listed("/v1/work", kind="renew") if each["client"]["client"] == client]


@dataclass(frozen=True)
class RanOut:
    """A consent that ran out, and the address of what rests on it."""

    client: str
    consent: str
    path: str | None


Rests = Callable[[str, str], str | None]
Happen = Callable[[Rests], RanOut]


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


@pytest.fixture
def ran_out(given: Given, north: Caller, after: Callable[[timedelta], None]) -> Happen:
    """A consent runs out; what rests on it is made by a function of the client and the consent."""

    def happen(rests: Rests) -> RanOut:
        client = given.client()
        consent = given.consent(client, expires=str(datetime.now(UTC).date() + timedelta(days=5)))
        path = rests(client, consent)
        assert waiting(north, client) == []
        after(timedelta(days=9))
        return RanOut(client, consent, path)

    return happen


@pytest.fixture
def referral(given: Given) -> Rests:
    return lambda client, consent: given.sent(client, consent={"id": consent}).path


def test_r15_it_waits_until_it_is_read(ran_out: Happen, referral: Rests, north: Caller, doulas: Caller) -> None:
    found = ran_out(referral)
    (item,) = waiting(north, found.client)
    assert (item["kind"], item["state"], item["consent"]) == ("consent", "expired", found.consent)
    assert north.seen("/v1/work")["counts"]["renew"] >= 1
    assert doulas.work(item["id"]) is None
    path = f"/v1/consents/{found.consent}/acknowledge"
    when(doulas.post(path)).then_problem(404, "not-found")
    first = when(north.post(path)).then(200, consent=found.consent)
    when(north.post(path)).then(200, **first)
    assert waiting(north, found.client) == []
    (listed,) = north.seen(f"/v1/clients/{found.client}/consents")["items"]
    assert (listed["state"], listed["acknowledged"]) == ("expired", True)
    assert north.seen(found.path or "")["state"] == "sent", "what was sent while it held goes on"


def test_r15_it_waits_for_nobody_where_nothing_rests_on_it(ran_out: Happen, given: Given, north: Caller) -> None:
    def other(client: str, consent: str) -> None:
        given.sent(client)  # on a consent of its own

    assert waiting(north, ran_out(other).client) == []


def test_r15_it_is_gone_with_what_rests_on_it(ran_out: Happen, referral: Rests, north: Caller, doulas: Caller) -> None:
    found = ran_out(referral)
    assert len(waiting(north, found.client)) == 1
    doulas.done(f"{found.path}/decline", {"reason": "no_capacity"})
    assert waiting(north, found.client) == []


@pytest.mark.parametrize(("agreed", "to", "gone"), [(True, None, True), (False, None, True), (True, HUB, False)])
def test_she_was_asked_anew(  # noqa: PLR0917 - fixtures
    ran_out: Happen,
    referral: Rests,
    given: Given,
    north: Caller,
    agreed: bool,
    to: str | None,
    gone: bool,
) -> None:
    found = ran_out(referral)
    given.consent(found.client, agreed=agreed, **({"recipient": to} if to else {}))
    assert (waiting(north, found.client) == []) is gone


def test_she_was_asked_anew_for_the_next_referral(
    ran_out: Happen, referral: Rests, given: Given, north: Caller
) -> None:
    found = ran_out(referral)
    given.sent(found.client, to=DOULA | {"service": "doula-network-classes"}, category="childbirth_education")
    assert waiting(north, found.client) == []


def test_r5_nobody_is_asked_while_outreach_is_paused(ran_out: Happen, referral: Rests, north: Caller) -> None:
    found = ran_out(referral)
    north.done(f"/v1/clients/{found.client}/pause")
    assert waiting(north, found.client) == []
    north.done(f"/v1/clients/{found.client}/resume")
    assert len(waiting(north, found.client)) == 1


def test_a_handoff_rests_on_it_as_well(ran_out: Happen, given: Given, north: Caller) -> None:
    def handoff(client: str, consent: str) -> str:
        north.done(f"/v1/clients/{client}/episodes")
        proposed = given.proposed(client)
        north.done(f"{proposed.path}/client-agrees", {"consent": {"id": consent}})
        return proposed.path

    found = ran_out(handoff)
    assert len(waiting(north, found.client)) == 1
    north.done(f"{found.path}/withdraw", {"reason": "other"})
    assert waiting(north, found.client) == []


def test_what_holds_is_not_read(given: Given, north: Caller) -> None:
    consent = given.consent(given.client())
    when(north.post(f"/v1/consents/{consent}/acknowledge")).then_problem(409, "nothing-waits")
