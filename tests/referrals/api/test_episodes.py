"""A pregnancy over the API, in each opener's own words; how it ended is nobody else's news (F5, R5, R6)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest

from services.referrals.publishing import CARE_TOPIC, RESTRICTED_TOPIC, publish
from services.referrals.store.mapper import FactMapper
from services.referrals.store.recorded import COLUMNS, written_row
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import Given, Referral, when

MAPPER = FactMapper()
BORN = {"how": "live_birth", "children": [{"weight_g": 3200}]}
LOST = {"how": "miscarriage"}


def today() -> date:
    return (datetime.now(UTC) - timedelta(hours=8)).date()


def in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


@pytest.fixture
def later(service: Service) -> Iterator[Any]:
    def go(days: float) -> None:
        service.clock.ahead = timedelta(days=days)

    yield go
    service.clock.ahead = timedelta(0)


def opened(caller: Caller, client: str, **said: Any) -> str:
    return f"/v1/episodes/{caller.done(f'/v1/clients/{client}/episodes', said)['episode']}"


@pytest.fixture
def path(given: Given, north: Caller) -> str:
    """A pregnancy that the clinic opened."""
    return opened(north, given.client())


class TestDating:
    def test_f5_dated_and_dated_anew_in_whole_days(self, north: Caller, path: str) -> None:
        assert north.seen(path)["gestational_days"] is None
        when(north.post(f"{path}/date", {"edd": in_days(109), "basis": "lmp"})).then(200, state="open_dated", version=2)
        first = north.seen(path)
        assert (first["due"], first["basis"], first["gestational_days"]) == (in_days(109), "lmp", 171)
        said = {"edd": in_days(112), "basis": "ultrasound", "supersedes": first["dating"]}
        when(north.post(f"{path}/date", said)).then(200, version=3)
        second = north.seen(path)
        assert (second["due"], second["gestational_days"]) == (in_days(112), 168)
        again = {"edd": in_days(120), "basis": "clinical", "supersedes": first["dating"]}
        when(north.post(f"{path}/date", again)).then_problem(409, "dating-moved")
        entries = north.seen(f"/v1/clients/{second['client']}/timeline")["entries"]
        datings = [entry for entry in entries if entry["type"] == "episode.dated.v1"]
        assert datings[1]["detail"]["earlier"] == datings[0]["event"] == first["dating"]

    def test_r12_the_same_again_is_200_and_no_second_event(self, north: Caller, path: str) -> None:
        said = {"edd": in_days(109), "basis": "lmp"}
        assert [when(north.post(f"{path}/date", said)).then(200)["version"] for _ in range(2)] == [2, 2]

    def test_no_pregnancy_is_due_in_two_years(self, north: Caller, path: str) -> None:
        when(north.post(f"{path}/date", {"edd": in_days(700), "basis": "lmp"})).then_malformed(
            "/edd", "due-date-not-possible"
        )

    def test_no_pregnancy_begins_after_today(self, north: Caller, path: str, later: Any) -> None:
        when(north.post(f"{path}/date", {"edd": in_days(281), "basis": "lmp"})).then_malformed(
            "/edd", "due-date-not-possible"
        )
        north.done(f"{path}/date", {"edd": in_days(279), "basis": "lmp"})
        assert north.seen(path)["gestational_days"] == 1
        later(-2)
        assert north.seen(path)["gestational_days"] is None

    def test_the_first_answer_comes_again_under_its_key(self, north: Caller, path: str) -> None:
        said, key = {"edd": in_days(109), "basis": "lmp"}, uuid4().hex
        first = north.post(f"{path}/date", said, key=key)
        north.done(f"{path}/lost")
        again = north.post(f"{path}/date", said, key=key)
        assert (again.json(), again.headers["idempotent-replay"]) == (first.json(), "true")

    def test_what_was_said_of_another_version_is_412(self, north: Caller, path: str) -> None:
        north.done(f"{path}/date", {"edd": in_days(109), "basis": "lmp"})
        answer = north.post(f"{path}/date", {"edd": in_days(90), "basis": "lmp"}, headers={"If-Match": '"1"'})
        when(answer).then_problem(412, "precondition-failed")


class TestSteps:
    def test_f5_prenatal_care_begins_once(self, north: Caller, path: str) -> None:
        north.done(f"{path}/prenatal-care", {"on": in_days(-2)})
        when(north.post(f"{path}/prenatal-care", {"on": in_days(-2)})).then(200, version=2)
        when(north.post(f"{path}/prenatal-care")).then_problem(409, "prenatal-care-already-recorded")
        when(north.post(f"{path}/prenatal-care", {"on": in_days(3)})).then_malformed("/on", "in_the_future")
        assert north.seen(path)["prenatal_care_on"] == in_days(-2)

    def test_f5_lost_and_found_again(self, north: Caller, path: str) -> None:
        north.done(f"{path}/date", {"edd": in_days(109), "basis": "lmp"})
        when(north.post(f"{path}/lost")).then(200, state="lost")
        assert (north.seen(path)["gestational_days"], north.seen(path)["actions"]) == (
            None,
            ["resume", "end", "close", "entered-in-error", "dating-entered-in-error"],
        )
        when(north.post(f"{path}/prenatal-care")).then_problem(409, "wrong-state", stands="lost")
        when(north.post(f"{path}/resume")).then(200, state="open_dated")

    def test_f5_closed_is_closed(self, north: Caller, path: str) -> None:
        when(north.post(f"{path}/close")).then(200, state="closed")
        when(north.post(f"{path}/close")).then(200, version=2)
        when(north.post(f"{path}/lost")).then_problem(409, "episode-closed")


class TestItsDays:
    @pytest.mark.parametrize("dated", [True, False])
    def test_no_day_lies_decades_before_it(self, north: Caller, path: str, dated: bool) -> None:
        if dated:
            north.done(f"{path}/date", {"edd": in_days(0), "basis": "lmp"})
        long_ago = {"on": "1991-01-01"}
        when(north.post(f"{path}/prenatal-care", long_ago)).then_malformed("/on", "care-outside-pregnancy")
        when(north.post(f"{path}/end", BORN | long_ago)).then_malformed("/on", "birth-outside-pregnancy")
        when(north.post(f"{path}/end", LOST | long_ago)).then_malformed("/on", "end-outside-pregnancy")
        if dated:
            weeks = BORN | {"on": in_days(-3), "gestational_days": 200}
            when(north.post(f"{path}/end", weeks)).then_malformed("/gestational_days", "gestation-not-of-dating")
        north.done(f"{path}/end", BORN | {"on": in_days(-3), "gestational_days": 270})
        when(north.post(f"{path}/postpartum-visit", long_ago)).then_malformed("/on", "before-the-birth")
        north.done(f"{path}/postpartum-visit", {"on": in_days(-2)})

    def test_a_due_date_by_which_her_first_visit_was_none_is_refused_at_it(self, north: Caller, path: str) -> None:
        north.done(f"{path}/date", {"edd": in_days(100), "basis": "lmp"})
        north.done(f"{path}/prenatal-care", {"on": in_days(-150)})
        late = {"edd": in_days(131), "basis": "ultrasound"}
        when(north.post(f"{path}/date", late)).then_malformed("/edd", "care-outside-dating")
        assert north.seen(path)["due"] == in_days(100)
        when(north.post(f"{path}/date", late | {"edd": in_days(130)})).then(200)


class TestTheEnd:
    def test_r5_how_and_when_is_read_by_its_writer_alone_and_is_in_no_event(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        client = given.client()
        path = opened(north, client)
        said = LOST | {"on": in_days(-1)}
        when(north.post(f"{path}/end", said)).then(200, state="postpartum")
        shown = north.seen(path)
        assert shown["end"] == said | {"gestational_days": None, "children": []}
        (item,) = north.seen(f"/v1/clients/{client}/episodes")["items"]
        assert (item["end_recorded"], item["end"], item["phase"]) == (True, None, "postpartum")
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            rows = store.execute("SELECT state FROM stored_events WHERE topic = 'episode.end_recorded.v1'").fetchall()
        assert not any(b"miscarriage" in row[0] or in_days(-1).encode() in row[0] for row in rows)

    def test_r12_another_end_is_refused(self, north: Caller, path: str) -> None:
        said = LOST | {"on": in_days(-1)}
        north.done(f"{path}/end", said)
        when(north.post(f"{path}/end", said)).then(200, version=2)
        when(north.post(f"{path}/end", BORN | {"on": in_days(-1)})).then_problem(409, "end-already-recorded")

    @pytest.mark.parametrize(
        "said",
        [{"how": "stillbirth", "children": [{"live": True}]}, {"how": "live_birth", "children": [{"live": False}]}],
    )
    def test_only_a_live_birth_has_a_living_child(self, north: Caller, path: str, said: dict[str, Any]) -> None:
        when(north.post(f"{path}/end", said | {"on": in_days(0)})).then_malformed("/children", "children-do-not-fit")
        when(north.post(f"{path}/end", LOST | {"on": in_days(1)})).then_malformed("/on", "in_the_future")

    def test_r6_twins_are_one_delivery_on_the_restricted_topic(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        client = given.client()
        path = opened(north, client)
        north.done(f"{path}/date", {"edd": in_days(20), "basis": "art"})
        children = [{"weight_g": 2600}, {"weight_g": 1400}, {"live": False, "weight_g": 900}]
        north.done(f"{path}/end", {"how": "live_birth", "on": in_days(0), "children": children})
        north.done(f"{path}/postpartum-visit", {"on": in_days(0)})
        told = published(service, north, client)[RESTRICTED_TOPIC]
        assert told == [
            ("birth.recorded.v1", {"delivered_on": in_days(0), "gestational_days": 260, "live_children": 2,
                                   "weight_band": "<1500"}),
            ("postpartum_visit.recorded.v1", {"on": in_days(0)}),
        ]  # fmt: skip

    def test_r5_no_visit_after_a_loss_is_published(self, north: Caller, path: str) -> None:
        north.done(f"{path}/end", LOST | {"on": in_days(-1)})
        when(north.post(f"{path}/postpartum-visit")).then_problem(409, "no-birth-recorded")
        assert "postpartum-visit" not in north.seen(path)["actions"]

    @pytest.mark.parametrize("joined", [True, False])
    def test_r5_another_agency_and_ordinary_measures_read_the_same_after_loss_silence_and_birth(
        self, given: Given, service: Service, later: Any, joined: bool
    ) -> None:
        north, doulas, told = given.sender, given.receiver, []
        for end in (LOST, None, BORN):
            accepted = given.accepted()
            mine = opened(north, accepted.client)
            if joined:
                opened(doulas, accepted.theirs)
            north.done(f"{mine}/date", {"edd": in_days(60), "basis": "lmp"})
            if end is not None:
                north.done(f"{mine}/end", end | {"on": in_days(0)})
            told.append([read_elsewhere(service, accepted)])
            later(61)
            told[-1].append(read_elsewhere(service, accepted))
            later(0)
            opened(doulas, accepted.theirs)
            told[-1].append(read_elsewhere(service, accepted))
            north.done(f"{mine}/close")
            told[-1].append(read_elsewhere(service, accepted))
        assert told[0] == told[1] == told[2]
        assert "birth.recorded" not in str(told)

    def test_r5_the_same_test_sees_a_difference_where_there_is_one(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        told = []
        for lost in (True, False):
            accepted = given.accepted()
            mine = opened(north, accepted.client)
            if lost:
                north.done(f"{mine}/lost")
            told.append(read_elsewhere(service, accepted))
        assert told[0] != told[1]


class TestTheNext:
    def test_r18_a_new_pregnancy_after_an_end_supersedes_the_old_one_for_all(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        client = given.client()
        old = opened(north, client)
        when(north.post(f"/v1/clients/{client}/episodes")).then(200)
        north.done(f"{old}/end", LOST | {"on": in_days(0)})
        new = opened(north, client)
        assert new != old
        states = [item["state"] for item in north.seen(f"/v1/clients/{client}/episodes")["items"]]
        assert states == ["open_undated", "postpartum"]
        types = [name for name, _ in published(service, north, client)[CARE_TOPIC]]
        assert types.count("episode.superseded.v1") == 1
        (lead,) = north.seen(f"/v1/clients/{client}/responsibility")["items"]
        assert lead["agency"] == "example-clinic-north"

    def test_r18_a_postpartum_one_stands_beside(
        self, given: Given, north: Caller, service: Service, later: Any
    ) -> None:
        client = given.client()
        old = opened(north, client)
        north.done(f"{old}/date", {"edd": in_days(5), "basis": "lmp"})
        later(30)
        assert opened(north, client) != old
        assert "episode.superseded.v1" not in str(published(service, north, client))
        assert len(north.seen(f"/v1/clients/{client}/responsibility")["items"]) == 2

    def test_r4_what_one_opener_says_is_not_in_what_another_reads(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        accepted = given.accepted()
        mine, theirs = opened(north, accepted.client), opened(doulas, accepted.theirs)
        before = doulas.seen(theirs)
        north.done(f"{mine}/date", {"edd": in_days(60), "basis": "lmp"})
        north.done(f"{mine}/prenatal-care")
        assert doulas.seen(theirs) == before
        when(doulas.get(mine)).then_problem(404, "not-found")


def read_elsewhere(service: Service, accepted: Referral) -> dict[str, Any]:
    """All that the receiver can read of her, and what the care topic holds, without the ids that each has its own."""
    doulas, client = accepted.receiver, accepted.theirs
    episodes = doulas.seen(f"/v1/clients/{client}/episodes")["items"]
    read = {
        "client": doulas.seen(f"/v1/clients/{client}"),
        "episodes": [{**each, **doulas.seen(f"/v1/episodes/{each['episode']}")} for each in episodes],
        "timeline": doulas.seen(f"/v1/clients/{client}/timeline"),
        "leads": doulas.seen(f"/v1/clients/{client}/responsibility"),
        "published": published(service, accepted.sender, accepted.client)[CARE_TOPIC],
    }
    return {name: nameless(value) for name, value in read.items()}


IDS = {"client", "episode", "event", "id", "consent", "referral", "name", "at", "recorded_at", "up_to", "since",
       "opened_at", "by", "dating"}  # fmt: skip


def nameless(value: Any) -> Any:
    match value:
        case dict():
            return {name: nameless(inner) for name, inner in value.items() if name not in IDS}
        case list():
            return [nameless(each) for each in value]
        case tuple():
            return tuple(nameless(each) for each in value)
        case _:
            return value


def published(service: Service, caller: Caller, client: str) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """What the relay would write of a client, by topic, without ids."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    caller.done(f"/v1/clients/{client}/contacts", {"mode": "phone", "outcome": "completed", "at": yesterday})
    with psycopg.connect(service.databases.dsn("referrals")) as store:
        latest = "SELECT client_id FROM stored_events WHERE topic = %s ORDER BY notification_id DESC LIMIT 1"
        row = store.execute(latest, ["contact.recorded.v1"]).fetchone()
        assert row is not None
        query = "SELECT " + COLUMNS + " FROM stored_events WHERE client_id = %s ORDER BY notification_id"  # noqa: S608
        events = [written_row(each, MAPPER.decode) for each in store.execute(query, [row[0]]).fetchall()]
    told: dict[str, list[tuple[str, dict[str, Any]]]] = {CARE_TOPIC: [], RESTRICTED_TOPIC: []}
    for event in events:
        if (record := publish(event, "her", lambda _: "a" * 26)) is None or event.fact.TYPE == "contact.recorded.v1":
            continue
        data = {name: each for name, each in orjson.loads(record.value).items() if not _is_id(each)}
        told[record.topic].append((event.fact.TYPE, data))
    return told


def _is_id(value: Any) -> bool:
    try:
        return bool(UUID(value))
    except (AttributeError, ValueError, TypeError):
        return False


class TestEnteredInError:
    def test_r14_it_ends_for_the_agency_and_a_new_one_can_be_opened(self, north: Caller, doulas: Caller) -> None:
        client = Given(north, doulas).client()
        path, why = opened(north, client), {"reason": "Another client"}
        north.done(f"{path}/date", {"edd": in_days(109), "basis": "lmp"})
        when(doulas.post(f"{path}/entered-in-error", why)).then_problem(404, "not-found")
        when(north.post(f"{path}/entered-in-error", {})).then_problem(422, "malformed")
        assert north.seen(path)["state"] == "open_dated"
        when(north.post(f"{path}/entered-in-error", why)).then(200, state="entered_in_error", version=3)
        when(north.post(f"{path}/entered-in-error", why)).then(200, state="entered_in_error", version=3)
        assert (north.seen(path)["phase"], north.seen(path)["actions"]) == ("closed", [])
        when(north.post(f"{path}/lost", {})).then_problem(409, "episode-closed")
        assert all(each["leads"] is None for each in north.seen(f"/v1/clients/{client}/responsibility")["items"])
        assert opened(north, client) != path

    def test_r14_one_dating_in_error_leaves_the_one_before(self, north: Caller, doulas: Caller, hub: Caller) -> None:
        client = Given(north, doulas).client()
        path, why = opened(north, client), {"reason": "Another client's scan"}
        assert "dating-entered-in-error" not in north.seen(path)["actions"]
        north.done(f"{path}/date", {"edd": in_days(109), "basis": "lmp"})
        first = north.seen(path)["dating"]
        north.done(f"{path}/date", {"edd": in_days(60), "basis": "ultrasound", "supersedes": first})
        seen = north.seen(path)
        assert "dating-entered-in-error" in seen["actions"]
        said, step = why | {"dating": seen["dating"]}, f"{path}/dating-entered-in-error"
        when(hub.post(step, said)).then_problem(404, "not-found")
        when(north.post(step, why | {"dating": "a" * 26})).then_problem(404, "not-found")
        when(north.post(step, why)).then_malformed("/dating")
        when(north.post(step, said)).then(200, state="open_dated", version=4)
        when(north.post(step, said)).then(200, state="open_dated", version=4)
        now = north.seen(path)
        assert (now["due"], now["basis"], now["dating"]) == (in_days(109), "lmp", first)
        when(north.post(step, why | {"dating": first})).then(200, state="open_undated", version=5)
        assert (north.seen(path)["due"], north.seen(path)["dating"]) == (None, None)
        entries = north.seen(f"/v1/clients/{client}/timeline")["entries"]
        told = [entry for entry in entries if entry["type"] == "episode.entered_in_error.v1"]
        assert [entry["detail"]["dating"] for entry in told] == [True, True]
        assert "scan" not in str(entries)

    @pytest.mark.parametrize("since", ["care", "birth", "loss"])
    def test_r14_no_due_date_comes_back_that_cannot_be(self, north: Caller, doulas: Caller, since: str) -> None:
        path = opened(north, Given(north, doulas).client())
        north.done(f"{path}/date", {"edd": in_days(250), "basis": "lmp"})
        first = north.seen(path)["dating"]
        north.done(f"{path}/date", {"edd": in_days(20), "basis": "ultrasound", "supersedes": first})
        match since:
            case "care":
                north.done(f"{path}/prenatal-care", {"on": in_days(-60)})
            case "birth":
                north.done(f"{path}/end", BORN | {"on": in_days(-1)})
            case "loss":
                north.done(f"{path}/end", LOST | {"on": in_days(-40)})
        before, step = north.seen(path), f"{path}/dating-entered-in-error"
        wrong = {"reason": "Another client's scan", "dating": before["dating"]}
        code = {"care": "care", "birth": "birth", "loss": "end"}[since]
        when(north.post(step, wrong)).then_malformed("/dating", f"earlier-dating-not-of-{code}")
        assert north.seen(path)["due"] == before["due"]
        when(north.post(step, wrong | {"earlier_too": True})).then(200, version=before["version"] + 2)
        assert (north.seen(path)["due"], north.seen(path)["dating"]) == (None, None)

    def test_r14_an_earlier_one_that_fits_stands_though_all_were_called_wrong(
        self, north: Caller, doulas: Caller
    ) -> None:
        path = opened(north, Given(north, doulas).client())
        north.done(f"{path}/date", {"edd": in_days(109), "basis": "lmp"})
        north.done(f"{path}/date", {"edd": in_days(60), "basis": "ultrasound"})
        wrong = {"reason": "Another client's scan", "dating": north.seen(path)["dating"], "earlier_too": True}
        north.done(f"{path}/dating-entered-in-error", wrong)
        assert north.seen(path)["due"] == in_days(109)
