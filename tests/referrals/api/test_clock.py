"""What the clock does to consents and pregnancies, and that the index knows of it whatever wrote them (R5, R15)."""

from collections.abc import Callable
from datetime import date, timedelta

import psycopg
import pytest

from services.referrals.directory import Directory
from services.referrals.store.mapper import FactMapper
from services.referrals.store.rebuild import work_index_differences
from tests.referrals.api.conftest import INITIATIVES, Caller, Service
from tests.referrals.api.story import Given, when

TODAY = date.today()  # noqa: DTZ011 - the service's own clock is the machine's, and a day more or less is no matter


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def states(caller: Caller, client: str) -> list[str]:
    return [each["state"] for each in caller.seen(f"/v1/clients/{client}/consents")["items"]]


def test_a_consent_runs_out_when_its_last_day_is_over(
    given: Given, north: Caller, after: Callable[[timedelta], None]
) -> None:
    client = given.client()
    given.consent(client, expires=str(TODAY + timedelta(days=20)))
    after(timedelta(days=18))
    assert states(north, client) == ["agreed"]
    after(timedelta(days=23))
    assert states(north, client) == ["expired"]


def test_a_consent_that_she_changed_or_took_back_is_left_alone(
    given: Given, north: Caller, after: Callable[[timedelta], None]
) -> None:
    client = given.client()
    consent = given.consent(client, expires=str(TODAY + timedelta(days=20)))
    north.done(f"/v1/consents/{consent}/revoke", {"how": "spoken"})
    after(timedelta(days=23))
    assert states(north, client) == ["revoked"]


def test_r5_a_pregnancy_closes_a_year_after_its_due_date(
    given: Given, north: Caller, after: Callable[[timedelta], None]
) -> None:
    client = given.pregnant()
    (episode,) = north.seen(f"/v1/clients/{client}/episodes")["items"]
    edd = TODAY + timedelta(days=100)
    north.done(f"/v1/episodes/{episode['episode']}/date", {"edd": str(edd), "basis": "ultrasound"})
    after(timedelta(days=100 + 364))
    assert north.seen(f"/v1/clients/{client}/responsibility")["items"] != []
    after(timedelta(days=100 + 367))
    assert north.seen(f"/v1/clients/{client}/responsibility")["items"] == []
    refused = north.post(f"/v1/clients/{client}/responsibility", {"domain": "doula"})
    when(refused).then_problem(409, "episode-not-open")


def test_r4_a_second_opener_sees_no_more_of_it_for_the_clock(given: Given, north: Caller, doulas: Caller) -> None:
    """The index row of a pregnancy names its first opener; a timeline is no wider for it."""
    referral = given.accepted(given.pregnant())
    doulas.done(f"/v1/clients/{referral.theirs}/episodes")
    told = north.seen(f"/v1/clients/{referral.client}/timeline")["entries"]
    assert {each["agency"]["agency"] for each in told if each["type"].startswith("episode.")} == {
        "example-clinic-north"
    }


def test_the_index_is_what_the_events_say(service: Service, given: Given, north: Caller) -> None:
    """Whatever was written by all these tests: no command has forgotten a row."""
    given.completed()
    handoff = given.offered()
    north.done(f"{handoff.path}/withdraw", {"reason": "duplicate"})
    with psycopg.connect(service.databases.dsn("referrals", "closeknit_owner"), autocommit=True) as owner:
        assert work_index_differences(owner, FactMapper(), Directory.read(INITIATIVES).due) == 0
