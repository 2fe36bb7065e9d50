"""Safe contact over HTTP: an agency's own plan, its words on lists and to the receiver, its reason on neither."""

from typing import Any

from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import AGREED, Given, when

WORDS = "Text only, after 3 pm"
REASON = "Her husband reads her mail."
PLAN: dict[str, Any] = {"modes": ["text_two_way"], "words": WORDS, "reason": REASON}


def test_it_is_read_by_who_planned_it_alone(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    referral = given.accepted()
    path, plan = (f"/v1/clients/{referral.client}/{each}" for each in ("safe-contact-plan", "contact-plan"))
    assert len(north.seen(plan)["safe_contact"]["modes"]) == 8
    when(north.post(path, {"modes": ["phone"]})).then(201, version=1)
    when(north.post(path, {"modes": ["phone"]})).then(200, version=1)
    when(north.post(path, PLAN)).then(201, version=2)
    shown = north.seen(plan)["safe_contact"]
    assert (shown["modes"], shown["words"], shown["contact_prohibited"]) == (["text_two_way"], WORDS, False)
    assert north.seen(f"/v1/notes/{shown['reason']}")["text"] == REASON
    assert REASON not in north.get(plan).text
    assert doulas.seen(f"/v1/clients/{referral.theirs}/contact-plan")["safe_contact"]["planned_at"] is None
    when(doulas.get(plan)).then_problem(404, "not-found")


def test_lists_show_the_words_and_never_the_reason(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    referral = given.declined()
    north.done(f"/v1/clients/{referral.client}/safe-contact-plan", PLAN)
    assert (north.work(referral.id) or {})["safe_contact"] == WORDS
    north.done(f"/v1/clients/{referral.client}/safe-contact-plan", {"contact_prohibited": True, "reason": REASON})
    told = north.work(referral.id) or {}
    assert (told["safe_contact"], told["contact_prohibited"]) == (None, True)
    assert REASON not in str(told)


def test_the_words_go_with_her_phone_to_the_receiver(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client(phones=["559 555 0177"])
    north.done(f"/v1/clients/{client}/safe-contact-plan", PLAN)
    referral = given.accepted(client)
    assert doulas.seen(f"{referral.path}/given")["fields"]["safe_contact"] == WORDS
    assert (doulas.work(referral.id) or {})["safe_contact"] == WORDS
    client = given.client()
    north.done(f"/v1/clients/{client}/safe-contact-plan", PLAN)
    bare = given.accepted(client, consent=AGREED | {"fields": ["name"]})
    assert doulas.seen(f"{bare.path}/given")["fields"]["safe_contact"] is None


def test_r13_the_receiver_is_told_that_she_may_not_be_contacted(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client()
    assert doulas.seen(given.sent(client).path)["contact_prohibited"] is False
    client = given.client()
    north.done(f"/v1/clients/{client}/safe-contact-plan", {"contact_prohibited": True})
    assert doulas.seen(given.sent(client).path)["contact_prohibited"] is True


def test_a_plan_says_one_thing(north: Caller, doulas: Caller) -> None:
    path = f"/v1/clients/{Given(north, doulas).client()}/safe-contact-plan"
    when(north.post(path, PLAN | {"contact_prohibited": True})).then_malformed("/modes")
    when(north.post(path, {})).then_malformed("/modes")
    when(north.post(path, {"modes": ["transport_ride"]})).then_malformed("/modes")
