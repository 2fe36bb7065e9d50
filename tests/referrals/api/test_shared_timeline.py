"""The timeline across agencies, as her consents open it at this second (R1, R4, R5, R6, R8, R21)."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from deploy.local.postgres import OWNER
from tests.days import SAID_ON
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, Given, Referral, in_days, when

DOULAS, WIC, RIDES = "example-doula-network", "sample-wic-office-east", "sample-ride-help"
EVERYTHING = {
    kind: True
    for kind in (
        *("physical_health", "behavioral_health", "substance_use", "reproductive_health"),
        *("social_services", "housing"),
    )
}
ORDINARY = {"physical_health": True, "social_services": True}
LOST = {"how": "miscarriage"}
BORN = {"how": "live_birth", "children": [{"weight_g": 3100}]}
FOOD = {"category": "food-insecurity"}


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


@pytest.fixture
def accepted(given: Given) -> Referral:
    """A client of the clinic's whom the doulas took on."""
    return given.accepted()


@pytest.fixture
def hour(service: Service) -> Iterator[None]:
    """A clock that stands still: all of it is in one hour."""
    service.clock.stands_at = datetime.now(UTC).replace(microsecond=0)
    yield
    service.clock.stands_at = None


def shares(referral: Referral, kinds: dict[str, bool] = ORDINARY, **said: Any) -> str:
    """She agrees that the doulas see what the clinic wrote down, of these kinds."""
    body = AGREED | {"recipient": DOULAS, "categories": kinds} | said
    return str(referral.sender.done(f"/v1/clients/{referral.client}/consents", body)["consent"])


def timeline(referral: Referral, **asked: str) -> dict[str, Any]:
    """Hers as the doulas read it."""
    return referral.receiver.seen(f"/v1/clients/{referral.theirs}/timeline", params=asked)


def of_others(referral: Referral, **asked: str) -> list[str]:
    """The types of what others wrote down."""
    return [each["type"].removesuffix(".v1") for each in timeline(referral, **asked)["entries"] if each["shared"]]


def needs(referral: Referral, category: str) -> str:
    """The clinic knows of a need."""
    path = f"/v1/clients/{referral.client}/needs"
    return str(referral.sender.done(path, {"category": category})["need"])


def test_r8_without_a_kind_that_she_agreed_to_nothing_of_others_is_shown(given: Given, accepted: Referral) -> None:
    needs(accepted, "food-insecurity")
    given.consent(accepted.client)
    seen = timeline(accepted)
    assert (of_others(accepted), seen["agreed"], seen["restricted"]) == ([], [], [])
    assert "food-insecurity" not in str(seen)


def test_r8_her_yes_opens_what_the_other_wrote_down(accepted: Referral) -> None:
    needs(accepted, "food-insecurity")
    shares(accepted)
    seen = timeline(accepted)
    assert of_others(accepted) == ["need.identified", "consent.recorded"]
    entry = next(each for each in seen["entries"] if each["type"] == "need.identified.v1")
    assert entry["detail"] == {"category": "food-insecurity"}
    assert (entry["agency"]["name"], entry["subject"], entry["by"]) == ("Example Clinic North", None, None)
    assert seen["agreed"] == [{"on": SAID_ON, "until": None, "kinds": sorted(ORDINARY)}]


def test_the_other_way_round_needs_a_yes_of_its_own(given: Given, accepted: Referral) -> None:
    shares(accepted)
    given.contact(accepted, tags=["doula"])
    accepted.receiver.done(f"/v1/clients/{accepted.theirs}/needs", FOOD)
    mine = accepted.sender.seen(f"/v1/clients/{accepted.client}/timeline")
    assert not [each for each in mine["entries"] if each["shared"]]


def test_nobody_opens_others_to_itself(accepted: Referral) -> None:
    """What the reader wrote down of her agreement names others; it is the reader that would gain."""
    needs(accepted, "food-insecurity")
    body = AGREED | {"recipient": "example-clinic-north", "categories": ORDINARY}
    accepted.receiver.done(f"/v1/clients/{accepted.theirs}/consents", body)
    assert of_others(accepted) == []


@pytest.mark.parametrize(
    "said",
    [
        {"purpose": "public_health"},
        {"purpose": "operations"},
        {"recipient": WIC},
        {"recipient": None, "category": "food-insecurity"},
        {"category": "doula"},
        {"categories": {"housing": True}},
        {"categories": {"physical_health": True, "social_services": False}},
        {"agreed": False},
    ],
    ids=str,
)
def test_a_yes_opens_only_what_it_says(accepted: Referral, said: dict[str, Any]) -> None:
    needs(accepted, "food-insecurity")
    shares(accepted, **{"kinds": said.pop("categories")} if "categories" in said else {}, **said)
    assert "need.identified" not in of_others(accepted)
    assert "food-insecurity" not in str(timeline(accepted))


def test_a_yes_for_one_need_opens_that_need(accepted: Referral) -> None:
    needs(accepted, "food-insecurity")
    needs(accepted, "utility-insecurity")
    shares(accepted, category="food-insecurity")
    assert of_others(accepted) == ["need.identified", "consent.recorded"]
    assert "utility-insecurity" not in str(timeline(accepted))


def test_r1_a_revocation_stops_the_next_read_and_rewrites_no_past(accepted: Referral, service: Service) -> None:
    needs(accepted, "food-insecurity")
    consent = shares(accepted)
    before = timeline(accepted)
    accepted.sender.done(f"/v1/consents/{consent}/revoke", {"how": "spoken"})
    after = timeline(accepted)
    assert [each for each in after["entries"] if each["shared"]] == []
    assert (after["agreed"], "food-insecurity" in str(after)) == ([], False)
    assert after["entries"] == [each for each in before["entries"] if not each["shared"]]
    assert len([state for state in told(service, accepted) if state["consent"]]) == 1


def test_a_consent_that_ran_out_is_none_at_the_second_of_use(accepted: Referral, service: Service) -> None:
    """No clock has told the store yet: the day alone decides."""
    needs(accepted, "food-insecurity")
    today = accepted.sender.seen(f"/v1/consents/{shares(accepted, {'housing': True}, expires='2190-01-01')}")
    last = datetime.fromisoformat(today["recorded_at"]).date() + timedelta(days=1)
    shares(accepted, expires=last.isoformat())
    assert "need.identified" in of_others(accepted)
    service.clock.ahead = timedelta(days=3)
    try:
        assert "need.identified" not in of_others(accepted)
    finally:
        service.clock.ahead = timedelta(0)


@pytest.mark.parametrize("first", ["yes", "no"])
@pytest.mark.parametrize("no", [{"agreed": False}, {"categories": {"social_services": False}}], ids=str)
def test_of_two_that_disagree_the_narrower_wins(accepted: Referral, first: str, no: dict[str, Any]) -> None:
    needs(accepted, "food-insecurity")
    orders: dict[str, Callable[[], str]] = {
        "yes": lambda: shares(accepted),
        "no": lambda: shares(accepted, no.get("categories", {}), agreed=no.get("agreed", True)),
    }
    orders[first]()
    orders["no" if first == "yes" else "yes"]()
    assert "need.identified" not in of_others(accepted)


def test_a_no_that_another_agency_wrote_down_is_as_strong(accepted: Referral) -> None:
    needs(accepted, "food-insecurity")
    shares(accepted)
    body = AGREED | {"agreed": False, "fields": [], "category": "food-insecurity"}
    accepted.receiver.done(f"/v1/clients/{accepted.theirs}/consents", body)
    assert "need.identified" not in of_others(accepted)


@pytest.mark.parametrize("herself", [False, True])
def test_what_a_guardian_agreed_to_opens_nothing_of_a_minor_who_spoke_for_herself(
    accepted: Referral, herself: bool
) -> None:
    needs(accepted, "food-insecurity")
    shares(accepted, authority="guardian")
    if herself:
        shares(accepted, {"housing": True}, authority="self_minor")
    assert ("need.identified" in of_others(accepted)) is not herself


class TestRestricted:
    """R6 on a timeline: whole where she agreed to that kind, a month and no more where she was not asked."""

    CASES = (("behavioral_health", "behavioral_health"), ("substance_use_treatment", "substance_use"),
             ("contraception", "reproductive_health"))  # fmt: skip

    @pytest.mark.parametrize(("category", "kind"), CASES)
    def test_r6_a_month_and_nothing_else_where_she_was_not_asked(
        self, accepted: Referral, category: str, kind: str
    ) -> None:
        needs(accepted, category)
        accepted.sender.done(f"/v1/clients/{accepted.client}/needs", {"category": "stress"})
        shares(accepted)
        path = f"/v1/clients/{accepted.theirs}/timeline"
        answer = accepted.receiver.get(path)
        seen = answer.json()
        assert [len(month) for month in seen["restricted"]] == [7]
        assert of_others(accepted) == ["consent.recorded"]
        for code in (category, "stress", "behavioral", "part2", "contraception", "substance"):
            assert code.encode() not in answer.content

    @pytest.mark.parametrize(("category", "kind"), CASES)
    def test_r6_nothing_at_all_where_she_said_no(self, accepted: Referral, category: str, kind: str) -> None:
        needs(accepted, category)
        shares(accepted, ORDINARY | {kind: False})
        assert (timeline(accepted)["restricted"], of_others(accepted)) == ([], ["consent.recorded"])

    @pytest.mark.parametrize(("category", "kind"), CASES)
    def test_r6_whole_where_she_agreed_to_its_kind(
        self, accepted: Referral, service: Service, category: str, kind: str
    ) -> None:
        needs(accepted, category)
        shares(accepted, ORDINARY | {kind: True})
        assert of_others(accepted) == ["need.identified", "consent.recorded"]
        assert timeline(accepted)["restricted"] == []
        [state] = told(service, accepted)
        assert state["restricted"]

    def test_r6_violence_is_shown_to_nobody_whatever_she_agreed_to(self, accepted: Referral) -> None:
        need = needs(accepted, "intimate-partner-violence")
        accepted.sender.done(f"/v1/clients/{accepted.client}/screenings", {"instrument": "ipv", "result": "positive"})
        shares(accepted, EVERYTHING)
        answer = accepted.receiver.get(f"/v1/clients/{accepted.theirs}/timeline")
        assert (answer.json()["restricted"], of_others(accepted)) == ([], ["consent.recorded"])
        for code in (b"violence", b"ipv", b"screen", need.encode()):
            assert code not in answer.content

    def test_r6_a_month_is_told_once_and_a_day_by_no_question(self, accepted: Referral) -> None:
        for category in ("behavioral_health", "contraception"):
            needs(accepted, category)
        shares(accepted)
        now = datetime.now(UTC)
        [month] = timeline(accepted)["restricted"]
        first = datetime.fromisoformat(f"{month}-01T12:00:00+00:00")
        assert timeline(accepted, as_of=first.isoformat(), known_at=first.isoformat())["restricted"] == [month]
        earlier = (first - timedelta(days=3)).isoformat()
        assert timeline(accepted, as_of=earlier)["restricted"] == []
        assert timeline(accepted, known_at=earlier)["restricted"] == []
        assert now.year >= date.fromisoformat(f"{month}-01").year


def is_guarded(accepted: Referral) -> bool:
    """What staff without a timeline are told of it."""
    return bool(accepted.receiver.seen(f"/v1/clients/{accepted.theirs}")["guarded"])


class TestSafety:
    """D6: where she may be in danger, nobody is named, and how to reach her is looked up first."""

    def test_others_are_not_named_where_she_may_be_in_danger(self, accepted: Referral) -> None:
        needs(accepted, "intimate-partner-violence")
        needs(accepted, "food-insecurity")
        shares(accepted)
        seen = timeline(accepted)
        entry = next(each for each in seen["entries"] if each["type"] == "need.identified.v1")
        assert entry["agency"] == {"agency": "another-1", "name": "Another agency"}
        assert (seen["unnamed"], seen["guarded"], is_guarded(accepted)) == (["another-1"], False, False)

    def test_who_leads_is_named_no_more_than_the_entry_that_tells_it(self, accepted: Referral) -> None:
        accepted.sender.done(f"/v1/clients/{accepted.client}/episodes")
        needs(accepted, "food-insecurity")
        shares(accepted)
        assert [each["agency"] for each in timeline(accepted)["leads"]] == ["example-clinic-north"]
        needs(accepted, "intimate-partner-violence")
        seen = timeline(accepted)
        [lead] = seen["leads"]
        [entry] = [each for each in seen["entries"] if "leads" in each["detail"]]
        assert (lead["agency"], lead["name"]) == ("another-1", "Another agency")
        assert entry["agency"]["agency"] == entry["detail"]["leads"]["agency"] == lead["agency"]

    def test_whoever_knows_it_itself_reads_no_name_and_is_guarded(self, accepted: Referral) -> None:
        accepted.receiver.done(f"/v1/clients/{accepted.theirs}/needs", {"category": "intimate-partner-violence"})
        answer = accepted.receiver.get(f"/v1/clients/{accepted.theirs}/timeline")
        seen = answer.json()
        assert seen["guarded"]
        assert is_guarded(accepted)
        assert b"Clinic North" not in answer.content
        assert b"clinic-north" not in answer.content
        assert {each["agency"]["agency"] for each in seen["entries"]} == {"another-1", DOULAS}

    def test_an_answer_of_no_violence_is_no_flag(self, accepted: Referral) -> None:
        path = f"/v1/clients/{accepted.theirs}/screenings"
        accepted.receiver.done(path, {"instrument": "ipv", "result": "negative"})
        seen = timeline(accepted)
        assert (seen["guarded"], is_guarded(accepted), seen["unnamed"]) == (False, False, [])


class TestWhoSharesHer:
    """Agencies see only a client whom the one referred to the other."""

    def test_r8_who_has_not_taken_her_on_sees_what_was_handed_over_alone(self, given: Given) -> None:
        sent = given.sent()
        needs(sent, "food-insecurity")
        shares(sent)
        assert of_others(sent) == []
        sent.receiver.done(f"{sent.path}/accept")
        assert of_others(sent) == ["need.identified", "consent.recorded"]

    def test_a_client_who_was_never_referred_is_not_there(self, given: Given, service: Service) -> None:
        client = given.client()
        given.consent(client, categories=EVERYTHING, recipients=[WIC])
        wic = service.caller(WIC)
        when(wic.get(f"/v1/clients/{client}/timeline")).then_problem(404, "not-found")

    def test_r21_what_was_joined_is_opened_through_the_reference_that_was_shared(self, accepted: Referral) -> None:
        needs(accepted, "food-insecurity")
        shares(accepted)
        mine = accepted.receiver.done("/v1/clients", {"names": [{"given": "Testa", "family": "Sample-joined"}]})
        path = f"/v1/clients/{mine['client']}/timeline"
        assert not [each for each in accepted.receiver.seen(path)["entries"] if each["shared"]]
        accepted.receiver.done(f"/v1/clients/{accepted.theirs}/link", {"own_client": mine["client"]})
        assert [each["type"] for each in accepted.receiver.seen(path)["entries"] if each["shared"]]


def told(service: Service, referral: Referral) -> list[dict[str, Any]]:
    """The disclosures of her timeline to the doulas, as they are stored."""
    query = (
        "SELECT convert_from(d.state, 'UTF8')::jsonb FROM stored_events d JOIN work_index w USING (client_id)"
        " WHERE w.id = %s AND d.topic = 'disclosure.recorded.v1' AND d.agency = %s"
    )
    with psycopg.connect(service.databases.dsn("referrals", OWNER)) as store:
        found = [state for (state,) in store.execute(query, [referral.id, DOULAS])]
    return [state for state in found if state["kind"] == "timeline"]


def test_r1_reading_writes_down_the_consent_that_allowed_it_once_an_hour(accepted: Referral, service: Service) -> None:
    needs(accepted, "food-insecurity")
    shares(accepted)
    for _ in range(3):
        timeline(accepted)
    [state] = told(service, accepted)
    with psycopg.connect(service.databases.dsn("referrals")) as store:
        row = store.execute(
            "SELECT topic, agency FROM stored_events WHERE originator_id = %s", [state["consent"]]
        ).fetchone()
    assert row == ("consent.recorded.v1", "example-clinic-north")


def test_r1_a_look_that_rests_on_another_consent_or_shows_another_class_is_written_down(
    accepted: Referral, service: Service, hour: None
) -> None:
    """What she said yes to since, and what was written since, stands on the Part 2 list in the same hour."""
    timeline(accepted)  # as the side of a referral
    needs(accepted, "food-insecurity")
    shares(accepted)
    timeline(accepted)
    shares(accepted, ORDINARY | {"behavioral_health": True, "substance_use": True})
    needs(accepted, "substance_use_treatment")
    timeline(accepted)
    needs(accepted, "behavioral_health")
    for _ in range(2):
        timeline(accepted)
    stored = told(service, accepted)
    assert sorted(state["restricted"] or "" for state in stored) == ["", "", "behavioral", "part2"]
    assert len({state["consent"] for state in stored}) == 3
    pia = service.caller(DOULAS, "privacy_officer", subject="pia-invented")
    listed = pia.listed(f"/v1/clients/{accepted.theirs}/disclosures", part_2="true")
    assert [(each["kind"], each["restricted"]) for each in listed] == [("timeline", "part2")]


def test_r1_whoever_wrote_down_what_was_shown_has_the_look_on_its_list(accepted: Referral, service: Service) -> None:
    needs(accepted, "substance_use_treatment")
    shares(accepted, ORDINARY | {"substance_use": True})
    timeline(accepted)
    path = f"/v1/clients/{accepted.client}/disclosures"
    pia = service.caller("example-clinic-north", "privacy_officer", subject="pia-invented")
    looks = [each for each in pia.listed(path, part_2="true") if each["kind"] == "timeline"]
    assert [(each["to"]["agency"], each["by"], each["restricted"]) for each in looks] == [(DOULAS, None, "part2")]
    assert looks[0]["allowed"]["agreed_on"] == SAID_ON


class TestPregnancy:
    """R5 and R4 across agencies: what a consent opens of a pregnancy, and what no consent does."""

    @pytest.mark.parametrize("kinds", [ORDINARY, EVERYTHING], ids=["ordinary", "everything"])
    def test_r5_with_the_same_buttons_pressed_a_loss_and_silence_read_the_same(
        self, given: Given, kinds: dict[str, bool]
    ) -> None:
        read = [self.read(given, end, kinds) for end in (LOST, None, BORN)]
        assert read[0] == read[1]
        assert "episode.dated.v1" in dict(read[0])
        if kinds is ORDINARY:
            assert read[1] == read[2]

    def test_r5_of_a_birth_the_day_alone_and_only_where_she_agreed_to_that(self, given: Given) -> None:
        ordinary, everything = (self.read(given, BORN, kinds) for kinds in (ORDINARY, EVERYTHING))
        assert "birth" not in str(ordinary)
        [birth] = [each for each in everything if each not in ordinary]
        assert birth == ("birth.recorded.v1", {"delivered_on": in_days(0)[:10]})

    def read(self, given: Given, end: dict[str, Any] | None, kinds: dict[str, bool]) -> list[tuple[str, Any]]:
        """What the doulas read of a pregnancy of the clinic's that ended so, with the same buttons pressed."""
        accepted = given.accepted()
        clinic = accepted.sender
        made = clinic.done(f"/v1/clients/{accepted.client}/episodes")
        path = f"/v1/episodes/{made['episode']}"
        clinic.done(f"{path}/date", {"edd": in_days(60)[:10], "basis": "lmp"})
        if end is not None:
            clinic.done(f"{path}/end", end | {"on": in_days(0)[:10]})
        clinic.done(f"/v1/clients/{accepted.client}/pause")
        shares(accepted, kinds)
        seen = timeline(accepted)
        assert seen["restricted"] == []
        leads = [(each["domain"], each["name"]) for each in seen["leads"]]
        assert leads == [("primary_care_coordination", "Example Clinic North")]
        return [(each["type"], each["detail"]) for each in seen["entries"] if each["shared"]]
