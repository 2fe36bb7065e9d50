"""What the clock does to consents and pregnancies, and that the index knows of it whatever wrote them (R5, R15)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from services.referrals.directory import Directory
from services.referrals.store.mapper import FactMapper
from services.referrals.store.rebuild import work_index_differences
from tests.referrals.api.conftest import INITIATIVES, Caller, Service
from tests.referrals.api.story import Given, in_days, when

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


@dataclass(frozen=True)
class Opened:
    """A page that somebody has open: the address behind it, who reads it, and what is pressed on it after all."""

    reader: Caller
    path: str
    step: str
    body: dict[str, Any]

    def press(self, version: int) -> httpx.Response:
        """The step, on what stood at that version."""
        return self.reader.post(f"{self.path}/{self.step}", self.body, headers={"If-Match": f'"{version}"'})


def answer_of_referral(given: Given) -> Opened:
    return Opened(given.receiver, given.sent().path, "decline", {"reason": "no_capacity"})


def yes_of_client(given: Given) -> Opened:
    return Opened(given.sender, given.proposed().path, "client-declines", {})


def visit_she_came_to(given: Given) -> Opened:
    return Opened(given.receiver, given.booked(days=1).path, "cancel", {"by": "client"})


def promised_contact(given: Given) -> Opened:
    client = given.client()
    plan = {"mode": "phone", "planned_for": in_days(1)}
    contact = given.sender.done(f"/v1/clients/{client}/contact-plan", plan)["contact"]
    return Opened(given.sender, f"/v1/contacts/{contact}", "cancel", {"outcome": "cancelled_by_agency"})


def who_leads(given: Given) -> Opened:
    client = given.pregnant()
    (episode,) = given.sender.seen(f"/v1/clients/{client}/episodes")["items"]
    return Opened(
        given.sender, f"/v1/episodes/{episode['episode']}", "prenatal-care", {"on": str(TODAY - timedelta(days=1))}
    )


class TestAPageThatWasOpenWhenATimeRanOut:
    """That a due time passed changes nothing that anybody decides upon: the version that a page names still stands."""

    @pytest.mark.parametrize(
        "opened", [answer_of_referral, yes_of_client, visit_she_came_to, promised_contact, who_leads]
    )
    def test_r15_a_press_after_it_is_saved(
        self,
        given: Given,
        service: Service,
        after: Callable[[timedelta], None],
        opened: Callable[[Given], Opened],
    ) -> None:
        page = opened(given)
        before = page.reader.get(page.path)
        with psycopg.connect(service.databases.dsn("referrals"), autocommit=True) as store:
            counted = "SELECT count(*) FROM stored_events WHERE topic = 'timer.fired.v1'"
            fired = store.execute(counted).fetchone()
            after(timedelta(days=24 if opened is who_leads else 9))
            assert store.execute(counted).fetchone() != fired
        now = page.reader.get(page.path)
        assert now.headers["etag"] == before.headers["etag"]
        saved = when(page.press(before.json()["version"])).then(200)
        assert saved["version"] == before.json()["version"] + 1

    def test_r15_what_a_list_says_still_stands_too(
        self, given: Given, doulas: Caller, after: Callable[[timedelta], None]
    ) -> None:
        page = answer_of_referral(given)
        id = page.path.rpartition("/")[2]
        after(timedelta(days=9))
        assert "timer.fired.v1" in {each["type"] for each in doulas.seen(page.path)["history"]}
        (line,) = (each for each in doulas.listed("/v1/referrals", box="inbox") if each["referral"] == id)
        assert line["version"] == doulas.seen(page.path)["version"] == 1
        when(page.press(line["version"])).then(200, state="declined", version=2)

    def test_r1_a_list_names_the_version_that_its_reader_sees(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        referral = given.declined()
        north.done(f"{referral.path}/acknowledge")
        versions = []
        for agency, box in ((north, "outbox"), (doulas, "inbox")):
            (line,) = (e for e in agency.listed("/v1/referrals", box=box) if e["referral"] == referral.id)
            assert line["version"] == agency.seen(referral.path)["version"]
            versions.append(line["version"])
        assert versions == [3, 2]

    def test_r12_a_colleagues_step_meanwhile_is_still_told(
        self, given: Given, doulas: Caller, after: Callable[[timedelta], None]
    ) -> None:
        page = answer_of_referral(given)
        version = doulas.seen(page.path)["version"]
        after(timedelta(days=9))
        doulas.done(f"{page.path}/waitlist", {"reason": "no_capacity"})
        when(page.press(version)).then_problem(412, "precondition-failed")
        assert doulas.seen(page.path)["state"] == "waitlisted"

    def test_r15_what_ended_by_itself_meanwhile_is_still_told(
        self, given: Given, doulas: Caller, after: Callable[[timedelta], None]
    ) -> None:
        page = answer_of_referral(given)
        version = doulas.seen(page.path)["version"]
        after(timedelta(days=18))
        assert doulas.get(page.path).status_code == 200
        when(page.press(version)).then_problem(412, "precondition-failed")
        assert doulas.seen(page.path)["state"] == "expired"
