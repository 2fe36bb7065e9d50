"""Nothing crosses between initiatives: no figure, release, draft, target or journey of one is there for the other.

Their clients have the same pseudonyms here, so that whatever does not ask for the initiative would mix them up.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from contracts.initiative import load_initiatives
from deploy.closeknit.main import app as closeknit
from services.measures import explain, main
from services.measures.domain.period import Period
from services.measures.releases.ledger import Release
from tests.measures.api.app import answering
from tests.measures.application.test_compute import environ
from tests.measures.conftest import INITIATIVES, LARGE, NOW, SMALL, County
from tests.measures.published import CLINIC
from tests.measures.releases.test_build import OFTEN, built, counted

ROLES = ("backbone", "working_group", "staff", "case_manager", "agency_admin", "operator", "system")


@pytest.fixture(scope="module")
def drafts(county: County) -> tuple[Release, Release]:
    """A draft of each initiative."""
    return built(county), built(county, SMALL)


@pytest_asyncio.fixture
async def api(county: County) -> AsyncIterator[httpx.AsyncClient]:
    async with answering(county.settings) as client:
        yield client


async def ask(api: httpx.AsyncClient, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
    given = {"authorization": f"Bearer {who}", **headers}
    return await api.request(method, path, json=body, headers=given)


async def test_no_way_to_a_release_or_an_agency_of_the_other(
    api: httpx.AsyncClient, drafts: tuple[Release, Release]
) -> None:
    """Every operation that names one, as the document of the API has them, for every role."""
    large, small = drafts
    described = (await api.get("/openapi.json")).json()["paths"]
    named = [(path, method.upper()) for path, methods in described.items() for method in methods if "{" in path]
    tried, asked = 0, {"measure": "response_rate", "since": small.id}
    for path, method in named:
        if "{measure}" in path:
            continue  # a definition is everybody's
        wanted = [
            each["name"] for each in described[path][method.lower()].get("parameters", ()) if each.get("required")
        ]
        query = urlencode({name: value for name, value in asked.items() if name in wanted})
        theirs = re.sub(r"\{release\}", str(large.id), path).replace("{agency}", CLINIC) + f"?{query}".rstrip("?")
        for role in ROLES:
            body = None if method == "GET" else {"reason": "Not ours."} if path.endswith("withdraw") else {}
            answer = await ask(api, f"{role}@{SMALL}/eve+{CLINIC}x", method, theirs, body)
            assert answer.status_code in {403, 404}, (method, theirs, role, answer.text)
            tried += answer.status_code == 404
    readers = [
        role for path, method in named if "{measure}" not in path for role in described[path][method.lower()]["x-roles"]
    ]
    assert tried == len(readers) > 9, "a role that may read such a thing at all is told that there is none"


async def test_a_release_is_not_compared_with_one_of_the_other(
    api: httpx.AsyncClient, drafts: tuple[Release, Release]
) -> None:
    for own, other in (drafts, drafts[::-1]):
        path = f"/v1/releases/{own.id}/changes?measure=response_rate&since="
        assert (await ask(api, f"backbone@{own.initiative}", "GET", f"{path}{own.id}")).status_code == 200
        assert (await ask(api, f"backbone@{own.initiative}", "GET", f"{path}{other.id}")).status_code == 404


async def test_lists_have_ones_own_alone(api: httpx.AsyncClient, drafts: tuple[Release, Release]) -> None:
    configured = load_initiatives(INITIATIVES)
    for own in drafts:
        found = (await ask(api, f"backbone@{own.initiative}", "GET", "/v1/releases?limit=200")).json()["items"]
        assert {each["initiative"] for each in found} == {own.initiative}
        targets = (await ask(api, f"working_group@{own.initiative}", "GET", "/v1/targets")).json()["items"]
        printed = [target.statement.root for target in configured[own.initiative].targets]
        assert [each["statement"] for each in targets] == printed


async def test_the_key_of_a_command_is_of_one_initiative(api: httpx.AsyncClient) -> None:
    order = {"period": "2026-Q1", "cutoff": "2026-10-09T00:00:00Z"}
    found = [
        (await ask(api, f"backbone@{slug}/ann", "POST", "/v1/releases", order, **{"idempotency-key": "one"})).json()
        for slug in (LARGE, SMALL)
    ]
    assert [each["initiative"] for each in found] == [LARGE, SMALL]
    assert found[0]["release"] != found[1]["release"]


@pytest.mark.parametrize("measure", OFTEN)
def test_figures_count_ones_own_clients_alone(county: County, measure: str) -> None:
    for slug, log in ((LARGE, county.large), (SMALL, county.small)):
        found = main.compute(measure, slug, cutoff=NOW, environ=environ(county))
        true = counted(log, measure, Period(), NOW)
        assert (found["numerator"], found["denominator"]) == (true.numerator, true.denominator)
    assert {fact.headers.subject for fact in county.large.facts} & {fact.headers.subject for fact in county.small.facts}


def test_journeys_are_taken_out_for_ones_own_agencies_alone(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """An agency that wrote in both logs gets of each what it wrote there; one of the other is no agency here."""
    there = environ(county)
    for slug, log in ((LARGE, county.large), (SMALL, county.small)):
        ids = {str(value) for fact in log.facts for name, value in fact.event if name == "referral"}
        for agency in (each.id for each in load_initiatives(INITIATIVES)[slug].agencies):
            _, *rows = explain.export_journeys(slug, agency, "csv", cutoff=NOW, environ=there)
            assert {row.split(",")[-2] for row in rows} <= ids | {""}
    for name, value in there.items():
        monkeypatch.setenv(name, value)
    ours = load_initiatives(INITIATIVES)[LARGE].agencies[0].id
    done = CliRunner().invoke(closeknit, ["measures", "journeys", "--initiative", SMALL, "--agency", ours])
    assert (done.exit_code, "no agency of that name" in done.output) == (2, True)
