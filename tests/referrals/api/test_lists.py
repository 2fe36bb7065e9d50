"""Lists over the API: work, boxes, cursors, the directory."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from services.referrals.api.paging import as_it_stands, latest_first
from services.referrals.application.work import Part
from services.runtime.http import Problem
from tests.days import SAID_ON
from tests.invented import NOON
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, Given, when


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def cursor_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["cursor"][0]


class TestSearch:
    """What matches a search comes in parts; the words stay in the body."""

    def test_clients_of_one_name_follow_each_other_without_gap_or_double(self, north: Caller) -> None:
        word = f"Muestra{uuid4().hex[:12]}"
        wanted = {
            north.done("/v1/clients", {"names": [{"given": given, "family": word}]})["client"]
            for given in ("Testa", "Mina", "Rosa", "Ana", "Ida")
        }
        address, parts = "/v1/clients/search?limit=2", list[list[dict[str, str]]]()
        while address:
            assert word not in address
            found = when(north.post(address, {"text": word})).then(200)
            parts.append(found["items"])
            address = found["next"]
        assert [len(part) for part in parts] == [2, 2, 1]
        seen = [each["client"] for part in parts for each in part]
        assert (len(seen), set(seen)) == (5, wanted)
        assert all(part == sorted(part, key=lambda each: each["name"]) for part in parts)

    def test_a_cursor_is_of_its_own_words(self, north: Caller) -> None:
        word = f"Muestra{uuid4().hex[:12]}"
        for _ in range(2):
            north.done("/v1/clients", {"names": [{"given": "Testa", "family": word}]})
        following = when(north.post("/v1/clients/search?limit=1", {"text": word})).then(200)["next"]
        when(north.post(following, {"text": "Testa"})).then_malformed("/query/cursor", "unknown_cursor")
        whole = when(north.post("/v1/clients/search", {"text": word})).then(200)
        assert (len(whole["items"]), whole["next"]) == (2, None)


class TestWork:
    def test_each_step_puts_it_on_the_list_of_whose_turn_it_is(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        sent = given.sent()
        assert (doulas.work(sent.id) or {})["waits_for"] == "answer"
        assert north.work(sent.id) is None
        doulas.done(f"{sent.path}/accept")
        assert (doulas.work(sent.id) or {})["waits_for"] == "contact"
        given.contact(sent)
        assert (doulas.work(sent.id) or {})["waits_for"] == "complete"
        contact = given.contact(sent)
        doulas.done(f"{sent.path}/complete", {"outcome": "enrolled", "contact": contact})
        assert doulas.work(sent.id) is None
        assert (north.work(sent.id) or {})["waits_for"] == "acknowledge"
        north.done(f"{sent.path}/acknowledge")
        assert north.work(sent.id) is None

    def test_counts_and_names(self, given: Given, north: Caller) -> None:
        declined = given.declined()
        assert north.seen("/v1/work?limit=1")["counts"]["acknowledge"] >= 1
        assert {each["waits_for"] for each in north.listed("/v1/work", kind="acknowledge")} == {"acknowledge"}
        mine = north.work(declined.id)
        assert mine is not None
        client = mine["client"]
        assert isinstance(client, dict)
        assert (client["client"], client["name"][:13]) == (declined.client, "Testa Sample-")

    def test_what_is_late_is_overdue(self, service: Service) -> None:
        sender = service.caller("example-bay-clinic", initiative="expecting-justice-sf")
        client = sender.done("/v1/clients", {"names": [{"given": "Mina"}]})["client"]
        offered = sender.seen("/v1/directory/services")["items"]
        asked = next(
            each for each in offered if each["agency"]["on_system"] and each["agency"]["agency"] != "example-bay-clinic"
        )
        body = {
            "client": client,
            "to": {"agency": asked["agency"]["agency"], "service": asked["service"]},
            "category": asked["category"],
            "priority": "urgent",
            "consent": {"agreed": True, "how": "signed", "on": SAID_ON, "fields": ["name"]},
        }
        sent = sender.done("/v1/referrals", body)["referral"]
        receiver = service.caller(asked["agency"]["agency"], initiative="expecting-justice-sf")
        assert receiver.work(sent, overdue="true") is None
        service.clock.ahead = timedelta(days=2)
        try:
            assert (receiver.work(sent, overdue="true") or {})["overdue"] is True
            assert receiver.seen(f"/v1/referrals/{sent}")["overdue"] is True
            assert receiver.seen("/v1/work")["counts"]["overdue"] >= 1
        finally:
            service.clock.ahead = timedelta(0)


class TestBoxes:
    def test_pages_follow_each_other_without_gap_or_double(self, given: Given, north: Caller) -> None:
        sent = [given.sent().id for _ in range(7)]
        address, seen = "/v1/referrals?box=outbox&limit=3", list[str]()
        while address and len(seen) < 12:
            found = north.seen(address)
            seen += [each["referral"] for each in found["items"]]
            address = found["next"]
        assert seen[:7] == sent[::-1]
        assert len(set(seen)) == len(seen)

    def test_work_pages_too(self, given: Given, doulas: Caller) -> None:
        wanted = {given.sent().id for _ in range(5)}
        address, seen = "/v1/work?limit=2", list[str]()
        while address:
            found = doulas.seen(address)
            seen += [each["id"] for each in found["items"]]
            address = found["next"]
        assert wanted <= set(seen)
        assert len(set(seen)) == len(seen)

    def test_by_state(self, given: Given, north: Caller) -> None:
        declined = given.declined()
        found = north.listed("/v1/referrals", box="outbox", status="declined")
        assert {each["state"] for each in found} == {"declined"}
        assert declined.id in {each["referral"] for each in found}

    def test_by_several_states_with_commas(self, given: Given, north: Caller) -> None:
        declined, sent = given.declined(), given.sent()
        given.accepted()
        found = north.listed("/v1/referrals", box="outbox", status="sent,declined")
        seen = {each["referral"]: each["state"] for each in found}
        assert set(seen.values()) == {"sent", "declined"}
        assert {declined.id, sent.id} <= seen.keys()
        for nothing in ("", "sent,", ",", "sent,asleep", "sent;received"):
            answer = north.get("/v1/referrals", params={"status": nothing})
            when(answer).then_malformed("/query/status", "enum")

    def test_a_cursor_is_of_one_list_and_its_filters(self, given: Given, north: Caller) -> None:
        for _ in range(3):
            given.declined()
        following = north.seen("/v1/referrals?box=outbox&status=sent,declined&limit=1")["next"]
        cursor = cursor_of(following)
        others: tuple[tuple[str, dict[str, str]], ...] = (
            ("/v1/referrals", {"box": "inbox", "status": "sent,declined"}),
            ("/v1/referrals", {"box": "outbox", "status": "declined"}),
            ("/v1/referrals", {"box": "outbox"}),
            ("/v1/work", {}),
            ("/v1/directory/agencies", {}),
            (f"/v1/clients/{given.client()}/consents", {}),
        )
        for path, filters in others:
            answer = north.get(path, params=filters | {"cursor": cursor})
            when(answer).then_malformed("/query/cursor", "unknown_cursor")
        halves = cursor[26:] + cursor[:26]
        mixed = north.get("/v1/referrals", params={"box": "outbox", "status": "sent,declined", "cursor": halves})
        when(mixed).then_malformed("/query/cursor", "unknown_cursor")
        same = {"box": "outbox", "status": "declined,sent", "limit": "2", "names": "false", "cursor": cursor}
        assert len(north.seen("/v1/referrals", params=same)["items"]) == 2

    def test_a_cursor_is_an_agencys_own(self, given: Given, north: Caller, hub: Caller) -> None:
        for _ in range(2):
            given.sent()
        cursor = cursor_of(north.seen("/v1/referrals?box=outbox&limit=1")["next"])
        when(hub.get("/v1/referrals", params={"cursor": cursor})).then_malformed("/query/cursor", "unknown_cursor")

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ("limit=0", "/query/limit"),
            ("limit=201", "/query/limit"),
            ("limit=many", "/query/limit"),
            ("box=drawer", "/query/box"),
            ("status=asleep", "/query/status"),
            ("overdue=perhaps", "/query/overdue"),
            ("cursor=1", "/query/cursor"),
            ("page=2", "/query"),
        ],
    )
    def test_what_makes_no_sense_is_pointed_at(self, north: Caller, query: str, pointer: str) -> None:
        when(north.get(f"/v1/referrals?{query}")).then_malformed(pointer)


class TestOfOneClient:
    """What is listed of a client comes in parts like every other list."""

    LISTS = ("consents", "episodes", "responsibility")

    def test_consents_follow_each_other_without_gap_or_double(self, given: Given, north: Caller) -> None:
        client = given.client()
        recorded = [given.consent(client) for _ in range(5)]
        for limit in (1, 2, 5):
            address, seen, parts = f"/v1/clients/{client}/consents?limit={limit}", list[str](), 0
            while address:
                found = north.seen(address)
                assert len(found["items"]) <= limit
                seen += [each["consent"] for each in found["items"]]
                address, parts = found["next"], parts + 1
            assert (seen, parts) == (recorded[::-1], -(-5 // limit))

    def test_leads_of_two_domains_come_in_two_parts(self, given: Given, north: Caller, doulas: Caller) -> None:
        client = given.pregnant()
        handed = given.proposed(client, domain="doula")
        north.done(f"{handed.path}/client-agrees", {"consent": AGREED})
        north.done(f"{handed.path}/offer")
        doulas.done(f"{handed.path}/accept")
        first = north.seen(f"/v1/clients/{client}/responsibility?limit=1")
        second = north.seen(first["next"])
        assert [lead["domain"] for lead in first["items"]] == ["doula"]
        assert [lead["domain"] for lead in second["items"]] == ["primary_care_coordination"]
        assert second["next"] is None

    @pytest.mark.parametrize("name", LISTS)
    def test_what_is_whole_has_no_next(self, given: Given, north: Caller, name: str) -> None:
        client = given.pregnant()
        given.consent(client)
        found = north.seen(f"/v1/clients/{client}/{name}?limit=200")
        assert found.keys() == {"items", "next"}
        assert (len(found["items"]), found["next"]) == (1, None)

    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=1", f"cursor={'a' * 52}"])
    def test_what_makes_no_sense_is_pointed_at(self, given: Given, north: Caller, name: str, query: str) -> None:
        answer = north.get(f"/v1/clients/{given.client()}/{name}?{query}")
        when(answer).then_malformed(f"/query/{query.partition('=')[0]}")

    @pytest.mark.parametrize("name", LISTS)
    def test_a_cursor_is_an_agencys_own(self, given: Given, north: Caller, doulas: Caller, name: str) -> None:
        accepted = given.accepted()
        for _ in range(2):
            given.consent(accepted.client)
        following = north.seen(f"/v1/clients/{accepted.client}/consents?limit=1")["next"]
        query = {"cursor": cursor_of(following)}
        theirs = doulas.get(f"/v1/clients/{accepted.theirs}/{name}", params=query)
        when(theirs).then_malformed("/query/cursor", "unknown_cursor")

    def test_entries_of_one_moment_are_told_apart_and_a_cursor_without_a_time_is_of_another_list(self) -> None:
        ids = [UUID(int=number) for number in range(5)]
        shown, following = latest_first(ids, Part(2), lambda id: (NOON, id))
        assert (shown, following) == (ids[:2:-1], (NOON, ids[3]))
        assert latest_first(ids, Part(9, following), lambda id: (NOON, id)) == (ids[2::-1], None)
        with pytest.raises(Problem, match="malformed"):
            latest_first(ids, Part(2, (None, ids[3])), lambda id: (NOON, id))


class TestDirectory:
    def test_services_for_a_need_in_a_language(self, north: Caller) -> None:
        # Other tests have added services: what is asked for is among them.
        def offered(**query: str) -> dict[str, dict[str, Any]]:
            return {each["service"]: each for each in north.listed("/v1/directory/services", **query)}

        found = offered(category="doula", language="es")
        told = found["doula-network-birth-support"]["agency"]
        assert [each["type"] for each in told.pop("phones")] == ["voice", "fax"]
        assert [each["city"] for each in told.pop("addresses")] == ["Exampleville"]
        assert told == {
            "agency": "example-doula-network",
            "name": "Example Doula Network",
            "on_system": True,
        }
        assert {each["category"] for each in found.values()} == {"doula"}
        assert "doula-network-birth-support" not in offered(category="doula", language="hmn")
        assert "doula-network-birth-support" not in offered(category="wic", language="es")

    @pytest.mark.parametrize("path", ["/v1/directory/agencies", "/v1/directory/services"])
    @pytest.mark.parametrize("who", ["staff", "backbone"])
    def test_it_comes_in_parts_in_the_order_of_its_configuration(self, service: Service, path: str, who: str) -> None:
        reader = service.caller("example-clinic-north" if who == "staff" else None, who)
        whole = reader.seen(f"{path}?limit=200")
        address, seen = f"{path}?limit=3", list[dict[str, object]]()
        while address:
            found = reader.seen(address)
            assert 1 <= len(found["items"]) <= 3
            seen += found["items"]
            address = found["next"]
        assert (seen, whole["next"]) == (whole["items"], None)
        assert len(seen) > 3

    def test_its_cursors_are_an_agencys_own_and_of_one_list(self, service: Service, north: Caller, hub: Caller) -> None:
        cursor = cursor_of(north.seen("/v1/directory/agencies?limit=1")["next"])
        backbone = service.caller(None, "backbone")
        asked = (
            hub.get("/v1/directory/agencies", params={"cursor": cursor}),
            backbone.get("/v1/directory/agencies", params={"cursor": cursor}),
            north.get("/v1/directory/services", params={"cursor": cursor}),
        )
        for answer in asked:
            when(answer).then_malformed("/query/cursor", "unknown_cursor")

    def test_an_entry_that_left_the_configuration_ends_its_cursors(self) -> None:
        ids = [UUID(int=number) for number in range(3)]
        assert as_it_stands(ids, Part(2), lambda id: id) == (ids[:2], (None, ids[1]))
        assert as_it_stands(ids, Part(2, (None, ids[1])), lambda id: id) == (ids[2:], None)
        with pytest.raises(Problem, match="malformed"):
            as_it_stands(ids, Part(2, (None, UUID(int=9))), lambda id: id)

    def test_another_initiatives_agencies_are_not_in_it(self, north: Caller, abroad: Caller) -> None:
        mine, theirs = (
            {each["agency"] for each in caller.seen("/v1/directory/agencies")["items"]} for caller in (north, abroad)
        )
        assert mine
        assert theirs
        assert not mine & theirs
