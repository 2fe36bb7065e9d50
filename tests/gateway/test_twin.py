"""What the twin of measures answers has the shapes of the public document: a page is not tried on what nobody sends."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.gateway.upstream_figures import OTHER_KINDS, release
from tests.gateway.upstream_twin import HUB, Twin

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "contracts" / "openapi.json").read_text("utf-8"))
NOTHING_ELSE = {
    name: {"additionalProperties": False, **schema} if "properties" in schema else schema
    for name, schema in DOCUMENT["components"]["schemas"].items()
}
"""Every shape, with what it has and no more: a field that nobody sends is one that a page may not rest on."""
SINCE = release("2026-Q2.1", Twin())["release"]
OF = f"/v1/releases/{release('2026-Q3.1', Twin())['release']}"
ASKED = {
    "list_measures": "/v1/measures",
    "list_releases": "/v1/releases",
    "get_release_figures": f"{OF}/figures?measure=response_rate&by=spd15_aoic",
    "list_release_changes": f"{OF}/changes?measure=response_rate&by=spd15_aoic&since={SINCE}",
    "explain_release_figure": f"{OF}/explanation?measure=response_rate",
    "get_agency_figures": f"/v1/agencies/{HUB['agency']}/figures",
    "list_targets": "/v1/targets",
    "list_population_figures": "/v1/population-figures",
}


def answered(path: str) -> Any:
    twin = Twin()
    twin.releases = [release("2026-Q3.1", twin), release("2026-Q2.1", twin, state="withdrawn")]
    twin.releases[0]["measures"] += OTHER_KINDS

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=twin.app()), base_url="http://twin") as client:
            return await client.get(path, headers={"authorization": "Bearer x"})

    found = asyncio.run(asked())
    assert found.status_code == 200, found.text
    return found.json()


def wrong(operation: str, answer: Any) -> list[str]:
    """Where an answer differs from its schema."""
    schema = next(
        each["responses"]["200"]["content"]["application/json"]["schema"]
        for methods in DOCUMENT["paths"].values()
        for each in methods.values()
        if isinstance(each, dict) and each.get("operationId") == operation
    )
    validator = Draft202012Validator({**schema, "components": {"schemas": NOTHING_ELSE}})
    return [f"{each.json_path}: {each.message[:160]}" for each in validator.iter_errors(answer)]


@pytest.mark.parametrize("operation", ASKED)
def test_the_twin_answers_as_the_public_document_says(operation: str) -> None:
    assert wrong(operation, answered(ASKED[operation])) == []


@pytest.mark.parametrize("measure", [each["measure"] for each in OTHER_KINDS])
def test_also_of_what_is_no_share(measure: str) -> None:
    assert wrong("get_release_figures", answered(f"{OF}/figures?measure={measure}&by=language")) == []


def test_that_something_is_missing_would_be_seen() -> None:
    answer = answered(ASKED["get_agency_figures"])
    del answer["items"][0]["pending"]
    answer["items"][1]["numerator"] = "many"
    answer["items"][2]["unsteady"] = False
    assert len(wrong("get_agency_figures", answer)) == 3
