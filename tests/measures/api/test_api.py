"""Working groups and the backbone read definitions and frozen releases of their initiative, and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest
import pytest_asyncio

from contracts.initiative import load_initiatives
from services.measures.definitions import CATALOGUE
from services.measures.releases.deciding import Says, approve
from services.measures.releases.ledger import Release
from tests.measures.api.app import answering
from tests.measures.conftest import INITIATIVES, LARGE, SMALL, County
from tests.measures.releases.test_build import built

NUMBERS = ("numerator", "denominator", "missing", "pending", "excluded")


@pytest.fixture(scope="module")
def release(county: County) -> Release:
    with psycopg.connect(county.settings.measures_dsn, autocommit=True) as connection:
        for slug in (SMALL, LARGE):
            approve(connection, built(county, slug).id, Says("ben"))
    return built(county)


@pytest_asyncio.fixture
async def api(county: County, release: Release) -> AsyncIterator[httpx.AsyncClient]:
    async with answering(county.settings) as client:
        client.headers["authorization"] = f"Bearer working_group@{LARGE}"
        yield client


async def document(api: httpx.AsyncClient, path: str, status: int = 200, **headers: str) -> Any:
    answer = await api.get(path, headers=headers)
    assert answer.status_code == status, answer.text
    kind = "application/json" if status == 200 else "application/problem+json"
    assert answer.headers["content-type"].startswith(kind)
    return answer.json()


PATHS = [
    "/v1/measures",
    "/v1/measures/response_rate",
    "/v1/targets",
    "/v1/population-figures",
    "/v1/releases",
    "/v1/releases/{}",
    "/v1/releases/{}/figures?measure=response_rate",
    "/v1/releases/{0}/changes?measure=response_rate&since={0}",
]


@pytest.mark.parametrize("path", PATHS)
async def test_nobody_without_a_token(api: httpx.AsyncClient, release: Release, path: str) -> None:
    problem = await document(api, path.format(release.id), 401, authorization="Bearer nobody")
    assert problem["type"] == "/problems/not-signed-in"


@pytest.mark.parametrize("path", PATHS)
async def test_head_is_answered_as_get_without_a_body(api: httpx.AsyncClient, release: Release, path: str) -> None:
    whole, head = await api.get(path.format(release.id)), await api.head(path.format(release.id))
    assert (whole.status_code, head.status_code, head.content) == (200, 200, b"")
    assert head.headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", ["staff", "case_manager", "operator", "system"])
async def test_no_other_role(api: httpx.AsyncClient, release: Release, path: str, role: str) -> None:
    problem = await document(api, path.format(release.id), 403, authorization=f"Bearer {role}@{LARGE}")
    assert problem["type"] == "/problems/role-forbids"


@pytest.mark.parametrize("path", PATHS[5:])
async def test_another_initiatives_release_is_not_there(api: httpx.AsyncClient, release: Release, path: str) -> None:
    await document(api, path.format(release.id), 404, authorization=f"Bearer backbone@{SMALL}")


async def test_measures_with_their_definitions(api: httpx.AsyncClient) -> None:
    found = await document(api, "/v1/measures", authorization=f"Bearer backbone@{LARGE}")
    assert [measure["measure"] for measure in found["items"]] == list(CATALOGUE)
    assert found["next"] is None
    one = await document(api, "/v1/measures/clients_reached")
    assert one["text"] == CATALOGUE["clients_reached"].text
    assert (one["counts_clients"], one["by"][:2], one["version"]) == (True, ["none", "quarter"], 1)
    assert {"category", "owner"}.isdisjoint(one["by"])
    await document(api, "/v1/measures/happiness", 404)


async def test_releases_of_the_callers_initiative(api: httpx.AsyncClient, county: County, release: Release) -> None:
    found = await document(api, "/v1/releases")
    assert [each["release"] for each in found["items"]] == [str(release.id)]
    assert found["next"] is None
    one = await document(api, f"/v1/releases/{release.id}")
    assert one == found["items"][0]
    assert (one["name"], one["cutoff"], one["sha256"]) == (
        "2026.1",
        "2027-12-12T08:00:00.000Z",
        release.document_sha256,
    )
    assert one["measurement_consent"] == "not_required"
    assert "position" not in str(one)
    listed = load_initiatives(INITIATIVES)[LARGE].agencies
    on_system = {agency.id for agency in listed if agency.on_system}
    wrote = on_system & {fact.headers.agency for fact in county.large.facts if fact.headers.time.year == 2026}
    assert one["quality"] == {
        "agencies_on_system": len(on_system),
        "agencies_reporting": len(wrote),
        "agencies_not_on_system": len(listed) - len(on_system),
        "parked": 0,
    }
    assert 0 < len(wrote) < len(on_system) < len(listed)


async def test_how_good_the_data_are_stands_beside_a_hidden_figure_too(
    api: httpx.AsyncClient, release: Release
) -> None:
    told = (await document(api, f"/v1/releases/{release.id}"))["quality"]
    for measure in ("response_rate", "ipv_referral"):
        table = await document(api, f"/v1/releases/{release.id}/figures?measure={measure}")
        assert told.items() <= table["quality"].items()
        assert (table["quality"]["agencies"] is None) == (table["total"]["numerator"] is None)


@pytest.mark.parametrize("by", ["none", "quarter", "category", "channel"])
async def test_figures_are_the_stored_cells(api: httpx.AsyncClient, county: County, release: Release, by: str) -> None:
    found = await document(api, f"/v1/releases/{release.id}/figures?measure=closed_loop_rate&by={by}")
    stored = county.stage.rows(
        "SELECT label, numerator, denominator, missing, pending, excluded FROM release_cells WHERE release = %s"
        " AND measure = 'closed_loop_rate' AND by_ = %s ORDER BY place",
        release.id,
        by,
    )
    rows = found["rows"] if by != "none" else [found["total"]]
    assert [tuple(row[name] for name in ("label", *NUMBERS)) for row in rows] == stored
    for row in rows:
        if row["numerator"] is None or not row["denominator"]:
            assert row["percent"] is None
        else:
            assert row["percent"] == round(100 * row["numerator"] / row["denominator"])


async def test_a_count_has_no_denominator_and_no_percentage(api: httpx.AsyncClient, release: Release) -> None:
    found = await document(api, f"/v1/releases/{release.id}/figures?measure=clients_reached&by=quarter")
    assert found["measure"]["counts_clients"] is True
    assert found["total"]["numerator"] > 100
    assert {row["denominator"] for row in found["rows"]} == {None}


async def test_a_csv_of_all_together_says_so(api: httpx.AsyncClient, release: Release) -> None:
    path = f"/v1/releases/{release.id}/figures?measure=response_rate&format=csv"
    [row] = csv.DictReader(io.StringIO((await api.get(path)).text))
    assert (row["of"], "none" in row) == ("total", False)


@pytest.mark.parametrize("asked", ["&format=csv", ""])
async def test_the_same_as_csv(api: httpx.AsyncClient, release: Release, asked: str) -> None:
    path = f"/v1/releases/{release.id}/figures?measure=response_rate&by=category"
    table = await document(api, path)
    answer = await api.get(path + asked, headers={} if asked else {"accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["category"] for row in rows] == [*(row["label"] for row in table["rows"]), "total"]
    for row, shown in zip(rows, [*table["rows"], table["total"]], strict=True):
        assert row["numerator"] == ("too few to show" if shown["numerator"] is None else str(shown["numerator"]))
    assert any(row["numerator"] == "too few to show" for row in rows)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("", "/query/measure"),
        ("?measure=response_rate&by=agency", "/query/by"),
        ("?measure=handoff_completion&by=category", "/query/by"),
        ("?measure=response_rate&since=2026", "/query"),
        ("?measure=%27%3B--", "/query/measure"),
    ],
)
async def test_what_cannot_be_asked(api: httpx.AsyncClient, release: Release, query: str, pointer: str) -> None:
    problem = await document(api, f"/v1/releases/{release.id}/figures{query}", 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


@pytest.mark.parametrize(
    "path", ["/v1/releases/x/figures?measure=response_rate", "/v1/releases/00000000-0000-4000-8000-000000000000"]
)
async def test_no_such_release(api: httpx.AsyncClient, path: str) -> None:
    await document(api, path, 404)


async def test_pages_of_releases(api: httpx.AsyncClient) -> None:
    found = await document(api, "/v1/releases?limit=1")
    assert len(found["items"]) == 1
    problem = await document(api, "/v1/releases?cursor=nonsense", 422)
    assert problem["errors"][0]["pointer"] == "/query/cursor"
    await document(api, "/v1/releases?limit=0", 422)
    await document(api, "/v1/releases?order=name", 422)


async def test_pages_of_measures(api: httpx.AsyncClient) -> None:
    address, seen = "/v1/measures?limit=2", list[str]()
    while address:
        found = await document(api, address)
        assert len(found["items"]) in {1, 2}
        seen += [each["measure"] for each in found["items"]]
        address = found["next"]
    assert seen == list(CATALOGUE)
    await document(api, "/v1/measures?limit=0", 422)


async def test_a_cursor_is_of_one_list_and_initiative(api: httpx.AsyncClient) -> None:
    address = (await document(api, "/v1/measures?limit=1"))["next"]
    others = (
        (address.replace("measures", "releases"), f"backbone@{LARGE}"),
        (address, f"backbone@{SMALL}"),
        ("/v1/measures?cursor=nonsense", f"backbone@{LARGE}"),
    )
    for path, who in others:
        problem = await document(api, path, 422, authorization=f"Bearer {who}")
        assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [("/query/cursor", "unknown_cursor")]


async def test_ready_and_documented(api: httpx.AsyncClient) -> None:
    assert (await api.get("/health/ready")).json() == {"status": "ready", "parts": {"database": True}}
    described = (await api.get("/openapi.json")).json()
    operations = {
        operation["operationId"]: operation["x-roles"]
        for path, methods in described["paths"].items()
        for operation in methods.values()
    }
    assert operations == dict.fromkeys(
        [
            "list_measures",
            "get_measure",
            "list_releases",
            "get_release",
            "get_release_figures",
            "list_release_changes",
            "explain_release_figure",
            "list_targets",
            "list_population_figures",
        ],
        ["backbone", "working_group"],
    ) | {"get_agency_figures": ["case_manager", "staff"]} | dict.fromkeys(
        ["build_release", "approve_release", "withdraw_release"], ["backbone"]
    )


async def test_a_released_figure_is_explained_by_its_rules(api: httpx.AsyncClient, release: Release) -> None:
    path = f"/v1/releases/{release.id}"
    found = await document(api, f"{path}/explanation?measure=response_rate")
    rules = {each["rule"]: (each["standing"], each["words"], each["units"]) for each in found["rules"]}
    assert rules["answered"] == ("met", "answered within 14 days", None), "how many a rule put there is not released"
    assert rules["not_counted"][0] == "excluded"
    total = (await document(api, f"{path}/figures?measure=response_rate"))["total"]
    assert [found["standings"][name] for name in ("met", "pending", "missing", "excluded")] == [
        total[name] for name in ("numerator", "pending", "missing", "excluded")
    ]
    assert any("from 1 to 10" in each for each in found["hides"])
    mix = await document(api, f"{path}/explanation?measure=contact_modes")
    shares = (await document(api, f"{path}/figures?measure=contact_modes"))["total"]["shares"]
    assert shares, "the mix can be shown"
    units = {each["rule"]: each["units"] for each in mix["rules"] if each["units"] is not None}
    assert units == {rule: part for rule, part in shares.items() if rule != "other"}
    assert (await document(api, f"{path}/explanation?measure=nothing", 422))["type"] == "/problems/measure-unknown"
    other = {"authorization": f"Bearer backbone@{SMALL}"}
    await document(api, f"{path}/explanation?measure=response_rate", 404, **other)


async def test_what_changed_between_two_releases(api: httpx.AsyncClient, release: Release) -> None:
    path = f"/v1/releases/{release.id}/changes?measure=response_rate&by=category&since={release.id}"
    found = await document(api, path)
    assert found["comparable"] is True
    assert found["rows"][0]["label"] in {"", *(each["label"] for each in found["rows"])}
    shown = [each for each in found["rows"] if each["points"] is not None]
    assert shown
    assert {(each["points"]["value"], each["points"]["low"]) for each in shown} == {(0.0, None)}
    assert (found["per_days"], found["within_days"]) == (None, None)
    time = await document(api, path.replace("response_rate", "time_to_acceptance").replace("category", "none"))
    assert (time["comparable"], time["per_days"], time["within_days"]) == (True, None, 7)
    assert [(each["label"], each["points"]["value"]) for each in time["rows"]] == [("", 0.0)]
    hidden = await document(api, path.replace("response_rate", "uncovered_days").replace("category", "none"))
    assert (hidden["comparable"], hidden["rows"]) == (False, [])
    mix = await document(api, path.replace("response_rate", "outcome_mix").replace("category", "none"))
    assert (mix["comparable"], mix["rows"]) == (False, [])
    counts = await document(api, path.replace("response_rate", "clients_reached").replace("category", "none"))
    assert (counts["comparable"], counts["rows"]) == (False, [])
    assert found["late"] == counts["late"] == {"at_least": 0, "direction": "same"}
    await document(api, path.replace("response_rate", "happiness"), 422)
    await document(api, path.replace("category", "county"), 422)
    other = path.replace(f"since={release.id}", "since=00000000-0000-0000-0000-000000000000")
    await document(api, other, 404)
