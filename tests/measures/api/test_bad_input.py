"""Each kind of bad input is a clear error, over HTTP and on a terminal; nobody to count is said so, and never 0 %."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from deploy.closeknit.main import app as closeknit
from tests.measures.api.app import answering
from tests.measures.application.test_compute import environ
from tests.measures.conftest import LARGE, SMALL, County

AHEAD = "2099-01-01T00:00:00Z"
ANN, BEN, GUS = f"backbone@{LARGE}/ann", f"backbone@{LARGE}/ben", f"working_group@{LARGE}/gus"
EVE, EGON = f"backbone@{SMALL}/eve", f"working_group@{SMALL}/egon"
NO, USAGE = 1, 2


@pytest_asyncio.fixture
async def api(own: County) -> AsyncIterator[httpx.AsyncClient]:
    async with answering(own.settings) as client:
        yield client


@pytest.fixture
def terminal(own: County, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Runs a command; gives its exit code and what it says, in one line of words."""
    for name, value in {**environ(own), "COLUMNS": "300", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(closeknit, words)
        assert "Traceback" not in done.output
        return done.exit_code, " ".join(done.output.split())

    return run


async def refused(api: httpx.AsyncClient, who: str, path: str, body: Any = None) -> tuple[int, str]:
    """The status and the slug of a problem, which repeats nothing of what was sent."""
    answer = await api.request("GET" if body is None else "POST", path, json=body, headers=bearer(who))
    found = answer.json()
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    assert "happiness" not in answer.text.replace(path, "")
    assert found["title"]
    return answer.status_code, found["type"].removeprefix("/problems/")


def bearer(who: str) -> dict[str, str]:
    return {"authorization": f"Bearer {who}"}


async def draft(api: httpx.AsyncClient, cutoff: str, who: str = ANN) -> str:
    answer = await api.post("/v1/releases", json={"period": "2025", "cutoff": cutoff}, headers=bearer(who))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["release"])


Terminal = Callable[..., tuple[int, str]]


async def test_an_unknown_measure(api: httpx.AsyncClient, terminal: Terminal) -> None:
    built = await draft(api, "2026-10-21T00:00:00Z")
    asked = f"/v1/releases/{built}/figures?measure=happiness"
    assert await refused(api, ANN, asked) == (422, "measure-unknown")
    assert await refused(api, ANN, f"/v1/releases/{built}/changes?measure=happiness&since={built}") == (
        *(422, "measure-unknown"),
    )
    assert await refused(api, ANN, "/v1/measures/happiness") == (404, "not-found")
    order = {"period": "2025", "measures": ["happiness"]}
    assert await refused(api, ANN, "/v1/releases", order) == (422, "measure-unknown")
    here = ("--initiative", LARGE)
    for words in (
        ("measures", "show", "happiness"),
        ("measures", "show", "response_rate", "--version", "9"),
        ("measures", "compute", "happiness", *here),
        ("measures", "compare", "response_rate", "happiness", *here),
        ("explain", "figure", "happiness", *here),
        ("release", "build", *here, "--period", "2025", "--measure", "happiness"),
    ):
        code, said = terminal(*words)
        assert (code, "there is no measure of that name" in said) == (USAGE, True), said


async def test_a_period_that_is_written_otherwise(api: httpx.AsyncClient, terminal: Terminal) -> None:
    """It is not guessed what was meant: the problem says how it is written."""
    for period in ("2026-q2", "2026Q2", "2026 Q2", "Q2/2026", "second quarter"):
        answer = await api.post("/v1/releases", json={"period": period}, headers=bearer(ANN))
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/period-unknown"), period
        [error] = answer.json()["errors"]
        assert error["pointer"] == "/period"
        assert "a quarter 2026-Q3, a year 2026," in error["message"]
        code, said = terminal("release", "build", "--initiative", LARGE, "--period", period)
        assert (code, "2026-Q3, 2026 or 2025-2027" in said) == (USAGE, True), said
    assert await refused(api, ANN, "/v1/releases", {"period": "2" * 21}) == (422, "malformed")


async def test_a_period_that_is_not_closed(api: httpx.AsyncClient, terminal: Terminal) -> None:
    order = {"period": "2026-Q3", "cutoff": "2026-09-30T00:00:00Z"}
    assert await refused(api, ANN, "/v1/releases", order) == (409, "period-not-closed")
    window = {"period": "2026-Q2", "cutoff": "2026-07-02T00:00:00Z", "measures": ["closed_loop_rate"]}
    assert await refused(api, ANN, "/v1/releases", window) == (409, "period-not-closed")
    build = ("release", "build", "--initiative", LARGE, "--period", "2026-Q3", "--cutoff", order["cutoff"])
    code, said = terminal(*build)
    assert (code, "it can be released from 2026-10-01 on" in said) == (NO, True), said
    code, said = terminal(*build, "--measure", "closed_loop_rate", "--measure", "clients_reached")
    assert (code, "it can be released from 2026-12-30 on" in said) == (NO, True), said
    order["cutoff"] = "2026-10-01T07:00:00Z"
    built = await api.post("/v1/releases", json=order, headers=bearer(ANN))
    assert built.status_code == 201, "the day that was named is one on which it can be"


async def test_a_view_that_is_not_in_the_catalogue(api: httpx.AsyncClient, terminal: Terminal) -> None:
    built = await draft(api, "2026-10-22T00:00:00Z")
    figures = f"/v1/releases/{built}/figures?measure=handoff_completion"
    assert await refused(api, ANN, f"{figures}&by=category") == (422, "view-not-in-catalogue")
    assert await refused(api, ANN, f"{figures}&by=agency") == (422, "malformed")
    await api.post(f"/v1/releases/{built}/approve", json={}, headers=bearer(BEN))
    order = {"period": "2025", "cutoff": "2026-10-22T01:00:00Z", "measures": ["response_rate"]}
    alone = (await api.post("/v1/releases", json=order, headers=bearer(ANN))).json()["release"]
    for rest in ("figures?measure", "explanation?measure", f"changes?since={built}&measure"):
        asked = f"/v1/releases/{alone}/{rest}=handoff_completion"
        assert await refused(api, ANN, asked) == (422, "view-not-in-catalogue"), "it is measured, and not here"
    listed_elsewhere = {"period": "2025", "measures": ["never_answered"]}
    assert await refused(api, EVE, "/v1/releases", listed_elsewhere) == (422, "view-not-in-catalogue")
    build = ("release", "build", "--initiative", SMALL, "--period", "2025", "--measure", "never_answered")
    code, said = terminal(*build)
    assert (code, "stands on no scorecard" in said) == (USAGE, True), said
    compute = ("measures", "compute", "handoff_completion", "--initiative", LARGE)
    assert terminal(*compute, "--by", "category")[0] == terminal(*compute, "--by", "agency")[0] == USAGE


async def test_a_definition_whose_window_is_longer_than_the_data(api: httpx.AsyncClient, terminal: Terminal) -> None:
    order = {"period": "2024", "cutoff": "2025-11-20T08:00:00Z"}
    assert await refused(api, ANN, "/v1/releases", order) == (409, "window-longer-than-data")
    build = ("release", "build", "--initiative", LARGE, "--period", "2024", "--cutoff", order["cutoff"])
    code, said = terminal(*build)
    assert (code, "do not reach back" in said) == (NO, True), said


async def test_a_period_before_the_data_begin(api: httpx.AsyncClient, own: County, terminal: Terminal) -> None:
    first = min(fact.observed.moment.at for fact in own.large.facts).astimezone(ZoneInfo("America/Los_Angeles")).date()
    for period in ("2024", "2021", "2025-Q3"):
        assert await refused(api, ANN, "/v1/releases", {"period": period}) == (409, "period-before-data")
    code, said = terminal("release", "build", "--initiative", LARGE, "--period", "2021")
    assert (code, f"before the data begin, on {first.isoformat()}" in said) == (NO, True), said
    begun = (await api.get(f"/v1/releases/{await draft(api, '2026-10-26T00:00:00Z')}", headers=bearer(ANN))).json()
    assert begun["begins_on"] == first.isoformat()
    table = f"/v1/releases/{begun['release']}/figures?measure=response_rate"
    assert (await api.get(table, headers=bearer(ANN))).json()["begins_on"] == first.isoformat()
    whole = await api.post("/v1/releases", json={"period": "2026-Q1"}, headers=bearer(ANN))
    assert whole.json()["begins_on"] is None


async def test_a_working_group_asks_for_anothers_draft(api: httpx.AsyncClient) -> None:
    """A draft is the backbone's; of another initiative neither drafts nor releases are there, for nobody."""
    built, older = await draft(api, "2026-10-23T00:00:00Z"), await draft(api, "2026-10-24T00:00:00Z")
    approved = await api.post(f"/v1/releases/{older}/approve", json={}, headers=bearer(BEN))
    assert approved.status_code == 200
    path = f"/v1/releases/{built}"
    theirs = f"/v1/releases/{older}/changes?measure=response_rate&since={built}"
    for who in (GUS, EVE, EGON):
        for asked in (path, f"{path}/figures?measure=response_rate", theirs):
            assert await refused(api, who, asked) == (404, "not-found")
    for who in (EVE, EGON):
        assert await refused(api, who, f"/v1/releases/{older}") == (404, "not-found")
    there = (await api.get("/v1/releases?limit=200", headers=bearer(GUS))).json()["items"]
    assert older in {each["release"] for each in there}
    assert {each["state"] for each in there} <= {"published", "withdrawn"}
    same = f"/v1/releases/{older}/changes?measure=response_rate&since={older}"
    assert (await api.get(same, headers=bearer(GUS))).status_code == 200


async def test_a_cutoff_in_the_future(api: httpx.AsyncClient, terminal: Terminal) -> None:
    assert await refused(api, ANN, "/v1/releases", {"period": "2025", "cutoff": AHEAD}) == (
        *(422, "cutoff-in-the-future"),
    )
    here = ("--initiative", LARGE, "--cutoff", AHEAD)
    for words in (("release", "build", "--period", "2025"), ("measures", "compute", "response_rate"),
                  ("explain", "figure", "response_rate"), ("measures", "handovers")):  # fmt: skip
        code, said = terminal(*words, *here)
        assert (code, "lies ahead" in said or "lies in the future" in said) == (USAGE, True), said


async def test_no_one_to_count_is_no_nought_per_cent(api: httpx.AsyncClient, terminal: Terminal) -> None:
    built = await draft(api, "2026-10-25T00:00:00Z")
    path = f"/v1/releases/{built}/figures?measure=missed_visits"
    total = (await api.get(path, headers=bearer(ANN))).json()["total"]
    assert (total["numerator"], total["denominator"]) == (0, 0)
    assert (total["percent"], total["low"], total["high"]) == (None, None, None)
    [row] = csv.DictReader(io.StringIO((await api.get(f"{path}&format=csv", headers=bearer(ANN))).text))
    assert (row["denominator"], row["percent"]) == ("0", "")
    assert terminal("measures", "compute", "missed_visits", "--initiative", LARGE)[1].startswith("no one to count")


def test_no_such_release_or_initiative(terminal: Terminal) -> None:
    for step in (("check",), ("reproduce",), ("approve", "--by", "ann"), ("withdraw", "--reason", "x", "--by", "ann")):
        code, said = terminal("release", step[0], str(uuid4()), *step[1:])
        assert (code, "there is no release of that id" in said) == (USAGE, True), said
    for words in (("release", "build"), ("measures", "compute", "response_rate"), ("measures", "handovers"),
                  ("measures", "journeys", "--agency", "x"), ("explain", "figure", "response_rate")):  # fmt: skip
        code, said = terminal(*words, "--initiative", "atlantis")
        assert (code, "there is no initiative of that name" in said) == (USAGE, True), said
    code, said = terminal("measures", "journeys", "--agency", "nobody", "--initiative", LARGE)
    assert (code, "no agency of that name" in said) == (USAGE, True), said


async def test_who_approves_is_somebody_else_and_what_is_approved_says_so(
    api: httpx.AsyncClient, terminal: Terminal
) -> None:
    built = await draft(api, "2026-10-27T00:00:00Z")
    for by, why in {"operator": "nobody in particular", "Ben Sample": "one word", "b\nen": "one word", "": "one word",
                    "b" * 256: "one word"}.items():  # fmt: skip
        code, said = terminal("release", "approve", built, "--by", by)
        assert (code, why in said) == (USAGE, True), said
    assert terminal("release", "approve", built, "--by", "ann") == (
        *(NO, "who built a release does not approve it: another person does"),
    )
    code, said = terminal("release", "approve", built, "--by", "ben")
    assert (code, "published" in said, "already" in said) == (0, True, False), said
    code, said = terminal("release", "approve", built, "--by", "cleo")
    assert (code, "it was published already: by ben, at 20" in said) == (0, True), said
    code, said = terminal("release", "approve", built, "--by", "ben", "--json")
    facts = json.loads(said)
    assert (facts["before"], facts["approved"]["by"], facts["withdrawn"]) == (True, "ben", None)
    withdraw = ("release", "withdraw", built, "--reason", "counted twice", "--by")
    assert "already" not in terminal(*withdraw, "ann")[1]
    assert "it was withdrawn already: by ann, at 20" in terminal(*withdraw, "ben")[1]
    assert terminal("release", "build", "--initiative", LARGE, "--by", "Ann Sample")[0] == USAGE
