"""A read that shows a version: what an endpoint has to take, and how the query that it knows nothing of is kept."""

import io
import json
from typing import Annotated

import httpx
import pytest
from fastapi import Query
from pydantic import BaseModel, ConfigDict

from services.runtime.http import Call, Reply, create_app, fresh, freshness, lean_router
from services.runtime.http.route import LeanRoute
from services.runtime.postgres import Unavailable
from services.runtime.telemetry import Telemetry
from services.runtime.telemetry.logs import make_log


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Wanted(Strict):
    limit: int = 50


class Counted(Strict):
    version: int
    limit: int = 0


router = lean_router()
reads: list[int] = []


async def one_more() -> Counted:
    reads.append(1)
    return Counted(version=len(reads))


@router.get("/v1/alone")
async def alone(call: Call) -> Reply[Counted]:
    seen = await fresh(call, one_more)
    return Reply(seen, version=seen.version)


@router.get("/v1/beside")
async def beside(call: Call, query: Annotated[Wanted, Query()]) -> Reply[Counted]:
    return Reply(Counted(version=call.at_least, limit=query.limit), version=1)


@router.get("/v1/down")
async def down(call: Call) -> Reply[Counted]:
    raise Unavailable


async def get(path: str, telemetry: Telemetry | None = None) -> httpx.Response:
    app = create_app("counting", routers=[router], telemetry=telemetry)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        return await client.get(path)


async def test_a_read_is_repeated_until_the_version_is_there() -> None:
    reads.clear()
    answer = await get("/v1/alone?min_version=3")
    assert (answer.json()["version"], answer.headers["etag"], len(reads)) == (3, '"3"', 3)
    assert (await get("/v1/alone")).json()["version"] == 4


async def test_a_version_that_does_not_come_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "WAIT_SECONDS", 0.0)
    said = io.StringIO()
    off = Telemetry.off()
    answer = await get(
        "/v1/alone?min_version=99999", Telemetry(off.spans, off.metrics, make_log("svc", "info", stream=said))
    )
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/version-not-here")
    assert int(answer.headers["retry-after"]) >= 1
    (line,) = [json.loads(each) for each in said.getvalue().splitlines()]
    assert (line["level"], line["event"], line["slug"]) == ("info", "version awaited", "version-not-here")


async def test_a_part_that_is_down_is_told_as_an_error() -> None:
    said = io.StringIO()
    off = Telemetry.off()
    answer = await get("/v1/down", Telemetry(off.spans, off.metrics, make_log("svc", "info", stream=said)))
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert [json.loads(each)["level"] for each in said.getvalue().splitlines()] == ["error"]


async def test_it_stands_beside_what_else_is_asked_for() -> None:
    assert (await get('/v1/beside?limit=7&min_version=W/"12"')).json() == {"version": 12, "limit": 7}
    assert (await get("/v1/beside?min_version=x")).json()["errors"][0]["pointer"] == "/query/min_version"
    document = (await get("/openapi.json")).json()["paths"]["/v1/beside"]["get"]
    assert {"limit", "min_version"} <= {entry["name"] for entry in document["parameters"]}


def test_a_version_without_a_call_is_refused_at_registration() -> None:
    async def slip() -> Reply[Counted]:
        raise AssertionError

    with pytest.raises(TypeError, match="takes no call"):
        LeanRoute("/v1/slip", slip)
