"""The directory over HTTP: who may say what of an entry, from which version on, and how others see it (R15, R22)."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest

from services.referrals.store.directory_log import DirectoryLog
from services.referrals.store.mapper import FactMapper
from services.runtime.postgres import pool
from tests.days import SAID_ON, ago, ahead
from tests.referrals.api.conftest import SAN_FRANCISCO, Caller, Service
from tests.referrals.api.story import AGREED, DOULA, Given, when

PANTRY, BOXES = "example-food-pantry", "/v1/directory/services/food-pantry-boxes"
FULL = {"room": "full"}
MONDAYS = {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00:00", "closes_at": "12:00:00"}


@pytest.fixture
def pantry(service: Service) -> Caller:
    """Whoever looks after the pantry's accounts."""
    return service.caller(PANTRY, "agency_admin", subject="tess-sample")


@pytest.fixture
def backbone(service: Service) -> Caller:
    return service.caller(None, "backbone", subject="bo-muster")


def today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo("America/Los_Angeles")).date()


def change(caller: Caller, method: str, path: str, body: Any, etag: str | None = "*", **options: Any) -> Any:
    headers = {"If-Match": etag} if etag else {}
    return caller.ask(method, path, json=body, headers=headers, **options)


def new_agency(backbone: Caller, **more: Any) -> str:
    id = f"sample-{uuid4().hex[:12]}"
    backbone.done("/v1/directory/agencies", {"agency": id, "name": f"Sample {id}", "type": "clinic", **more})
    return id


def new_service(backbone: Caller, agency: str, **more: Any) -> str:
    id = f"service-{uuid4().hex[:12]}"
    said = {"agency": agency, "service": id, "name": "Sample support", "category": "doula", **more}
    backbone.done("/v1/directory/services", said)
    return id


class TestRoom:
    def test_staff_say_it_and_others_see_it_with_its_age(self, service: Service, north: Caller) -> None:
        staff = service.caller(PANTRY)
        seen = staff.get(BOXES)
        etag = seen.headers["etag"]
        saved = change(staff, "PUT", f"{BOXES}/capacity", {"room": "waitlist", "waitlist_length": 4}, etag)
        assert when(saved).then(200)["version"] == seen.json()["version"] + 1
        shown = when(north.get(BOXES, params={"min_version": saved.headers["etag"]})).then(200)
        assert (shown["room"], shown["waitlist_length"]) == ("waitlist", 4)
        assert (shown["room_as_of"], shown["room_age_days"]) == (str(today()), 0)
        again = change(staff, "PUT", f"{BOXES}/capacity", {"room": "waitlist", "waitlist_length": 4}, etag="*")
        assert again.headers["etag"] == saved.headers["etag"]

    def test_who_has_not_seen_the_last_word_is_told_so(self, service: Service) -> None:
        staff = service.caller(PANTRY)
        change(staff, "PUT", f"{BOXES}/capacity", {"room": "open"})
        etag = staff.get(BOXES).headers["etag"]
        assert change(staff, "PUT", f"{BOXES}/capacity", FULL, etag).status_code == 200
        when(change(staff, "PUT", f"{BOXES}/capacity", {"room": "open"}, etag)).then_problem(412, "precondition-failed")
        when(change(staff, "PUT", f"{BOXES}/capacity", {"room": "open"}, etag=None)).then_problem(
            428, "precondition-required"
        )

    def test_r15_it_is_not_known_after_30_days(self, service: Service, backbone: Caller, north: Caller) -> None:
        offered = new_service(backbone, PANTRY)
        path = f"/v1/directory/services/{offered}"
        change(service.caller(PANTRY), "PUT", f"{path}/capacity", {"room": "open"})
        assert north.seen(path)["room"] == "open"
        service.clock.ahead = timedelta(days=31)
        try:
            late = service.caller("example-clinic-north").seen(path)
        finally:
            service.clock.ahead = timedelta(0)
        assert (late["room"], late["room_age_days"]) == ("not_known", 31)

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"room": "open", "waitlist_length": 2}, "/waitlist_length"),
            ({"room": "full", "from_on": "2020-01-01"}, "/from_on"),
        ],
    )
    def test_what_cannot_be_is_pointed_at(self, service: Service, body: dict[str, Any], pointer: str) -> None:
        answer = change(service.caller(PANTRY), "PUT", f"{BOXES}/capacity", body)
        assert [each["pointer"] for each in when(answer).then(422)["errors"]] == [pointer]

    def test_only_its_own_agency_or_the_backbone_says_it(
        self, service: Service, north: Caller, backbone: Caller, abroad: Caller
    ) -> None:
        when(change(north, "PUT", f"{BOXES}/capacity", FULL)).then_problem(403, "role-forbids")
        when(change(abroad, "PUT", f"{BOXES}/capacity", FULL)).then_problem(404, "not-found")
        when(change(north, "PUT", "/v1/directory/services/nobody-offers-it/capacity", FULL)).then_problem(
            404, "not-found"
        )
        assert change(backbone, "PUT", f"{BOXES}/capacity", FULL).status_code == 200
        system = service.caller(PANTRY, "system")
        when(change(system, "PUT", f"{BOXES}/capacity", {"room": "open"})).then_problem(422, "idempotency-key-required")


class TestServices:
    def test_an_administrator_lists_and_edits_its_own(self, pantry: Caller, north: Caller) -> None:
        id = f"service-{uuid4().hex[:12]}"
        body = {"service": id, "name": "Cooking together", "category": "food-insecurity", "zips": ["937"]}
        made = pantry.post("/v1/directory/services", body)
        assert when(made).then(201)["agency"] == PANTRY
        assert made.headers["location"] == f"/v1/directory/services/{id}"
        when(pantry.post("/v1/directory/services", body)).then(200, version=1)
        other = body | {"name": "Another"}
        when(pantry.post("/v1/directory/services", other)).then_problem(409, "service-already-listed")
        path = f"/v1/directory/services/{id}"
        said: dict[str, Any] = {
            "minimum_age": 14,
            "required_documents": ["Proof of address"],
            "schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00:00", "closes_at": "12:00:00"}],
        }
        changed = change(pantry, "PATCH", path, said, made.headers["etag"])
        when(changed).then(200, version=2)
        seen = when(north.get(path, params={"min_version": changed.headers["etag"]})).then(200)
        assert (seen["name"], seen["minimum_age"], seen["zips"]) == ("Cooking together", 14, ["937"])
        assert date.fromisoformat(seen["next_open"]).weekday() == 0
        off = {"exdate": [seen["next_open"]], "closed_on_holidays": True}
        areas = {"counties": ["Fresno"], "schedules": [said["schedules"][0] | off]}
        changed = change(pantry, "PATCH", path, areas, changed.headers["etag"])
        then = when(north.get(path, params={"min_version": changed.headers["etag"]})).then(200)
        assert (then["counties"], date.fromisoformat(then["next_open"]).weekday()) == (["Fresno"], 0)
        assert then["next_open"] > seen["next_open"]
        when(change(pantry, "PATCH", path, {"minimum_age": None}, changed.headers["etag"])).then(200, version=4)
        assert pantry.seen(path)["minimum_age"] is None

    @pytest.mark.parametrize("county", ["Atlantis", "06019", "Fresno, Madera", "County"])
    def test_what_is_no_county_of_the_state_is_pointed_at(self, pantry: Caller, county: str) -> None:
        said = {"counties": ["Fresno", county]}
        when(change(pantry, "PATCH", BOXES, said)).then_malformed("/counties/1", "county-not-known")
        new = {"service": f"service-{uuid4().hex[:12]}", "name": "Boxes", "category": "food-insecurity"} | said
        when(pantry.post("/v1/directory/services", new)).then_malformed("/counties/1", "county-not-known")

    def test_a_county_is_one_however_it_is_written(self, pantry: Caller) -> None:
        new = {"service": f"service-{uuid4().hex[:12]}", "name": "Boxes", "category": "food-insecurity"}
        said = {"counties": ["fresno", "Fresno County", "san  luis obispo"]}
        made = pantry.post("/v1/directory/services", new | said)
        seen = pantry.seen(f"/v1/directory/services/{new['service']}", params={"min_version": made.headers["etag"]})
        assert seen["counties"] == ["Fresno", "San Luis Obispo"]

    def test_a_schedule_that_stands_is_not_looked_at_again(self, service: Service, pantry: Caller) -> None:
        """What was imported, or ran out meanwhile, is no reason to refuse what else is said."""
        id = f"service-{uuid4().hex[:12]}"
        days = [MONDAYS | {"exdate": [ahead(3)]}]
        body = {"service": id, "name": "Boxes", "category": "food-insecurity", "schedules": days}
        made = pantry.post("/v1/directory/services", body)
        path = f"/v1/directory/services/{id}"
        more = {"schedules": [*days, {"freq": "WEEKLY", "byday": "TU"}]}
        service.clock.ahead = timedelta(days=4)
        try:
            when(change(pantry, "PATCH", path, more, made.headers["etag"])).then(200, version=2)
            other = {"schedules": [days[0] | {"byday": "WE"}]}
            when(change(pantry, "PATCH", path, other)).then_malformed("/schedules/0/exdate/0", "day-off-over")
        finally:
            service.clock.ahead = timedelta(0)

    def test_a_closed_one_takes_nobody_and_is_still_found_by_its_id(self, backbone: Caller, north: Caller) -> None:
        id = new_service(backbone, PANTRY)
        assert id in [each["service"] for each in north.listed("/v1/directory/services", category="doula")]
        when(change(backbone, "PATCH", f"/v1/directory/services/{id}", {"status": "temporarily closed"})).then(200)
        assert id not in [each["service"] for each in north.listed("/v1/directory/services", category="doula")]
        assert north.seen(f"/v1/directory/services/{id}")["status"] == "temporarily closed"

    @pytest.mark.parametrize(
        ("body", "pointer", "code"),
        [
            ({"minimum_age": 30, "maximum_age": 20}, "/maximum_age", "ages-out-of-order"),
            ({"name": None}, "/name", "string_type"),
            ({"schedules": [{"freq": "WEEKLY", "byday": "XX"}]}, "/schedules/0/byday", "string_pattern_mismatch"),
            (
                {"schedules": [MONDAYS, MONDAYS | {"byday": "MO,TU", "opens_at": "11:59:00"}]},
                "/schedules/1",
                "open-already",
            ),
            ({"schedules": [MONDAYS, {"freq": "MONTHLY", "byday": "1MO"}]}, "/schedules/1", "open-already"),
            ({"schedules": [MONDAYS | {"exdate": [ahead(3), ago(2)]}]}, "/schedules/0/exdate/1", "day-off-over"),
            ({"category": "wic"}, "", "unknown_field"),
        ],
    )
    def test_what_cannot_be_is_pointed_at(self, pantry: Caller, body: dict[str, Any], pointer: str, code: str) -> None:
        when(change(pantry, "PATCH", BOXES, body)).then_malformed(pointer, code)

    def test_others_do_not_edit_it(self, service: Service, pantry: Caller, abroad: Caller) -> None:
        others = service.caller("example-clinic-north", "agency_admin")
        when(change(others, "PATCH", BOXES, {"name": "Ours"})).then_problem(403, "role-forbids")
        when(change(service.caller(PANTRY), "PATCH", BOXES, {"name": "Ours"})).then_problem(403, "role-forbids")
        far = service.caller("example-bay-clinic", "agency_admin", initiative=SAN_FRANCISCO)
        when(change(far, "PATCH", BOXES, {"name": "Ours"})).then_problem(404, "not-found")
        when(abroad.get(BOXES)).then_problem(404, "not-found")
        said = {"agency": "example-clinic-north", "service": "x", "name": "Theirs", "category": "doula"}
        when(pantry.post("/v1/directory/services", said)).then_problem(403, "role-forbids")

    def test_the_backbone_says_whose_it_is(self, backbone: Caller) -> None:
        said = {"service": "some-service", "name": "Whose", "category": "doula"}
        when(backbone.post("/v1/directory/services", said)).then_malformed("/agency", "missing")
        when(backbone.post("/v1/directory/services", said | {"agency": "nobody"})).then_malformed(
            "/agency", "unknown_agency"
        )


class TestSearch:
    def test_by_words_place_language_and_room(self, backbone: Caller, north: Caller) -> None:
        near = new_service(backbone, PANTRY, name="Déjeuner boxes", zips=["93706"], languages=["es"])
        far = new_service(backbone, PANTRY, name="Dejeuner boxes far", zips=["936"], languages=["es"])
        change(backbone, "PUT", f"/v1/directory/services/{near}/capacity", {"room": "open"})

        def found(**sought: Any) -> list[str]:
            items = north.done("/v1/directory/services/search", sought)["items"]
            return [each["service"] for each in items if each["service"] in {near, far}]

        assert found(text="dejeuner") == [near, far]
        assert found(text="DÉJEUNER far") == [far]
        assert found(text="dejeuner", zip="93706") == [near]
        assert found(text="dejeuner", has_room=True) == [near]
        assert found(text="dejeuner", language="hmn") == []
        assert found(text="dejeuner", category="wic") == []
        rooms = {each["room"] for each in north.listed("/v1/directory/services", has_room="true")}
        assert rooms == {"open"}

    def test_what_fits_her_comes_first_and_nothing_is_left_out(self, backbone: Caller, north: Caller) -> None:
        hers = new_service(backbone, PANTRY, name="Fitting d", zips=["93706"], languages=["es"], maximum_age=24)
        english = new_service(backbone, PANTRY, name="Fitting c", zips=["937"], languages=["en"])
        away = new_service(backbone, PANTRY, name="Fitting b", zips=["936"], languages=["es"])
        older = new_service(backbone, PANTRY, name="Fitting a", languages=["es"], minimum_age=25)
        every = {hers, english, away, older}

        def order(**fit: Any) -> list[str]:
            items = north.done("/v1/directory/services/search", {"text": "fitting", "fit": fit})["items"]
            return [each["service"] for each in items if each["service"] in every]

        assert order() == [hers, english, away, older]
        assert order(age=22, language="es", zip="93706") == [hers, english, away, older]
        assert order(age=30, language="es", zip="93650") == [away, older, english, hers]
        assert order(language="en") == [english, hers, away, older]
        address = "/v1/directory/services/search"
        when(north.post(address, {"fit": {"zip": "937"}})).then_malformed("/fit/zip")
        said = {"text": "fitting", "fit": {"age": 22, "language": "es", "zip": "93706"}}
        items = {each["service"]: each["unfit"] for each in north.done(address, said)["items"]}
        assert [items[each] for each in (hers, english, away, older)] == [[], ["language"], ["zip"], ["age"]]
        plain = north.done(address, {"text": "fitting"})["items"]
        assert {each["unfit"] for each in plain if each["service"] in every} == {None}

    def test_what_was_typed_stands_in_no_address(self, backbone: Caller, north: Caller) -> None:
        for _ in range(2):
            new_service(backbone, PANTRY, name="Paged boxes")
        first = north.done("/v1/directory/services/search?limit=1", {"text": "paged", "zip": "93706"})
        assert "paged" not in first["next"]
        assert "93706" not in first["next"]
        second = north.done(first["next"], {"text": "paged", "zip": "93706"})
        assert first["items"] != second["items"]
        other = north.post(first["next"], {"text": "paged", "zip": "93701"})
        when(other).then_malformed("/query/cursor", "unknown_cursor")


class TestAgencies:
    def test_r22_invited_active_paused(self, service: Service, backbone: Caller, north: Caller) -> None:
        id = new_agency(backbone)
        path = f"/v1/directory/agencies/{id}"
        when(north.get(path)).then_problem(404, "not-found")
        admin = service.caller(id, "agency_admin")
        assert admin.seen(path)["actions"] == ["activate", "leave"]
        when(service.caller(id).get("/v1/work")).then_problem(403, "agency-takes-no-part")
        when(admin.post(f"{path}/pause")).then_problem(409, "wrong-state")
        when(admin.post(f"{path}/activate")).then(200, version=2)
        when(admin.post(f"{path}/activate")).then(200, version=2)
        assert when(service.caller(id).get("/v1/work")).then(200)["items"] == []
        assert north.seen(path)["standing"] == "active"
        assert north.seen(path)["actions"] == []
        when(north.post(f"{path}/pause")).then_problem(403, "role-forbids")
        when(backbone.post(f"{path}/pause")).then(200, version=3)

    def test_r22_a_paused_one_receives_nothing_new_and_answers_what_is_open(
        self, service: Service, backbone: Caller, north: Caller
    ) -> None:
        id = new_agency(backbone, active=True)
        offered = new_service(backbone, id)
        receiver = service.caller(id)
        body = {
            "client": Given(north, receiver).client(),
            "category": "doula",
            "to": {"agency": id, "service": offered},
        }
        body["consent"] = {"agreed": True, "how": "spoken", "on": SAID_ON, "fields": ["name", "phones"]}
        referral = north.done("/v1/referrals", body)["referral"]
        backbone.done(f"/v1/directory/agencies/{id}/pause")
        assert offered not in [each["service"] for each in north.listed("/v1/directory/services")]
        again = body | {"client": Given(north, receiver).client()}
        when(north.post("/v1/referrals", again)).then_problem(409, "agency-not-receiving")
        proposal = {"to": id, "domain": "doula", "kind": "cold"}
        when(north.post(f"/v1/clients/{again['client']}/handoffs", proposal)).then_problem(409, "agency-not-receiving")
        draft = north.done("/v1/referrals", again | {"draft": True})["referral"]
        when(north.post(f"/v1/referrals/{draft}/send")).then_problem(409, "agency-not-receiving")
        assert north.seen(f"/v1/referrals/{draft}/draft")["fields"]["category"] == "doula"
        when(receiver.post(f"/v1/referrals/{referral}/accept")).then(200, state="accepted")
        backbone.done(f"/v1/directory/agencies/{id}/activate")
        assert north.post("/v1/referrals", again).status_code == 201

    def test_r22_nothing_is_redirected_to_a_paused_one(self, backbone: Caller, north: Caller, hub: Caller) -> None:
        id = new_agency(backbone, active=True)
        to = {"agency": id, "service": new_service(backbone, id, category="home_visiting")}
        asked = {"agency": "sample-county-chw-hub", "service": "chw-hub-care-coordination"}
        sent = Given(north, hub).sent(to=asked, category="home_visiting")
        backbone.done(f"/v1/directory/agencies/{id}/pause")
        when(hub.post(f"{sent.path}/redirect", {"to": to})).then_problem(409, "agency-not-receiving")
        assert hub.seen(sent.path)["state"] == "sent"
        backbone.done(f"/v1/directory/agencies/{id}/activate")
        when(hub.post(f"{sent.path}/redirect", {"to": to})).then(200, state="redirected")

    def test_r22_a_handoff_agreed_upon_is_not_offered_to_a_paused_one(
        self, service: Service, backbone: Caller, north: Caller
    ) -> None:
        id = new_agency(backbone, active=True)
        handoff = Given(north, service.caller(id)).proposed(to=id)
        north.done(f"{handoff.path}/client-agrees", {"consent": AGREED})
        backbone.done(f"/v1/directory/agencies/{id}/pause")
        when(north.post(f"{handoff.path}/offer")).then_problem(409, "agency-not-receiving")
        assert north.seen(handoff.path)["state"] == "agreed"
        backbone.done(f"/v1/directory/agencies/{id}/activate")
        when(north.post(f"{handoff.path}/offer")).then(200, state="offered")
        backbone.done(f"/v1/directory/agencies/{id}/pause")
        when(north.post(f"{handoff.path}/offer")).then(200, state="offered")

    def test_it_is_edited_by_its_own_administrator(self, service: Service, backbone: Caller) -> None:
        id = new_agency(backbone, active=True)
        path, admin = f"/v1/directory/agencies/{id}", service.caller(id, "agency_admin")
        etag = admin.get(path).headers["etag"]
        when(change(admin, "PATCH", path, {"website": "https://sample.invalid"}, etag)).then(200, version=2)
        assert admin.seen(path)["website"] == "https://sample.invalid"
        when(change(admin, "PATCH", path, {"website": "https://other.invalid"}, etag)).then_problem(
            412, "precondition-failed"
        )
        others = service.caller("example-clinic-north", "agency_admin")
        when(change(others, "PATCH", path, {"name": "Ours"})).then_problem(403, "role-forbids")
        when(change(others, "PATCH", "/v1/directory/agencies/nobody", {"name": "Ours"})).then_problem(404, "not-found")

    @pytest.mark.parametrize(
        "website", ["javascript:alert(1)", "data:text/html,x", "ftp://sample.invalid", "sample.invalid", "https://"]
    )
    def test_a_website_is_one_of_http_or_https(self, backbone: Caller, website: str) -> None:
        said = {"agency": f"sample-{uuid4().hex[:8]}", "name": "Sample Newcomer", "type": "clinic", "website": website}
        when(backbone.post("/v1/directory/agencies", said)).then_malformed("/website")
        when(backbone.post("/v1/directory/agencies", said | {"website": "http://sample.invalid:8080/a?b=c"})).then(201)

    def test_r22_nothing_is_passed_on_for_a_sender_that_left(
        self, service: Service, backbone: Caller, north: Caller, hub: Caller
    ) -> None:
        id = new_agency(backbone, active=True)
        to = {"agency": "sample-county-chw-hub", "service": "chw-hub-care-coordination"}
        accepted = Given(service.caller(id), hub).accepted(to=to, category="home_visiting")
        backbone.done(f"/v1/directory/agencies/{id}/leave")
        other = {"agency": "specimen-family-center", "service": "family-center-home-visits"}
        answer = hub.post(f"{accepted.path}/redirect", {"to": other})
        when(answer).then_problem(409, "sender-left", stands="accepted")

    def test_the_backbone_alone_lists_one(self, pantry: Caller, backbone: Caller) -> None:
        said = {"agency": f"sample-{uuid4().hex[:8]}", "name": "Sample Newcomer", "type": "clinic"}
        when(pantry.post("/v1/directory/agencies", said)).then_problem(403, "role-forbids")
        when(backbone.post("/v1/directory/agencies", said)).then(201, version=1)
        when(backbone.post("/v1/directory/agencies", said)).then(200, version=1)
        other = said | {"name": "Another"}
        when(backbone.post("/v1/directory/agencies", other)).then_problem(409, "agency-already-listed")
        when(backbone.post("/v1/directory/agencies", said | {"agency": "backbone"})).then_malformed(
            "/agency", "reserved"
        )

    def test_an_edit_of_what_only_the_configuration_says_keeps_the_rest(self, backbone: Caller, north: Caller) -> None:
        path = "/v1/directory/agencies/sample-ride-help"
        before = north.get(path)
        assert before.headers["etag"] == '"1"'
        when(change(backbone, "PATCH", path, {"description": "Rides, free of charge"}, '"1"')).then(200, version=2)
        after = north.seen(path)
        assert (after["name"], after["description"]) == (before.json()["name"], "Rides, free of charge")
        assert [each["service"] for each in after["services"]] == ["ride-help-appointments"]

    def test_the_same_key_gives_the_first_answer(self, backbone: Caller) -> None:
        said = {"agency": f"sample-{uuid4().hex[:8]}", "name": "Sample Newcomer", "type": "clinic"}
        key = uuid4().hex
        first = backbone.post("/v1/directory/agencies", said, key=key)
        again = backbone.post("/v1/directory/agencies", said, key=key)
        assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
        assert again.headers["idempotent-replay"] == "true"
        when(backbone.post("/v1/directory/agencies", said | {"name": "x"}, key=key)).then_problem(
            422, "idempotency-key-reused"
        )


def test_a_referral_to_a_service_that_closed_is_422(backbone: Caller, north: Caller, doulas: Caller) -> None:
    id = new_service(backbone, DOULA["agency"])
    change(backbone, "PATCH", f"/v1/directory/services/{id}", {"status": "defunct"})
    body = {"client": Given(north, doulas).client(), "to": {**DOULA, "service": id}, "category": "doula"}
    when(north.post("/v1/referrals", body)).then_malformed("/to/service", "unknown_service")


def test_a_service_says_how_soon_it_answers_from_11_answers_on(
    service: Service, backbone: Caller, north: Caller
) -> None:
    id = new_agency(backbone, active=True)
    offered, receiver = new_service(backbone, id), service.caller(id)
    body: dict[str, Any] = {"category": "doula", "to": {"agency": id, "service": offered}}
    body["consent"] = {"agreed": True, "how": "spoken", "on": SAID_ON, "fields": ["name", "phones"]}

    async def told() -> int | None:
        async with pool(service.databases.dsn("referrals"), "test", task="directory") as connections:
            answers = await DirectoryLog(connections, FactMapper()).answers(datetime.now(UTC) + timedelta(minutes=1))
            return answers.get(("fresno-ptbi", offered))

    for number in range(11):
        assert asyncio.run(told()) is None, number
        said = body | {"client": Given(north, receiver).client()}
        receiver.done(f"/v1/referrals/{north.done('/v1/referrals', said)['referral']}/accept")
    assert asyncio.run(told()) == 0


class TestLeaving:
    """R22: what waits goes back to its senders, leads go to the hub, its references stop working."""

    def test_r22_what_waits_goes_back_and_its_references_stop_working(
        self, service: Service, backbone: Caller, north: Caller
    ) -> None:
        id = new_agency(backbone, active=True)
        offered, receiver = new_service(backbone, id), service.caller(id)
        body: dict[str, Any] = {"category": "doula", "to": {"agency": id, "service": offered}}
        body["consent"] = {"agreed": True, "how": "spoken", "on": SAID_ON, "fields": ["name", "phones"]}
        sent: list[str] = []
        for _ in range(2):
            said = body | {"client": Given(north, receiver).client()}
            sent.append(north.done("/v1/referrals", said)["referral"])
        receiver.done(f"/v1/referrals/{sent[1]}/accept")
        admin = service.caller(id, "agency_admin")
        asked = north.done("/v1/capacity-checks", {"category": "doula", "to": [offered]})["check"]
        when(admin.post(f"/v1/directory/agencies/{id}/leave")).then(200)
        ended = [north.seen(f"/v1/referrals/{each}") for each in sent]
        assert [each["state"] for each in ended] == ["declined", "not_completed"]
        assert {each["history"][-1]["detail"]["reason"] for each in ended} == {"agency_left"}
        assert [each["state"] for each in north.seen(f"/v1/capacity-checks/{asked}")["questions"]] == ["closed"]
        when(receiver.get(f"/v1/referrals/{sent[0]}")).then_problem(403, "agency-takes-no-part")
        when(receiver.get("/v1/work")).then_problem(403, "agency-takes-no-part")
        when(admin.post(f"/v1/directory/agencies/{id}/leave")).then(200)
        when(backbone.post(f"/v1/directory/agencies/{id}/activate")).then_problem(409, "agency-left")
        again = body | {"client": Given(north, receiver).client()}
        when(north.post("/v1/referrals", again)).then_problem(409, "agency-not-receiving")

    def test_r22_what_it_sent_itself_waits_for_nobody(self, service: Service, backbone: Caller, hub: Caller) -> None:
        id = new_agency(backbone, active=True)
        given = Given(service.caller(id), hub)
        to = {"agency": "sample-county-chw-hub", "service": "chw-hub-care-coordination"}
        sent = [given.sent(to=to, category="home_visiting") for _ in range(4)]
        hub.done(f"{sent[1].path}/receive")
        hub.done(f"{sent[2].path}/waitlist")
        hub.done(f"{sent[3].path}/accept")
        backbone.done(f"/v1/directory/agencies/{id}/leave")
        found = [hub.seen(each.path)["state"] for each in sent[1:]]
        assert found == ["cancel_requested", "cancel_requested", "accepted"]
        when(hub.get(sent[0].path)).then(200, state="cancelled")
        backbone.done(f"/v1/directory/agencies/{id}/leave")
        assert [hub.seen(each.path)["state"] for each in sent[1:]] == found

    def test_r22_its_leads_go_to_the_hub(self, service: Service, backbone: Caller) -> None:
        id = new_agency(backbone, active=True)
        leaver = service.caller(id)
        client = leaver.done("/v1/clients", {"names": [{"given": "Nora", "family": "Muster"}]})["client"]
        leaver.done(f"/v1/clients/{client}/episodes")
        when(backbone.post(f"/v1/directory/agencies/{id}/leave")).then(200)
        with psycopg.connect(service.databases.dsn("referrals")) as connection:
            led = connection.execute(
                "SELECT convert_from(state, 'UTF8')::json ->> 'agency' FROM stored_events"
                " WHERE topic = 'responsibility.assigned.v1' AND originator_id IN (SELECT originator_id"
                " FROM stored_events WHERE agency = %s AND topic = 'episode.opened.v1') ORDER BY notification_id",
                [id],
            ).fetchall()
        assert [each for (each,) in led] == [id, "sample-county-chw-hub"]

    def test_r22_the_hub_itself_cannot_leave(self, backbone: Caller) -> None:
        path = "/v1/directory/agencies/sample-county-chw-hub/leave"
        when(backbone.post(path)).then_problem(409, "hub-cannot-leave")


def test_r22_staff_come_from_the_sign_in_provider(service: Service, backbone: Caller, north: Caller) -> None:
    id = new_agency(backbone, active=True)
    offered = new_service(backbone, id)
    worker, admin = service.caller(id, subject="rosa-muster"), service.caller(id, "agency_admin", subject="ada-sample")
    assert worker.seen("/v1/work")["items"] == []
    body: dict[str, Any] = {"category": "doula", "to": {"agency": id, "service": offered}}
    body["consent"] = {"agreed": True, "how": "spoken", "on": SAID_ON, "fields": ["name", "phones"]}
    body["client"] = Given(north, worker).client()
    worker.done(f"/v1/referrals/{north.done('/v1/referrals', body)['referral']}/accept")
    found = {each["subject"]: each for each in admin.seen("/v1/staff")["items"]}
    assert {subject: each["open_clients"] for subject, each in found.items()} == {"ada-sample": 0, "rosa-muster": 1}
    assert found["rosa-muster"]["roles"] == ["case_manager", "staff"]
    assert {each["subject"] for each in north.seen("/v1/staff")["items"]}.isdisjoint(found)
    when(service.caller(id, "system").get("/v1/staff")).then_problem(403, "role-forbids")
