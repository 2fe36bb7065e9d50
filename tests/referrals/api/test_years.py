"""References of two years: last year's name the same things in every way, none of an older key names anything."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import MET, TO_NORTH, Given, when
from tests.referrals.api.test_access import HANDLES, OPERATIONS
from tests.referrals.api.test_disclosures import coded
from tests.referrals.api.world import things

YEAR = timedelta(days=366)
READ = sorted(
    path for method, path, _ in OPERATIONS if method == "GET" and any(f"{{{name}}}" in path for name in HANDLES)
)
NOT_JSON = ("/paper", "/file")

Goes = Callable[[timedelta], None]


@pytest.fixture
def goes(service: Service) -> Iterator[Goes]:
    """The service's clock goes on by so much."""

    def on(by: timedelta) -> None:
        service.clock.ahead += by

    yield on
    service.clock.ahead = timedelta(0)


def said_in(found: Any) -> set[str]:
    """Every text in an answer."""
    if isinstance(found, dict):
        return set().union(*map(said_in, found.values()))
    if isinstance(found, list):
        return set().union(*map(said_in, found))
    return {found} if isinstance(found, str) else set()


def renamed(caller: Caller, client: str) -> str:
    """What a client is called now."""
    return str(caller.seen(f"/v1/clients/{client}")["client"])


@pytest.mark.parametrize("path", READ)
def test_an_old_reference_is_answered_and_answers_use_the_new(
    north: Caller, doulas: Caller, goes: Goes, path: str
) -> None:
    (name,) = (name for name in HANDLES if f"{{{name}}}" in path)
    old = things(Given(north, doulas))[name]()
    address = path.format(**{name: old})
    before = north.get(address)
    goes(YEAR)
    after = north.get(address)
    assert after.status_code == before.status_code, after.text
    if after.is_success and not path.endswith(NOT_JSON):
        assert not any(old in text for text in said_in(after.json())), after.text
    goes(3 * YEAR)
    if before.status_code == httpx.codes.FORBIDDEN:
        when(north.get(address)).then_problem(403, "role-forbids")  # hers alone: below
    else:
        when(north.get(address)).then_problem(404, "not-found")


def test_both_forms_are_one_client(north: Caller, doulas: Caller, goes: Goes) -> None:
    old = Given(north, doulas).client()
    goes(YEAR)
    new = renamed(north, old)
    assert new != old
    assert new[-1] != old[-1]
    first, again = (north.get(f"/v1/clients/{form}") for form in (old, new))
    assert (first.json(), first.headers["etag"]) == (again.json(), again.headers["etag"])
    identity = {"names": [{"given": "Testa", "family": "Anew"}]}
    tag = {"If-Match": first.headers["etag"]}
    north.ask("PUT", f"/v1/clients/{old}/identity", json=identity, headers=tag).raise_for_status()
    assert north.seen(f"/v1/clients/{new}/identity")["names"] == [{"given": "Testa", "family": "Anew"}]


def test_a_command_again_in_the_other_form_is_the_same_command(north: Caller, doulas: Caller, goes: Goes) -> None:
    client, key, other = Given(north, doulas).client(), str(uuid4()), str(uuid4())
    first = north.post(f"/v1/clients/{client}/contacts", MET, key=key)
    note = {"client": client, "text": "Rings twice"}
    kept = north.post("/v1/notes", note, key=other)
    goes(YEAR)
    new = renamed(north, client)
    for form in (client, new):
        again = north.post(f"/v1/clients/{form}/contacts", MET, key=key)
        assert again.headers["idempotent-replay"] == "true", again.text
        assert again.json()["version"] == first.json()["version"]
        again = north.post("/v1/notes", note | {"client": form}, key=other)
        assert again.headers["idempotent-replay"] == "true", again.text
        assert again.json()["note"] != kept.json()["note"]
    stranger = Given(north, doulas).client()
    when(north.post("/v1/notes", note | {"client": stranger}, key=other)).then_problem(422, "idempotency-key-reused")
    assert len(north.seen(f"/v1/clients/{new}/contacts")["items"]) == 1


def test_a_reference_in_a_body_is_understood(north: Caller, doulas: Caller, goes: Goes) -> None:
    given = Given(north, doulas)
    referral, own = given.accepted(), Given(doulas, north).client()
    hers = referral.theirs
    goes(YEAR)
    linked = doulas.done(f"/v1/clients/{hers}/link", {"own_client": own})
    assert linked["same"] == [renamed(doulas, own)]
    sent = {**TO_NORTH, "client": renamed(doulas, own), "consent": {"exception": "treatment", "reason": "x"}}
    assert doulas.post("/v1/referrals", sent).status_code in {201, 422}


def test_a_list_goes_on_under_both_forms(north: Caller, doulas: Caller, goes: Goes) -> None:
    client = Given(north, doulas).client()
    for _ in range(4):
        north.done(f"/v1/clients/{client}/contacts", MET)
    before = north.seen(f"/v1/clients/{client}/contacts?limit=1")["next"]
    goes(YEAR)
    after = north.seen(f"/v1/clients/{client}/contacts?limit=1")["next"]
    new = renamed(north, client)
    assert client not in after
    assert new in after
    cursors = [address.split("cursor=")[1] for address in (before, after)]
    assert cursors[0] != cursors[1]
    seen = [
        [item["contact"] for item in north.seen(f"/v1/clients/{form}/contacts?limit=1&cursor={cursor}")["items"]]
        for form in (client, new)
        for cursor in cursors
    ]
    assert seen == [seen[0]] * 4
    other = Given(north, doulas).client()
    when(north.get(f"/v1/clients/{other}/contacts?cursor={cursors[0]}")).then_malformed("/query/cursor")


def test_she_is_let_into_her_own_page_under_both_forms(
    service: Service, north: Caller, doulas: Caller, goes: Goes
) -> None:
    given = Given(north, doulas)
    client, another, nobody = given.client(), given.client(), Caller(service.url, None, service.http)
    found = nobody.done("/v1/access", {"code": coded(north, client)})
    herself = Caller(service.url, found["token"], service.http)
    goes(YEAR)
    forms = (client, renamed(north, client))
    for hers in ("disclosures", "helpers"):
        assert [herself.get(f"/v1/clients/{form}/{hers}").status_code for form in forms] == [200, 200]
        when(herself.get(f"/v1/clients/{another}/{hers}")).then_problem(404, "not-found")


def test_a_year_that_has_no_key_yet_names_nothing(north: Caller, doulas: Caller) -> None:
    client = Given(north, doulas).client()
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    place = letters.index(client[-1])
    for bits in range(1, 4):
        other = client[:-1] + letters[place - place % 4 + (place + bits) % 4]
        when(north.get(f"/v1/clients/{other}")).then_problem(404, "not-found")
