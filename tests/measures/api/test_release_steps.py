"""Two persons of the backbone publish: one builds a draft, another approves it; either withdraws it, for a reason."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from deploy.closeknit.initiative_new import begin
from deploy.closeknit.main import app as closeknit
from tests.measures.api.app import answering
from tests.measures.application.test_compute import environ
from tests.measures.conftest import LARGE, SMALL, County
from tests.measures.published import CLINIC, DOULAS

ANN, BEN = f"backbone@{LARGE}/ann", f"backbone@{LARGE}/ben"
STAFF = f"staff@{LARGE}/sam+{CLINIC}"
GROUP, ELSEWHERE = f"working_group@{LARGE}/gus", f"backbone@{SMALL}/eve"
NEW = {"name": "New County Births", "place": "New County, California", "zone": "America/Los_Angeles"}
TOO_SOON = {"period": "2026-Q2", "cutoff": "2026-07-02T00:00:00Z", "measures": ["closed_loop_rate"]}
YEAR = {"period": "2025"}
"""Long over, and with hardly anything in it: such a release is one too."""


@pytest_asyncio.fixture
async def api(own: County) -> AsyncIterator[httpx.AsyncClient]:
    async with answering(own.settings) as client:
        yield client


async def ask(  # noqa: PLR0913, PLR0917 - a request
    api: httpx.AsyncClient, who: str, method: str, path: str, body: Any = None, status: int = 200, **headers: str
) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()} | {"authorization": f"Bearer {who}"}
    answer = await api.request(method, path, json=body, headers=given)
    assert answer.status_code == status, answer.text
    return answer.json()


async def built(api: httpx.AsyncClient, cutoff: str, who: str = ANN) -> Any:
    """A draft at a cutoff of its own."""
    return await ask(api, who, "POST", "/v1/releases", YEAR | {"cutoff": f"{cutoff}T00:00:00Z"}, 201)


async def test_a_draft_is_the_backbones_until_another_approves_it(api: httpx.AsyncClient) -> None:
    draft = await built(api, "2026-11-01")
    assert (draft["state"], draft["name"][:5], draft["period"]) == ("draft", "2025.", "year")
    path = f"/v1/releases/{draft['release']}"
    for address in (path, f"{path}/figures?measure=response_rate"):
        await ask(api, GROUP, "GET", address, status=404)
        await ask(api, ELSEWHERE, "GET", address, status=404)
        await ask(api, BEN, "GET", address)
    assert draft["release"] not in str(await ask(api, GROUP, "GET", "/v1/releases"))
    assert draft["actions"] == ["withdraw"]
    assert (await ask(api, BEN, "GET", path))["actions"] == ["approve", "withdraw"]
    own = await ask(api, ANN, "POST", f"{path}/approve", {}, 409)
    assert own["type"] == "/problems/own-release"
    for who, status in ((GROUP, 403), (ELSEWHERE, 404)):
        await ask(api, who, "POST", f"{path}/approve", {}, status)
    published = await ask(api, BEN, "POST", f"{path}/approve", {})
    assert (published["state"], published["approved_at"] is not None) == ("published", True)
    assert await ask(api, BEN, "POST", f"{path}/approve", {}) == published
    assert (await ask(api, GROUP, "GET", path))["state"] == "published"
    assert (await ask(api, GROUP, "GET", f"{path}/figures?measure=missed_visits"))["total"]["denominator"] == 0


async def test_what_is_withdrawn_keeps_its_reason_and_no_figure(api: httpx.AsyncClient) -> None:
    draft = await built(api, "2026-11-02")
    path, reason = f"/v1/releases/{draft['release']}", {"reason": "A file was read twice."}
    await ask(api, BEN, "POST", f"{path}/approve", {})
    for status, body in (
        (422, {}),
        (422, {"reason": "  x "}),
        (200, reason),
        (200, reason),
        (409, {"reason": "Other"}),
    ):
        await ask(api, ANN, "POST", f"{path}/withdraw", body, status)
    seen = await ask(api, GROUP, "GET", path)
    assert (seen["state"], seen["withdrawn"]["reason"], seen["actions"]) == ("withdrawn", reason["reason"], [])
    for who in (GROUP, ANN):
        gone = await ask(api, who, "GET", f"{path}/figures?measure=response_rate", status=409)
        assert gone["type"] == "/problems/release-withdrawn"
    assert (await ask(api, BEN, "POST", f"{path}/approve", {}, 409))["type"] == "/problems/release-withdrawn"
    unseen = await built(api, "2026-11-03")
    await ask(api, ANN, "POST", f"/v1/releases/{unseen['release']}/withdraw", reason)
    await ask(api, GROUP, "GET", f"/v1/releases/{unseen['release']}", status=404)


async def test_a_step_is_for_the_version_that_was_looked_at(api: httpx.AsyncClient) -> None:
    draft = await built(api, "2026-11-04")
    path = f"/v1/releases/{draft['release']}"
    await ask(api, BEN, "POST", f"{path}/approve", {}, 412, if_match='"2"')
    await ask(api, BEN, "POST", f"{path}/approve", {}, if_match='"1"')
    await ask(api, BEN, "POST", f"{path}/withdraw", {"reason": "Too early."}, 412, if_match='"1"')


async def test_r24_what_overlaps_with_one_published_meanwhile_is_built_again(api: httpx.AsyncClient) -> None:
    order = {"period": "2026-Q1", "measures": ["response_rate"]}
    first, second = [
        await ask(api, ANN, "POST", "/v1/releases", order | {"cutoff": f"2026-10-{day}T00:00:00Z"}, 201)
        for day in ("20", "21")
    ]
    await ask(api, BEN, "POST", f"/v1/releases/{first['release']}/approve", {})
    problem = await ask(api, BEN, "POST", f"/v1/releases/{second['release']}/approve", {}, 409)
    assert (problem["type"], first["name"] in problem["releases"]) == ("/problems/release-overlaps", True)
    again = await ask(api, ANN, "POST", "/v1/releases", order | {"cutoff": "2026-10-21T00:00:00Z"}, 201)
    assert again["release"] != second["release"]
    assert (await ask(api, BEN, "POST", f"/v1/releases/{again['release']}/approve", {}))["state"] == "published"


async def test_the_same_command_builds_once(api: httpx.AsyncClient) -> None:
    asked = YEAR | {"cutoff": "2026-11-05T00:00:00Z"}
    first = await ask(api, ANN, "POST", "/v1/releases", YEAR, 201, idempotency_key="k-1")
    assert await ask(api, ANN, "POST", "/v1/releases", YEAR, 201, idempotency_key="k-1") == first
    other = await ask(api, ANN, "POST", "/v1/releases", asked, 422, idempotency_key="k-1")
    assert other["type"] == "/problems/idempotency-key-reused"
    assert (await ask(api, BEN, "POST", "/v1/releases", asked, 201, idempotency_key="k-1"))["release"] != first[
        "release"
    ]


@pytest.mark.parametrize(
    ("asked", "status", "slug"),
    [
        ({"period": "2026-Q5"}, 422, "period-unknown"),
        ({"period": "2024-2026"}, 422, "period-unknown"),
        ({"period": "2026", "cutoff": "2027-01-01T00:00:00Z"}, 422, "cutoff-in-the-future"),
        ({"period": "2026-Q3", "cutoff": "2026-09-30T00:00:00Z"}, 409, "period-not-closed"),
        (TOO_SOON, 409, "period-not-closed"),
        ({"period": "2025", "measures": ["happiness"]}, 422, "measure-unknown"),
        ({"period": "2024", "cutoff": "2025-11-20T08:00:00Z"}, 409, "window-longer-than-data"),
        ({"period": "2024"}, 409, "period-before-data"),
        ({"period": "../2025"}, 422, "period-unknown"),
        ({"period": "2025", "by": "agency"}, 422, "malformed"),
    ],
)  # fmt: skip
async def test_what_cannot_be_built(api: httpx.AsyncClient, asked: dict[str, object], status: int, slug: str) -> None:
    problem = await ask(api, ANN, "POST", "/v1/releases", asked, status)
    assert problem["type"] == f"/problems/{slug}"


async def test_what_stands_on_no_scorecard_of_the_initiative_is_not_built(api: httpx.AsyncClient) -> None:
    asked = {"period": "2025", "measures": ["never_answered"]}
    problem = await ask(api, ELSEWHERE, "POST", "/v1/releases", asked, 422)
    assert problem["type"] == "/problems/view-not-in-catalogue"


async def test_a_measure_whose_window_is_open_is_withheld(api: httpx.AsyncClient) -> None:
    found = await ask(api, ANN, "POST", "/v1/releases", {"period": "2026-Q2", "cutoff": "2026-08-01T00:00:00Z"}, 201)
    assert {each["measure"]: each["back_on"] for each in found["withheld"]}["closed_loop_rate"] == "2026-09-29"
    assert "response_rate" in {each["measure"] for each in found["measures"]}
    assert {each["by"] for each in found["views"]} >= {"none", "category"}
    assert "quarter" not in {each["by"] for each in found["views"]}


async def test_what_comes_next_is_said(api: httpx.AsyncClient, own: County) -> None:
    there = {each["period"]: each for each in (await ask(api, ELSEWHERE, "GET", "/v1/releases"))["coming"]}
    assert (there["three_years"]["name"], there["three_years"]["due_on"][:4]) == ("2025-2027", "2028")
    assert there["quarter"]["due_on"] <= datetime.now(UTC).date().isoformat(), "what is ripe is offered first"
    begins = min(fact.headers.time for fact in own.small.facts)
    assert min(each["until"] for each in there.values()) > begins.isoformat(), "2025 was over before the data begin"


async def test_as_long_as_nothing_is_recorded_nothing_comes(own: County, tmp_path: Path) -> None:
    """An initiative that was only begun: what nothing was recorded in can never be built."""
    shutil.copytree(own.settings.initiatives, tmp_path, dirs_exist_ok=True)
    assert begin(tmp_path, "new-county", NEW, datetime.now(UTC).date()) == []
    eve, there = "backbone@new-county/eve", own.settings.model_copy(update={"initiatives": tmp_path})
    async with answering(there) as api:
        found = await ask(api, eve, "GET", "/v1/releases")
        assert (found["items"], found["coming"], found["buildable"]) == ([], [], [])
        await ask(api, eve, "POST", "/v1/releases", YEAR, 409)
        assert (await ask(api, GROUP, "GET", "/v1/releases"))["coming"], "where something is"


async def test_every_period_that_is_over_and_has_no_release_can_be_built(api: httpx.AsyncClient) -> None:
    """Back to the one in which the data begin; the backbone alone is told."""

    async def offered(who: str, length: str = "quarter") -> list[str]:
        there = (await ask(api, who, "GET", "/v1/releases"))["buildable"]
        assert all(each["until"] <= datetime.now(UTC).isoformat() for each in there)
        return [each["name"] for each in there if each["period"] == length]

    by_facts = await offered(ANN)
    await built(api, "2026-10-13")
    before = await offered(ANN)
    assert by_facts[-1] == before[-1], "as a release says, so do the facts"
    assert (before[-1], before) == ("2025-Q4", sorted(before, reverse=True)), "the data begin in the last"
    assert await offered(GROUP) == []
    assert "2025-2027" not in await offered(ELSEWHERE, "three_years"), "it is not over"
    draft = await ask(api, ANN, "POST", "/v1/releases", {"period": "2025-Q4"}, 201)
    assert await offered(ANN) == before, "a draft is no release yet"
    await ask(api, BEN, "POST", f"/v1/releases/{draft['release']}/approve", {})
    assert await offered(ANN) == [name for name in before if name != "2025-Q4"]
    await ask(api, BEN, "POST", f"/v1/releases/{draft['release']}/withdraw", {"reason": "counted twice"})
    assert await offered(ANN) == before


async def test_an_agencys_figures_of_a_time_that_has_not_begun_are_refused(api: httpx.AsyncClient) -> None:
    ahead = str(datetime.now(UTC).year + 2)
    problem = await ask(api, STAFF, "GET", f"/v1/agencies/{CLINIC}/figures?period={ahead}", status=422)
    assert problem["type"] == "/problems/period-unknown"


async def test_staff_read_their_own_agencys_figures_exactly(api: httpx.AsyncClient, own: County) -> None:
    path = f"/v1/agencies/{CLINIC}/figures"
    found = await ask(api, STAFF, "GET", f"{path}?period=2026-Q1")
    shown = {each["measure"]["measure"]: each for each in found["items"]}
    sent = [fact for fact in own.large.facts if fact.event.TYPE == "referral.sent.v1"]
    mine = [
        fact
        for fact in sent
        if fact.headers.time < datetime(2026, 4, 1, 7, tzinfo=UTC)
        and fact.headers.time >= datetime(2026, 1, 1, 8, tzinfo=UTC)
        and fact.event.model_dump()["from_agency"] == CLINIC
        and not fact.restricted
    ]
    rate = shown["response_rate"]
    assert rate["denominator"] + rate["excluded"] + rate["pending"] == len(mine) > 0
    assert shown["agency_changes"]["numerator"] == 0  # who saw her next is not theirs to know
    assert "2026-Q1" in found["periods"]
    for period in found["periods"]:
        assert (await ask(api, STAFF, "GET", f"{path}?period={period}"))["period"] == period
    await ask(api, STAFF, "GET", f"/v1/agencies/{DOULAS}/figures", status=404)
    await ask(api, f"staff@{SMALL}/x+{DOULAS}", "GET", path, status=404)
    await ask(api, GROUP, "GET", path, status=403)
    assert (await ask(api, STAFF, "GET", f"{path}?period=2026-Q7", status=422))["type"] == "/problems/period-unknown"


async def test_a_release_is_built_approved_published_and_reproduced(
    api: httpx.AsyncClient, own: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The life of one, with figures in it: by two persons over HTTP, and again from the log on a terminal."""
    order = {"period": "2026-Q1", "cutoff": "2026-11-06T00:00:00Z"}
    draft = await ask(api, ANN, "POST", "/v1/releases", order, 201)
    path = f"/v1/releases/{draft['release']}"
    await ask(api, GROUP, "GET", path, status=404)
    await ask(api, BEN, "POST", f"{path}/approve", {})
    read = await ask(api, GROUP, "GET", f"{path}/figures?measure=clients_reached")
    assert read["total"]["numerator"] > 100
    for name, value in {**environ(own), "COLUMNS": "300"}.items():
        monkeypatch.setenv(name, value)
    out = tmp_path / "again.json"
    done = CliRunner().invoke(closeknit, ["release", "reproduce", draft["release"], "--out", str(out)])
    assert (done.exit_code, done.output.split()[2::3]) == (0, [draft["sha256"]] * 2)
    assert hashlib.sha256(out.read_bytes()).hexdigest() == draft["sha256"]
    held = json.loads(out.read_bytes())["measures"]
    [[_, numerator, *_]] = next(each["tables"]["none"] for each in held if each["measure"] == "clients_reached")
    assert numerator == read["total"]["numerator"], "what was read is in the bytes"
    checked = CliRunner().invoke(closeknit, ["release", "check", draft["release"], "--views"])
    assert (checked.exit_code, ", 0 wrong" in checked.output) == (0, True), checked.output
    assert re.search(r"\d+ of \d+ views show a group and hide one\n", checked.output)
