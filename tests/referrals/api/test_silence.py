"""Who leads her and has not met her for 21 days has that on its work list, until it does (R15, R17, R19)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import MET, Given, when

After = Callable[[timedelta], None]
DAYS = timedelta(days=1)


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def waiting(caller: Caller, client: str) -> list[dict[str, Any]]:
    return [each for each in caller.listed("/v1/work", kind="silence") if each["client"]["client"] == client]


def contact(caller: Caller, client: str, **said: Any) -> str:
    return str(caller.done(f"/v1/clients/{client}/contacts", MET | said)["contact"])


@contextmanager
def later(service: Service, days: int) -> Iterator[None]:
    """What is done within happens so many days from now."""
    service.clock.ahead = days * DAYS
    try:
        yield
    finally:
        service.clock.ahead = timedelta(0)


def test_it_waits_for_who_leads_and_goes_with_the_next_contact(
    given: Given, north: Caller, doulas: Caller, after: After, service: Service
) -> None:
    client = given.pregnant()
    after(20 * DAYS)
    assert waiting(north, client) == []
    before = north.seen("/v1/work")["counts"]["silence"]
    after(24 * DAYS)
    (item,) = waiting(north, client)
    assert (item["kind"], item["domain"], item["client"]["client"]) == ("episode", "primary_care_coordination", client)
    assert north.seen("/v1/work")["counts"]["silence"] > before
    assert doulas.work(item["id"]) is None
    with later(service, 24):
        contact(north, client)
    assert waiting(north, client) == []
    after(44 * DAYS)
    assert waiting(north, client) == []
    after(48 * DAYS)
    assert len(waiting(north, client)) == 1


def test_r17_an_attempt_does_not_count_and_an_earlier_day_changes_nothing(
    given: Given, north: Caller, after: After, service: Service
) -> None:
    client = given.pregnant()
    after(24 * DAYS)
    contact(north, client, outcome="not_home")
    contact(north, client, mode="goods_delivery")
    assert len(waiting(north, client)) == 1
    with later(service, 20):
        contact(north, client, at=_at(service, days=-5))
    assert waiting(north, client) == []
    after(35 * DAYS)
    assert waiting(north, client) == []
    after(40 * DAYS)
    assert len(waiting(north, client)) == 1


def overdue(caller: Caller, client: str, **asked: str) -> list[tuple[str, str, str | None]]:
    """What is late on top of her timeline."""
    found = caller.seen(f"/v1/clients/{client}/timeline", params=asked)["overdue"]
    return [(each["kind"], each["waits_for"], each["domain"]) for each in found]


def test_r15_it_stands_on_top_of_her_timeline_too(
    given: Given, north: Caller, doulas: Caller, after: After, service: Service
) -> None:
    referral = given.accepted(given.pregnant())
    given.contact(referral)
    doulas.done(f"/v1/clients/{referral.theirs}/episodes")
    after(24 * DAYS)
    late = ("episode", "silence", "primary_care_coordination")
    with later(service, 25):
        assert overdue(north, referral.client) == [late]
        assert overdue(doulas, referral.theirs) == []
        assert overdue(north, referral.client, as_of=_at(service, days=-10)) == []
        (shown,) = north.seen(f"/v1/clients/{referral.client}/timeline")["overdue"]
        assert shown["waits_on"]["agency"] == "example-clinic-north"
        assert north.work(shown["id"]) is not None, "the same thing as on the work list"
        north.done(f"/v1/clients/{referral.client}/pause")
        assert overdue(north, referral.client) == []
        north.done(f"/v1/clients/{referral.client}/resume")
        assert overdue(north, referral.client) == [late]
        contact(north, referral.client)
        assert overdue(north, referral.client) == []


@pytest.mark.parametrize("step", ["take-back", "amend", "entered-in-error"])
def test_r14_a_contact_that_counts_no_more_counts_from_the_one_before(
    given: Given, north: Caller, after: After, service: Service, step: str
) -> None:
    client = given.pregnant()
    with later(service, 5):
        contact(north, client)
    said = {"amend": MET | {"outcome": "not_home"}, "entered-in-error": {"reason": "It was another client"}}
    with later(service, 20):
        wrong = contact(north, client)
        north.done(f"/v1/contacts/{wrong}/{step}", said.get(step, {}))
    after(25 * DAYS)
    assert waiting(north, client) == []
    after(30 * DAYS)
    assert len(waiting(north, client)) == 1


def test_an_attended_visit_is_a_contact(
    given: Given, north: Caller, doulas: Caller, after: After, service: Service
) -> None:
    visit = given.booked()
    theirs = visit.referral.theirs
    doulas.done(f"/v1/clients/{theirs}/episodes")
    after(24 * DAYS)
    assert len(waiting(doulas, theirs)) == 1
    with later(service, 4):
        doulas.done(f"{visit.path}/attend")
        assert waiting(doulas, theirs) == []
        doulas.done(f"{visit.path}/take-back")
    after(24 * DAYS)
    assert len(waiting(doulas, theirs)) == 1


def test_a_group_session_counts_for_who_came(given: Given, north: Caller, after: After, service: Service) -> None:
    came, missed = given.pregnant(), given.pregnant()
    after(24 * DAYS)
    members = [{"client": came, "attended": True}, {"client": missed, "attended": False}]
    with later(service, 24):
        north.done("/v1/group-sessions", {"members": members})
    assert (len(waiting(north, came)), len(waiting(north, missed))) == (0, 1)


def test_r19_it_is_the_business_of_who_leads_now(given: Given, north: Caller, hub: Caller, after: After) -> None:
    client = given.pregnant()
    after(24 * DAYS)
    assert len(waiting(north, client)) == 1
    (led,) = north.seen(f"/v1/clients/{client}/responsibility")["items"]
    id = waiting(north, client)[0]["id"]
    north.done(f"/v1/responsibility/{led['responsibility']}/leave")
    assert north.work(id) is None
    taken_on = hub.work(id)
    assert taken_on
    assert (taken_on["state"], taken_on["left_by"]["agency"]) == ("left", "example-clinic-north")
    after(24 * DAYS)
    found = hub.work(id)
    assert north.work(id) is None
    assert found
    assert found["waits_for"] == "silence"


def test_r5_a_pause_hides_it(given: Given, north: Caller, after: After) -> None:
    client = given.pregnant()
    after(24 * DAYS)
    north.done(f"/v1/clients/{client}/pause")
    assert waiting(north, client) == []
    north.done(f"/v1/clients/{client}/resume")
    assert len(waiting(north, client)) == 1


def test_r20_who_wants_no_contact_is_not_missed(given: Given, north: Caller, after: After) -> None:
    client = given.pregnant()
    after(24 * DAYS)
    north.done(f"/v1/clients/{client}/no-contact")
    assert waiting(north, client) == []
    north.done(f"/v1/clients/{client}/contact-again")
    assert len(waiting(north, client)) == 1


def test_somebody_says_i_do_it_and_the_timeline_tells_it_to_nobody_else(
    given: Given, north: Caller, doulas: Caller, after: After
) -> None:
    referral = given.accepted(given.pregnant())
    version = north.seen(f"/v1/clients/{referral.client}/episodes")["items"][0]["version"]
    after(24 * DAYS)
    contact(north, referral.client, outcome="not_home")
    (item,) = waiting(north, referral.client)
    when(north.post(f"/v1/work/{item['id']}/claim")).then(200)
    assert [each["kind"] for each in north.seen("/v1/claims")["items"] if each["id"] == item["id"]] == ["episode"]
    assert north.seen(f"/v1/clients/{referral.client}/episodes")["items"][0]["version"] == version

    def timers(caller: Caller, client: str) -> list[Any]:
        told = caller.seen(f"/v1/clients/{client}/timeline")["entries"]
        return [each["detail"]["timer"] for each in told if each["type"] == "timer.fired.v1"]

    assert timers(north, referral.client) == ["overdue", "silence"]
    assert timers(doulas, referral.theirs) == ["overdue"]
    told = north.seen(f"/v1/clients/{referral.client}/timeline")["entries"]
    about = {each["detail"]["timer"]: each["subject"] for each in told if each["type"] == "timer.fired.v1"}
    assert about == {"overdue": {"kind": "referral", "id": referral.id}, "silence": None}
    assert not any(
        each["type"] == "timer.set.v1" for each in north.seen(f"/v1/clients/{referral.client}/timeline")["entries"]
    )


def _at(service: Service, *, days: float) -> str:
    return (service.clock.now() + days * DAYS).isoformat()


def test_r21_a_contact_under_another_reference_of_hers_counts(
    given: Given, doulas: Caller, after: After, service: Service
) -> None:
    theirs = given.accepted().theirs
    own = Given(doulas, doulas).client()
    doulas.done(f"/v1/clients/{theirs}/episodes")
    doulas.done(f"/v1/clients/{theirs}/link", {"own_client": own})
    after(24 * DAYS)
    assert len(waiting(doulas, theirs)) == 1
    with later(service, 24):
        contact(doulas, own)
    assert waiting(doulas, theirs) == []


def test_r18_a_contact_that_names_the_pregnancy_counts_for_it(
    given: Given, north: Caller, after: After, service: Service
) -> None:
    client = given.pregnant()
    (pregnancy,) = north.seen(f"/v1/clients/{client}/episodes")["items"]
    after(24 * DAYS)
    with later(service, 24):
        contact(north, client, episode=pregnancy["episode"])
    assert waiting(north, client) == []


def test_lost_and_found_again_it_runs_anew(given: Given, north: Caller, after: After, service: Service) -> None:
    client = given.pregnant()
    (pregnancy,) = north.seen(f"/v1/clients/{client}/episodes")["items"]
    after(24 * DAYS)
    with later(service, 25):
        north.done(f"/v1/episodes/{pregnancy['episode']}/lost")
    assert waiting(north, client) == []
    after(60 * DAYS)
    assert waiting(north, client) == []
    with later(service, 61):
        north.done(f"/v1/episodes/{pregnancy['episode']}/resume")
    after(70 * DAYS)
    assert waiting(north, client) == []
    after(86 * DAYS)
    assert len(waiting(north, client)) == 1


def test_what_is_closed_is_missed_by_nobody(given: Given, north: Caller, after: After, service: Service) -> None:
    client = given.pregnant()
    (pregnancy,) = north.seen(f"/v1/clients/{client}/episodes")["items"]
    after(24 * DAYS)
    with later(service, 25):
        north.done(f"/v1/episodes/{pregnancy['episode']}/close")
    after(60 * DAYS)
    assert waiting(north, client) == []
