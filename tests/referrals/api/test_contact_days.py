"""A contact of which the day alone is known, and days on which no contact can have been."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import MET, Given, when

ZONE = ZoneInfo("America/Los_Angeles")


def today() -> date:
    return datetime.now(ZONE).date()


def days_ago(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


def at_of(caller: Caller, contact: str) -> datetime:
    return datetime.fromisoformat(caller.seen(f"/v1/contacts/{contact}")["at"])


def test_a_day_of_today_is_the_time_of_recording_and_one_gone_by_its_noon(north: Caller, doulas: Caller) -> None:
    path = f"/v1/clients/{Given(north, doulas).client()}/contacts"
    before = datetime.now(UTC) - timedelta(seconds=1)
    now = at_of(north, north.done(path, MET | {"on": days_ago(0)})["contact"])
    assert before <= now <= datetime.now(UTC)
    then = at_of(north, north.done(path, MET | {"on": days_ago(9)})["contact"])
    assert then.astimezone(ZONE).replace(tzinfo=None).isoformat() == f"{days_ago(9)}T12:00:00"


@pytest.mark.parametrize("said", [{}, {"on": None}, {"at": "sent"}])
def test_nobody_is_met_before_she_was_sent_and_taken_on(north: Caller, doulas: Caller, said: dict[str, Any]) -> None:
    """Whatever the time of day: by the day alone, now, or a time of that day before it was sent."""
    given = Given(north, doulas)
    referral = given.accepted()
    sent = datetime.fromisoformat(north.seen(referral.path)["sent_at"])
    body = {"on": today().isoformat()} if said == {"on": None} else said
    body = {"at": (sent - timedelta(minutes=5)).isoformat()} if "at" in said else body
    given.contact(referral, **body)
    history = north.seen(referral.path)["history"]
    times = {each["type"].split(".")[1]: each["at"] for each in history}
    assert times["sent"] <= times["accepted"] <= times["service_started"]
    assert times["sent"] <= str(north.seen(referral.path)["facts"]["connected"]["at"])


def test_a_day_gone_by_is_not_kept_before_what_was_sent_on_it(service: Service, north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    referral = given.accepted()
    on = today().isoformat()
    service.clock.ahead = timedelta(days=2)
    try:
        contact = given.contact(referral, on=on)
        facts = north.seen(referral.path)
    finally:
        service.clock.ahead = timedelta(0)
    at = at_of(doulas, contact)
    assert at.astimezone(ZONE).date().isoformat() == on
    accepted = next(each["at"] for each in facts["history"] if each["type"] == "referral.accepted.v1")
    assert datetime.fromisoformat(accepted) <= at
    assert accepted <= str(facts["facts"]["connected"]["at"])


def test_r12_what_came_of_a_promise_said_again_of_the_day_is_the_same(north: Caller, doulas: Caller) -> None:
    client = Given(north, doulas).client()
    plan = {"mode": "home_visit", "planned_for": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    contact = north.done(f"/v1/clients/{client}/contact-plan", plan)["contact"]
    body = MET | {"on": today().isoformat()}
    first = when(north.post(f"/v1/contacts/{contact}/record", body)).then(200, version=2)
    when(north.post(f"/v1/contacts/{contact}/record", body)).then(200, version=2, at=first["at"])
    when(north.post(f"/v1/contacts/{contact}/amend", body | {"duration_min": 30})).then(200, at=first["at"])


def test_a_group_session_may_be_of_a_day(north: Caller, doulas: Caller) -> None:
    client = Given(north, doulas).client()
    members = [{"client": client, "attended": True}]
    made = north.done("/v1/group-sessions", {"on": days_ago(3), "members": members})
    at = at_of(north, made["contacts"][0]["contact"])
    assert at.astimezone(ZONE).date().isoformat() == days_ago(3)
    when(north.post("/v1/group-sessions", {"on": days_ago(-2), "members": members})).then_malformed("/on")
    entries = north.seen(f"/v1/clients/{client}/timeline")["entries"]  # by which pages ask before a second
    told = next(each for each in entries if each["type"] == "contact.recorded.v1")
    assert (told["detail"]["mode"], "contact" in told["detail"]) == ("group_session", True)
    assert datetime.fromisoformat(told["at"]).astimezone(ZONE).date().isoformat() == days_ago(3)
    north.done(f"/v1/contacts/{made['contacts'][0]['contact']}/entered-in-error", {"reason": "Another day"})
    entries = north.seen(f"/v1/clients/{client}/timeline")["entries"]
    (void,) = (each for each in entries if each["type"] == "contact.entered_in_error.v1")
    assert void["detail"]["contact"] == told["detail"]["contact"]
    long_ago = {"on": "1990-01-01", "members": members}
    when(north.post("/v1/group-sessions", long_ago)).then_malformed("/on", "contact-day-too-long-ago")
    no_time = {"on": days_ago(1), "members": members, "duration_min": 0}
    when(north.post("/v1/group-sessions", no_time)).then_malformed("/duration_min")


def test_a_day_and_a_time_are_not_both_said_and_neither_lies_ahead(north: Caller, doulas: Caller) -> None:
    path = f"/v1/clients/{Given(north, doulas).client()}/contacts"
    both = {"on": days_ago(1), "at": f"{days_ago(1)}T08:00:00Z"}
    when(north.post(path, MET | both)).then_malformed("/on", "day-or-time")
    when(north.post(path, MET | {"on": days_ago(-2)})).then_malformed("/on", "in_the_future")


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [({"at": "1999-05-05T12:00:00Z"}, "/at", "contact-too-long-ago"), ({"on": "1999-05-05"}, "/on", None)],
)
def test_a_contact_long_before_the_agency_knew_of_her_is_refused(
    north: Caller, doulas: Caller, said: dict[str, Any], pointer: str, code: str | None
) -> None:
    given = Given(north, doulas)
    path = f"/v1/clients/{given.client()}/contacts"
    when(north.post(path, MET | said)).then_malformed(pointer, code)
    when(north.post(path, MET | {"on": days_ago(304)})).then(201)
    when(north.post(path, MET | {"on": days_ago(306)})).then_malformed("/on", "contact-day-too-long-ago")
    contact = north.done(path, MET)["contact"]
    when(north.post(f"/v1/contacts/{contact}/amend", MET | said)).then_malformed(pointer, code)


def test_r20_nobody_meets_or_pauses_her_when_there_is_no_further_contact(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    path = f"/v1/clients/{given.client()}"
    north.done(f"{path}/contacts", MET)
    north.done(f"{path}/deceased")
    when(north.post(f"{path}/contacts", MET)).then_problem(409, "no-further-contact")
    when(north.post(f"{path}/contacts", MET | {"on": days_ago(0)})).then_problem(409, "no-further-contact")
    when(north.post(f"{path}/pause")).then_problem(409, "no-further-contact")
    when(north.post(f"{path}/contacts", MET | {"on": days_ago(1)})).then(201)
    plan = {"mode": "phone", "planned_for": (datetime.now(UTC) + timedelta(days=2)).isoformat()}
    when(north.post(f"{path}/contact-plan", plan)).then_problem(409, "no-further-contact")
    north.done(f"{path}/contact-again")
    when(north.post(f"{path}/contact-plan", plan)).then(201)
    when(north.post(f"{path}/contacts", MET)).then(201)
    when(north.post(f"{path}/pause")).then(200)
