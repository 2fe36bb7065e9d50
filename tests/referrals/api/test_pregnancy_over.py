"""What is offered of a pregnancy ends with it, and both sides read so; a loss is no news for it (F3, R5, R19)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.days import ago, ahead
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import AGREED, Given, Handoff, when

HUB, DOULAS, NORTH = "sample-county-chw-hub", "example-doula-network", "example-clinic-north"
COORDINATION = "primary_care_coordination"


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def pregnancy(caller: Caller, client: str) -> str:
    """The address of the pregnancy that an agency has of a client."""
    (found,) = caller.seen(f"/v1/clients/{client}/episodes")["items"]
    return f"/v1/episodes/{found['episode']}"


def waits(caller: Caller, handoff: Handoff) -> bool:
    return handoff.id in {item["id"] for item in caller.listed("/v1/work")}


def stands(caller: Caller, handoff: Handoff) -> tuple[str, str | None]:
    seen = caller.seen(handoff.path)
    return seen["state"], seen["reason"]


def handed_on(doulas: Caller, hub: Caller, client: str) -> Handoff:
    """Offered by the doulas, who lead, to the hub."""
    body = {"to": HUB, "domain": COORDINATION, "kind": "cold"}
    found = doulas.done(f"/v1/clients/{client}/handoffs", body)
    handoff = Handoff(found["handoff"], doulas, hub, client)
    doulas.done(f"{handoff.path}/client-agrees", {"consent": AGREED})
    doulas.done(f"{handoff.path}/offer")
    return handoff


def led_by_the_doulas(given: Given) -> tuple[Handoff, str]:
    """A handoff that they accepted, and their name for her, whom they knew by a referral."""
    client = given.pregnant()
    theirs = given.accepted(client).theirs
    taken = given.offered(client)
    given.receiver.done(f"{taken.path}/accept")
    return taken, theirs


@pytest.mark.parametrize(
    ("step", "body"), [("close", {}), ("entered-in-error", {"reason": "Another client of that name."})]
)
def test_r19_an_offer_that_nobody_read_is_withdrawn_and_both_sides_read_so(
    given: Given, north: Caller, doulas: Caller, step: str, body: dict[str, str]
) -> None:
    handoff = given.offered()
    own = given.proposed(handoff.client, domain="doula")
    path = pregnancy(north, handoff.client)
    assert waits(doulas, handoff)
    for _ in range(2):
        north.done(f"{path}/{step}", body)
    assert stands(north, handoff) == stands(doulas, handoff) == stands(north, own) == ("withdrawn", "other")
    assert doulas.seen(handoff.path)["history"][-1]["type"] == "handoff.withdrawn.v1"
    assert doulas.seen(handoff.path)["client"] is None
    assert not [each for each in (north, doulas) if waits(each, handoff) or waits(each, own)]
    when(doulas.post(f"{handoff.path}/accept")).then_problem(409, "handoff-already-ended")
    when(north.post(f"{handoff.path}/take-back")).then_problem(409, "nothing-to-take-back")
    assert "take-back" not in north.seen(handoff.path)["actions"]


@pytest.mark.parametrize(
    "end",
    [
        {"how": "live_birth", "on": ago(1), "children": [{"live": True}]},
        {"how": "miscarriage", "on": ago(1)},
    ],
    ids=["birth", "loss"],
)
def test_r5_an_end_that_is_written_down_withdraws_nothing(
    given: Given, north: Caller, doulas: Caller, end: dict[str, object]
) -> None:
    handoff = given.offered()
    north.done(f"{pregnancy(north, handoff.client)}/end", end)
    assert stands(doulas, handoff) == ("offered", None)
    assert waits(doulas, handoff)
    doulas.done(f"{handoff.path}/accept")
    assert stands(doulas, handoff) == ("accepted", None)
    assert waits(doulas, handoff)


@pytest.mark.parametrize("over", ["close", "entered-in-error"])
def test_r15_nobody_is_asked_for_a_first_contact_in_a_closed_pregnancy(
    given: Given, north: Caller, doulas: Caller, after: Callable[[timedelta], None], over: str
) -> None:
    handoff, other = given.offered(), given.offered()
    for each in (handoff, other):
        doulas.done(f"{each.path}/accept")
    body = {} if over == "close" else {"reason": "Another client of that name."}
    north.done(f"{pregnancy(north, handoff.client)}/{over}", body)
    after(timedelta(days=20))
    assert stands(north, handoff) == stands(doulas, handoff) == ("failed", "other")
    told = [entry["type"] for entry in north.seen(handoff.path)["history"]]
    assert told.count("handoff.failed.v1") == 1, "its clock has nothing to say any more"
    assert not [each for each in (north, doulas) if waits(each, handoff)]
    assert stands(north, other) == ("failed", None), "another woman's went back"
    assert waits(north, other)
    when(doulas.post(f"{handoff.path}/take-back")).then_problem(409, "nothing-to-take-back")


def test_r11_what_nobody_took_up_needs_no_reading_any_more(given: Given, north: Caller, doulas: Caller) -> None:
    handoff, other = given.offered(), given.offered()
    for each in (handoff, other):
        doulas.done(f"{each.path}/decline", {"reason": "no_capacity"})
    assert waits(north, handoff)
    north.done(f"{pregnancy(north, handoff.client)}/close")
    assert not waits(north, handoff)
    assert waits(north, other), "another woman's"
    assert stands(north, handoff) == ("declined", "no_capacity")


def test_r4_who_has_it_open_still_keeps_its_own_offers(
    given: Given, north: Caller, doulas: Caller, hub: Caller
) -> None:
    taken, theirs = led_by_the_doulas(given)
    doulas.done(f"/v1/clients/{theirs}/episodes")
    offer = handed_on(doulas, hub, theirs)
    north.done(f"{pregnancy(north, taken.client)}/close")
    assert stands(hub, offer) == ("offered", None)
    assert stands(north, taken) == ("accepted", None), "who has it open is to meet her"
    doulas.done(f"{pregnancy(doulas, theirs)}/close")
    assert stands(hub, offer) == ("withdrawn", "other")
    assert stands(north, taken) == stands(doulas, taken) == ("failed", "other")


def test_r8_what_others_offered_ends_in_their_own_name(
    given: Given, north: Caller, doulas: Caller, hub: Caller
) -> None:
    taken, theirs = led_by_the_doulas(given)
    offer = handed_on(doulas, hub, theirs)
    north.done(f"{pregnancy(north, taken.client)}/close")
    for caller in (doulas, hub):
        assert stands(caller, offer) == ("withdrawn", "other")
        assert NORTH not in caller.get(offer.path).text
    assert not waits(hub, offer)


def test_r5_the_calendar_ends_what_was_never_offered(
    given: Given, north: Caller, after: Callable[[timedelta], None]
) -> None:
    handoff = given.proposed()
    north.done(f"{pregnancy(north, handoff.client)}/date", {"edd": ahead(100), "basis": "lmp"})
    after(timedelta(days=100 + 367))
    assert stands(north, handoff) == ("withdrawn", "other")
