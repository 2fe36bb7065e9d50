"""R1: a name that stands in an answer because she gave it is written down as read before; one's own is not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from deploy.local.postgres import OWNER
from services.referrals.application.erasing import operator
from services.referrals.application.given import names as names_given
from services.referrals.application.opening import quiet_desk
from services.referrals.directory import Directory
from services.referrals.store.commit import IdempotencyKey
from services.referrals.store.reader import Looked, Streams
from services.referrals.store.recall import Reads
from services.runtime.telemetry import Telemetry
from tests.condition import until
from tests.days import SAID_ON
from tests.referrals.api.conftest import FRESNO, Caller, Service, serve_settings
from tests.referrals.api.story import Given, Handoff, Referral, when

WORK, INBOX = "/v1/work?limit=200", "/v1/referrals?box=inbox&limit=200"
READS = (
    "SELECT convert_from(state, 'UTF8')::jsonb, correlation_id FROM stored_events"
    " WHERE topic = 'disclosure.recorded.v1' AND actor = %s"
    " AND client_id IN (SELECT client_id FROM stored_events WHERE originator_id = ANY (%s))"
)
CLASSES: dict[str, Any] = {
    "to": {"agency": "example-doula-network", "service": "doula-network-classes"},
    "category": "childbirth_education",
}
BARE = {"agreed": True, "how": "spoken", "on": SAID_ON, "fields": ["phones"]}


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


@pytest.fixture
def nia(service: Service) -> Caller:
    """Somebody at the doulas who has read nothing yet."""
    return service.caller("example-doula-network", subject="nia-invented")


def made(*things: Referral | Handoff) -> None:
    """Her copies are made, and what was sent is received: somebody else at the receiver has opened them."""
    for thing in things:
        if isinstance(thing, Referral):
            thing.receiver.post(f"{thing.path}/receive")
        thing.receiver.seen(f"{thing.path}/given")


def reads(service: Service, *things: Referral | Handoff, actor: str = "nia-invented") -> list[tuple[Any, ...]]:
    """What is written down of the clients of these as read by one person at the doulas."""
    with psycopg.connect(service.databases.dsn("referrals")) as store:
        return store.execute(READS, [actor, [UUID(thing.id) for thing in things]]).fetchall()


def names(caller: Caller, address: str, *things: Referral | Handoff) -> list[str | None]:
    """Under which names a list shows these, in their order."""
    found = {item.get("id") or item["referral"]: (item["client"] or {}).get("name") for item in caller.listed(address)}
    return [found[thing.id] for thing in things]


@contextmanager
def nothing_written(service: Service) -> Iterator[None]:
    """The store can be read, and refuses what is to be written."""
    with psycopg.connect(service.databases.dsn("referrals", OWNER), autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;"
            " CREATE TRIGGER refused BEFORE INSERT ON stored_events EXECUTE FUNCTION refuse()"
        )
        try:
            yield
        finally:
            owner.execute("DROP TRIGGER refused ON stored_events; DROP FUNCTION refuse()")


class TestR1Lists:
    """Reading a name that she gave is reading a given field, in a list as on its own page."""

    @pytest.mark.parametrize("address", [WORK, INBOX])
    def test_a_list_of_given_names_is_written_down_as_one_before_it_is_answered(
        self, given: Given, nia: Caller, service: Service, address: str
    ) -> None:
        sent = [given.sent() for _ in range(3)]
        made(*sent)
        assert reads(service, *sent) == []
        assert all(name and name.startswith("Testa Sample-") for name in names(nia, address, *sent))
        written = reads(service, *sent)
        assert {state["referral"] for state, _ in written} == {each.id for each in sent}
        assert {state["kind"] for state, _ in written} == {"given_fields"}
        assert all(state["consent"] for state, _ in written)
        assert len({correlation for _, correlation in written}) < len(sent), "a part of the list is one"

    @pytest.mark.parametrize("address", [WORK, INBOX])
    def test_r11_what_nobody_has_opened_has_no_name(
        self, given: Given, nia: Caller, service: Service, address: str
    ) -> None:
        for _ in range(3):
            sent = given.sent()
            assert names(nia, address, sent) == [None]
            assert reads(service, sent) == []
            given.receiver.done(f"{sent.path}/receive")
            assert names(nia, address, sent) != [None]
            assert len(reads(service, sent)) == 1

    def test_r11_nor_has_it_where_she_is_known(self, given: Given, nia: Caller) -> None:
        client = given.client()
        given.accepted(client)
        again = given.sent(client, **CLASSES)
        found = {item["id"]: item for item in nia.listed(WORK)}[again.id]
        assert (found["client"]["name"], found["safe_contact"], found["contact_modes"]) == (None, None, [])
        text = {"text": given.sender.seen(f"/v1/clients/{client}")["name"].split("-")[-1]}
        assert again.id not in {each["referral"] for each in nia.done("/v1/referrals/search", text)["items"]}
        assert again.id in {each["referral"] for each in given.sender.done("/v1/referrals/search", text)["items"]}
        given.receiver.done(f"{again.path}/receive")
        assert names(nia, WORK, again) != [None]
        assert again.id in {each["referral"] for each in nia.done("/v1/referrals/search", text)["items"]}

    def test_once_in_an_hour_whichever_way_it_is_read(self, given: Given, nia: Caller, service: Service) -> None:
        sent = given.sent()
        made(sent)
        for address in (WORK, INBOX, sent.path, f"{sent.path}/given", WORK):
            nia.seen(address)
        assert len(reads(service, sent)) == 1

    @pytest.mark.parametrize("address", [WORK, "given"])
    def test_another_referral_of_a_restricted_class_is_a_look_of_its_own(
        self, given: Given, nia: Caller, service: Service, address: str
    ) -> None:
        client = given.client()
        wanted = given.sender.done(f"/v1/clients/{client}/needs", {"category": "substance_use_treatment"})["need"]
        sent = [given.sent(client, **CLASSES), given.sent(client, need=wanted)]
        made(*sent)
        for each in sent:
            nia.seen(f"{each.path}/given") if address == "given" else nia.listed(address)
        assert sorted(state["restricted"] or "" for state, _ in reads(service, *sent)) == ["", "part2"]

    def test_two_lists_at_once_write_it_down_once(self, given: Given, nia: Caller, service: Service) -> None:
        for _ in range(5):
            sent = [given.sent() for _ in range(3)]
            made(*sent)
            with ThreadPoolExecutor(4) as pool:
                found = list(pool.map(lambda address: names(nia, address, *sent), (WORK, INBOX, WORK, INBOX)))  # noqa: B023
            assert all(None not in listed for listed in found)
            assert len(reads(service, *sent)) == len(sent)

    def test_r11_an_offer_has_no_name_until_it_is_accepted(self, given: Given, nia: Caller, service: Service) -> None:
        offered = given.offered()
        made(offered)
        assert names(nia, WORK, offered) == [None]
        assert reads(service, offered) == []
        assert nia.seen(offered.path)["client"]["name"]
        [(state, _)] = reads(service, offered)
        assert (state["handoff"], state.get("referral")) == (offered.id, None)
        given.receiver.done(f"{offered.path}/accept")
        assert names(nia, WORK, offered) != [None]

    def test_whoever_asks_for_no_names_reads_none(self, given: Given, nia: Caller, service: Service) -> None:
        sent, offered = [given.sent() for _ in range(2)], given.offered()
        made(*sent, offered)
        for address in (WORK, INBOX):
            assert names(nia, f"{address}&names=false", *sent) == [None, None]
        things: list[Referral | Handoff] = [*sent, offered]
        for thing in things:
            assert nia.seen(f"{thing.path}?names=false")["client"]["name"] is None
        assert "names=false" in nia.seen("/v1/work?names=false&limit=1")["next"]
        assert reads(service, *sent, offered) == []

    def test_own_names_are_not_written_down(self, given: Given, north: Caller, nia: Caller, service: Service) -> None:
        accepted, declined = given.accepted(), given.declined()
        until(lambda: nia.seen(f"/v1/clients/{accepted.theirs}")["name"])
        assert names(nia, WORK, accepted)[0]
        assert names(nia, INBOX, accepted)[0]
        assert nia.seen(accepted.path)["client"]["name"]
        assert names(north, "/v1/referrals?box=outbox&limit=200", accepted, declined) != [None, None]
        assert reads(service, accepted, declined) == []
        assert reads(service, accepted, declined, actor="testa") == []

    def test_list_and_page_show_the_same(self, given: Given, nia: Caller) -> None:
        things: list[Referral | Handoff] = [given.sent(), given.sent(consent=BARE), given.accepted()]
        made(*things)
        listed = names(nia, WORK, *things)
        assert [name is not None for name in listed] == [True, False, True]
        assert [nia.seen(thing.path)["client"]["name"] for thing in things] == listed

    def test_a_name_that_was_given_for_another_referral_stays_there(self, given: Given, nia: Caller) -> None:
        client = given.pregnant()
        first, second = given.sent(client, consent=BARE), given.offered(client)
        made(first, second)
        shown = [nia.seen(thing.path)["client"]["name"] is not None for thing in (first, second)]
        assert (shown, names(nia, WORK, first)) == ([False, True], [None])

    @pytest.mark.parametrize("address", [WORK, INBOX, "page", "given"])
    def test_what_cannot_be_written_down_is_not_shown(
        self, given: Given, nia: Caller, service: Service, address: str
    ) -> None:
        sent = given.sent(priority="urgent")  # among the first of a list that other tests have filled
        made(sent)
        address = {"page": sent.path, "given": f"{sent.path}/given"}.get(address, address)
        with nothing_written(service):
            answer = nia.get(address)
            assert answer.status_code == nia.get(f"{sent.path}/given").status_code
            assert not answer.is_success
            assert "Sample-" not in answer.text
        assert "Sample-" in nia.get(address).text
        assert len(reads(service, sent)) == 1

    def test_the_next_hour_is_written_down_anew(self, given: Given, nia: Caller, service: Service) -> None:
        sent = given.sent(priority="urgent")
        made(sent)
        nia.listed(WORK)
        service.clock.ahead = timedelta(hours=1)
        try:
            nia.listed(WORK)
        finally:
            service.clock.ahead = timedelta(0)
        assert len(reads(service, sent)) == 2


class Noted:
    """A reader that notes which streams it is asked for."""

    def __init__(self, reader: Reads) -> None:
        self.streams: list[UUID] = []
        self._reader = reader

    async def load(self, *streams: UUID) -> Streams:
        self.streams += streams
        return await self._reader.load(*streams)

    async def look(self, *streams: UUID, key: IdempotencyKey | None = None, work_of: UUID | None = None) -> Looked:
        self.streams += streams
        return await self._reader.look(*streams, key=key, work_of=work_of)


async def test_a_list_reads_no_more_than_what_is_written_down(given: Given, service: Service) -> None:
    """No referral: its row says what a look at it rests on, for the first list of an hour as for all others."""
    sent = [given.sent() for _ in range(3)]
    made(*sent)
    settings = serve_settings(service.databases, service.keys)
    directory = Directory.read(settings.initiatives)
    async with quiet_desk(settings, directory, service.clock, Telemetry.off("referrals")) as (desk, _):
        who = operator(desk, FRESNO, "example-doula-network", "list_work")
        ids = [UUID(each.id) for each in sent]
        rows = [row for row in await desk.lists.open_of(FRESNO, who.agency) if row.id in ids]
        for _ in range(2):
            noted = Noted(desk.reader)
            assert (await names_given(replace(desk, reader=noted), who, rows)).keys() == set(ids)
            assert len(noted.streams) == len(set(noted.streams) - set(ids)) == len(ids)
    assert len(reads(service, *sent, actor=who.subject)) == 3


HOUSING = {"agency": "sample-housing-help", "service": "housing-help-navigation"}


def test_r1_who_accepted_gives_on_what_it_was_given(given: Given, service: Service) -> None:
    """At once, before any follower came by: what it holds by now is what it gives."""
    sent = given.accepted()
    third = service.caller("sample-county-chw-hub")
    body = {"to": "sample-county-chw-hub", "domain": "primary_care_coordination", "kind": "warm_remote"}
    given.receiver.done(f"/v1/clients/{sent.theirs}/episodes")
    onward = given.receiver.done(f"/v1/clients/{sent.theirs}/handoffs", body)["handoff"]
    agreed = {"consent": {"agreed": True, "how": "spoken", "on": SAID_ON, "fields": ["name"]}}
    given.receiver.done(f"/v1/handoffs/{onward}/client-agrees", agreed)
    given.receiver.done(f"/v1/handoffs/{onward}/offer")
    name = third.seen(f"/v1/handoffs/{onward}/given")["fields"]["name"]
    assert name
    assert name == given.receiver.seen(f"{sent.path}/given")["fields"]["name"]


def test_r1_who_accepted_and_then_declined_keeps_its_record(given: Given) -> None:
    sent = given.accepted()
    theirs = sent.theirs
    given.receiver.done(f"{sent.path}/decline", {"reason": "no_capacity"})
    assert given.receiver.seen(f"/v1/clients/{theirs}")["client"] == theirs
    assert given.receiver.seen(f"{sent.path}/given")["fields"]["name"]


def test_r1_her_name_is_there_as_soon_as_she_was_accepted(given: Given) -> None:
    sent = given.accepted()
    assert given.receiver.seen(sent.path)["client"]["name"]


@pytest.mark.parametrize("act", ["episodes", "consents", "referrals", "handoffs"])
def test_r1_r19_who_has_not_accepted_does_not_act_for_her(given: Given, act: str) -> None:
    sent = given.sent()
    client = sent.theirs
    consent = {"agreed": True, "how": "spoken", "on": SAID_ON, "fields": ["name"]}
    bodies: dict[str, dict[str, Any]] = {
        "episodes": {},
        "consents": consent | {"recipient": "sample-county-chw-hub"},
        "handoffs": {"to": "sample-county-chw-hub", "domain": "primary_care_coordination", "kind": "warm_remote"},
        "referrals": {"client": client, "to": HOUSING, "category": "housing-instability", "consent": consent},
    }
    path = "/v1/referrals" if act == "referrals" else f"/v1/clients/{client}/{act}"
    when(given.receiver.post(path, bodies[act])).then_problem(409, "wrong-state", stands="sent")
    given.receiver.done(f"{sent.path}/accept")
    if act == "handoffs":
        given.receiver.done(f"/v1/clients/{client}/episodes")
    when(given.receiver.post(path, bodies[act])).then(201)
