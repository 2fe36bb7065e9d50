"""Safe contact over HTTP: an agency's own plan, its words on lists and to the receiver, its reason on neither."""

from typing import Any, ClassVar

from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import AGREED, Given, Handoff, Referral, when

WORDS = "Text only, after 3 pm"
REASON = "Her husband reads her mail."
HUB = {"agency": "sample-county-chw-hub", "service": "chw-hub-care-coordination"}
PLAN: dict[str, Any] = {"modes": ["text_two_way"], "words": WORDS, "reason": REASON}


def test_it_is_read_by_who_planned_it_alone(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    referral = given.accepted(consent=AGREED | {"fields": ["name"]})
    path, plan = (f"/v1/clients/{referral.client}/{each}" for each in ("safe-contact-plan", "contact-plan"))
    assert len(north.seen(plan)["safe_contact"]["modes"]) == 8
    when(north.post(path, {"modes": ["phone"]})).then(201, version=1)
    when(north.post(path, {"modes": ["phone"]})).then(200, version=1)
    when(north.post(path, PLAN)).then(201, version=2)
    shown = north.seen(plan)["safe_contact"]
    assert (shown["modes"], shown["words"], shown["contact_prohibited"]) == (["text_two_way"], WORDS, False)
    assert north.seen(f"/v1/notes/{shown['reason']}")["text"] == REASON
    assert REASON not in north.get(plan).text
    told = north.seen(f"/v1/clients/{referral.client}/timeline")["entries"]
    planned = [each["detail"] for each in told if each["type"] == "safecontact.planned.v1"]
    assert [each.get("reason") for each in planned] == [None, shown["reason"]], "its own reference of what was typed"
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


class TestWithHerPhone:
    """What comes with her phone, on the way, after it, and when nothing new follows any more (R1, R13)."""

    PROHIBITED: ClassVar[dict[str, Any]] = {"contact_prohibited": True, "reason": REASON}

    @staticmethod
    def plan(caller: Caller, client: str, said: dict[str, Any]) -> None:
        caller.done(f"/v1/clients/{client}/safe-contact-plan", said)

    @staticmethod
    def came(referral: Referral | Handoff) -> dict[str, Any] | None:
        answer = referral.receiver.get(f"{referral.path}/given")
        assert REASON not in answer.text
        found: dict[str, Any] | None = answer.json()["safe_contact_plan"]
        return found

    @staticmethod
    def theirs(referral: Referral | Handoff) -> dict[str, Any]:
        answer = referral.receiver.get(f"/v1/clients/{referral.theirs}/contact-plan")
        assert REASON not in answer.text
        found: dict[str, Any] = answer.json()["safe_contact"]
        return found

    def test_r13_a_plan_without_words_comes_too(self, north: Caller, doulas: Caller) -> None:
        given = Given(north, doulas)
        client = given.client(phones=["559 555 0178"])
        self.plan(north, client, {"modes": ["text_two_way"], "reason": REASON})
        referral = given.sent(client)
        came = self.came(referral)
        assert came is not None
        assert (came["modes"], came["contact_prohibited"], came["words"]) == (["text_two_way"], False, None)
        assert (doulas.work(referral.id) or {})["contact_modes"] == []
        doulas.done(f"{referral.path}/accept")
        theirs = self.theirs(referral)
        assert (theirs["modes"], theirs["given"], theirs["reason"]) == (["text_two_way"], True, None)
        assert (doulas.work(referral.id) or {})["contact_modes"] == ["text_two_way"]

    def test_r13_a_plan_that_changes_after_the_sending_is_the_one_that_is_read(
        self, north: Caller, doulas: Caller
    ) -> None:
        given = Given(north, doulas)
        referral = given.accepted(given.client(phones=["559 555 0179"]))
        assert self.came(referral) is None
        self.plan(north, referral.client, PLAN)
        came = self.came(referral)
        assert came is not None
        assert (came["modes"], came["words"]) == (["text_two_way"], WORDS)
        self.plan(north, referral.client, self.PROHIBITED)
        came = self.came(referral)
        assert came is not None
        assert (came["modes"], came["contact_prohibited"]) == ([], True)
        assert (self.theirs(referral)["contact_prohibited"], self.theirs(referral)["modes"]) == (True, [])
        assert doulas.seen(referral.path)["contact_prohibited"] is True
        assert (doulas.work(referral.id) or {})["contact_prohibited"] is True
        when(doulas.post(f"{referral.path}/close", {"reason": "safety"})).then(200)

    def test_r13_what_was_said_last_binds_whoever_wrote_it_down(self, north: Caller, doulas: Caller) -> None:
        given = Given(north, doulas)
        referral = given.accepted(given.client(phones=["559 555 0180"]))
        self.plan(north, referral.client, PLAN)
        self.plan(doulas, referral.theirs, {"modes": ["phone"]})
        assert (self.theirs(referral)["modes"], self.theirs(referral)["given"]) == (["phone"], False)
        self.plan(north, referral.client, self.PROHIBITED)
        assert (self.theirs(referral)["contact_prohibited"], self.theirs(referral)["given"]) == (True, True)

    def test_r1_without_her_phone_it_says_at_most_that_she_may_not_be_contacted(
        self, north: Caller, doulas: Caller
    ) -> None:
        given = Given(north, doulas)
        referral = given.accepted(given.client(), consent=AGREED | {"fields": ["name"]})
        self.plan(north, referral.client, PLAN)
        assert (self.came(referral), self.theirs(referral)["planned_at"]) == (None, None)
        self.plan(north, referral.client, {"contact_prohibited": True, "words": WORDS})
        came = self.came(referral)
        assert came is not None
        assert (came["contact_prohibited"], came["words"]) == (True, None)

    def test_r1_nothing_new_follows_once_it_has_ended(self, north: Caller, doulas: Caller) -> None:
        given = Given(north, doulas)
        client = given.client(phones=["559 555 0181"])
        self.plan(north, client, {"modes": ["phone"]})
        referral = given.accepted(client)
        doulas.done(f"{referral.path}/close", {"reason": "other"})
        self.plan(north, client, {"modes": ["mail"]})
        came = self.came(referral)
        assert came is not None
        assert came["modes"] == self.theirs(referral)["modes"] == ["phone"]

    def test_r1_nothing_new_follows_once_she_took_her_agreement_back(self, north: Caller, doulas: Caller) -> None:
        given = Given(north, doulas)
        client = given.client(phones=["559 555 0182"])
        consent = given.consent(client)
        self.plan(north, client, {"modes": ["phone"]})
        referral = given.accepted(client, consent={"id": consent})
        north.done(f"/v1/consents/{consent}/revoke", {"how": "spoken"})
        self.plan(north, client, {"modes": ["mail"]})
        assert self.theirs(referral)["modes"] == ["phone"]

    def test_r13_it_goes_on_with_her_phone_to_whom_the_receiver_asks(
        self, north: Caller, doulas: Caller, hub: Caller
    ) -> None:
        given = Given(north, doulas)
        client = given.client(phones=["559 555 0183"])
        first = given.accepted(client)
        on = Given(doulas, hub).accepted(first.theirs, to=HUB, category="home_visiting")
        self.plan(north, client, PLAN)
        assert (self.theirs(on)["modes"], self.theirs(on)["words"]) == (["text_two_way"], WORDS)

    def test_r13_it_comes_with_a_handoff_too(self, north: Caller, doulas: Caller) -> None:
        handoff = Given(north, doulas).offered()
        assert doulas.seen(handoff.path)["contact_prohibited"] is False
        self.plan(north, handoff.client, self.PROHIBITED)
        came = self.came(handoff)
        assert came is not None
        assert came["contact_prohibited"] is True
        assert doulas.seen(handoff.path)["contact_prohibited"] is True
