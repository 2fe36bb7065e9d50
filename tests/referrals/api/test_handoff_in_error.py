"""A handoff whose completing contact was a mistake: taken back at once it is open, later it says so (R14, R17)."""

from typing import Any

import pytest

from tests.days import ago
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import MET, Given, Handoff, in_days, when
from tests.referrals.api.test_pregnancy_over import handed_on, led_by_the_doulas, pregnancy, stands, waits

WHY = {"reason": "Another client of that name."}
OTHER_DAY = {"mode": "home_visit", "outcome": "not_home"}
SHOWN, IN_ERROR = ("completed", False), ("completed", True)


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def completed(given: Given) -> tuple[Handoff, str]:
    """A handoff that a contact completed, and the address of that contact."""
    handoff = given.offered()
    given.receiver.done(f"{handoff.path}/accept")
    return handoff, contact(handoff, handoff=handoff.id)


def contact(met: Handoff, **said: Any) -> str:
    found = met.receiver.done(f"/v1/clients/{met.theirs}/contacts", MET | said)
    return f"/v1/contacts/{found['contact']}"


def shown(caller: Caller, handoff: Handoff) -> tuple[str, bool]:
    seen = caller.seen(handoff.path)
    return seen["state"], seen["evidence_in_error"]


def leader(caller: Caller, handoff: Handoff) -> list[str]:
    return [item["agency"] for item in caller.seen(f"/v1/clients/{handoff.client}/responsibility")["items"]]


@pytest.mark.parametrize(("step", "body"), [("entered-in-error", WHY), ("amend", OTHER_DAY)])
def test_r14_that_a_contact_was_an_error_is_said_until_another_shows_it(
    given: Given,
    north: Caller,
    doulas: Caller,
    step: str,
    body: dict[str, str],
) -> None:
    handoff, path = completed(given)
    assert shown(north, handoff) == shown(doulas, handoff) == SHOWN
    doulas.done(f"{path}/{step}", body)
    assert shown(north, handoff) == shown(doulas, handoff) == IN_ERROR
    assert leader(north, handoff) == ["example-doula-network"]
    contact(handoff, mode="mail")
    contact(handoff, handoff=handoff.id, at=in_days(-0.05))
    assert shown(north, handoff) == IN_ERROR, "she was not met by the one, and the other came before the acceptance"
    contact(handoff, handoff=handoff.id)
    assert shown(north, handoff) == shown(doulas, handoff) == SHOWN


def test_r14_what_completed_it_and_is_taken_back_completed_nothing(
    given: Given,
    north: Caller,
    doulas: Caller,
) -> None:
    handoff, path = completed(given)
    for _ in range(2):
        doulas.done(f"{path}/take-back")
    assert shown(north, handoff) == ("accepted", False)
    assert waits(doulas, handoff)
    again = contact(handoff, handoff=handoff.id)
    assert shown(north, handoff) == SHOWN
    contact(handoff)
    doulas.done(f"{again}/take-back")
    assert shown(north, handoff) == SHOWN, "another shows it"


@pytest.mark.parametrize("undone", ["contact", "handoff"])
def test_r14_a_step_taken_back_opens_nothing_of_a_closed_pregnancy(
    given: Given,
    north: Caller,
    doulas: Caller,
    undone: str,
) -> None:
    handoff, path = completed(given)
    north.done(f"{pregnancy(north, handoff.client)}/close")
    assert stands(north, handoff) == ("completed", None)
    undo = f"{path if undone == 'contact' else handoff.path}/take-back"
    when(doulas.post(undo)).then(200)
    when(doulas.post(undo)).then(200)
    assert stands(north, handoff) == stands(doulas, handoff) == ("failed", "other")
    assert not [each for each in (north, doulas) if waits(each, handoff)]
    assert leader(north, handoff) == []


def test_r14_neither_does_the_sender_who_takes_a_withdrawal_back(
    given: Given,
    north: Caller,
    doulas: Caller,
) -> None:
    handoff, other = given.offered(), given.offered()
    for each in (handoff, other):
        north.done(f"{each.path}/withdraw", {"reason": "duplicate"})
    north.done(f"{pregnancy(north, handoff.client)}/close")
    for each in (handoff, other):
        when(north.post(f"{each.path}/take-back")).then(200)
    assert stands(north, handoff) == stands(doulas, handoff) == ("withdrawn", "other")
    assert stands(doulas, other) == ("offered", None), "another woman's"


def test_r18_a_pregnancy_in_whose_place_another_stands_ends_its_handoffs(
    given: Given,
    north: Caller,
    doulas: Caller,
) -> None:
    taken, other = given.offered(), given.offered()
    own = given.proposed(taken.client, domain="doula")
    doulas.done(f"{taken.path}/accept")
    for client in (taken.client, other.client):
        old = pregnancy(north, client)
        north.done(f"{old}/end", {"how": "miscarriage", "on": ago(0)})
    assert (stands(north, taken), stands(north, own)) == (("accepted", None), ("proposed", None)), "R5: no end is news"
    north.done(f"/v1/clients/{taken.client}/episodes")
    assert stands(north, taken) == stands(doulas, taken) == ("failed", "other")
    assert stands(north, own) == ("withdrawn", "other")
    assert stands(doulas, other) == ("offered", None), "another woman's"
    assert leader(north, taken) == ["example-clinic-north"]


def test_r5_who_knows_nothing_of_the_new_pregnancy_keeps_what_it_offered_of_the_old(
    given: Given, north: Caller, doulas: Caller, hub: Caller
) -> None:
    taken, theirs = led_by_the_doulas(given)
    doulas.done(f"/v1/clients/{theirs}/episodes")
    offer, own = handed_on(doulas, hub, theirs), given.proposed(taken.client, domain="doula")
    old = pregnancy(north, taken.client)
    north.done(f"{old}/end", {"how": "miscarriage", "on": ago(0)})
    north.done(f"/v1/clients/{taken.client}/episodes")
    assert stands(hub, offer) == ("offered", None)
    assert stands(north, taken) == ("accepted", None)
    assert stands(north, own) == ("withdrawn", "other")
    doulas.done(f"{pregnancy(doulas, theirs)}/close")
    assert stands(hub, offer) == ("withdrawn", "other")


def test_r5_both_sides_read_that_it_ended_with_its_pregnancy(
    given: Given,
    north: Caller,
    doulas: Caller,
) -> None:
    handoff, other = given.offered(), given.offered()
    north.done(f"{pregnancy(north, handoff.client)}/close")
    north.done(f"{other.path}/withdraw", {"reason": "other"})
    for caller in (north, doulas):
        told = {each.id: caller.seen(each.path)["history"][-1]["detail"] for each in (handoff, other)}
        assert told[handoff.id]["because"] == "pregnancy_closed"
        assert (told[other.id]["reason"], "because" in told[other.id]) == ("other", False)
