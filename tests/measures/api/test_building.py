"""A release that takes longer to build than anybody waits for an answer: it goes on, and the same key gives it."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Event
from typing import Any

import httpx

from contracts.initiative import load_initiatives
from services.measures.api.release_steps import Building
from services.measures.application.building import Builds
from services.measures.releases.build import Order, build
from services.measures.releases.ledger import Release
from tests.measures.api.app import answering
from tests.measures.api.test_release_steps import ANN, YEAR, ask
from tests.measures.conftest import INITIATIVES, LARGE, County


async def test_what_takes_long_is_given_under_the_same_key(own: County) -> None:
    """Nobody waits longer than an answer may take: 202, and it goes on."""
    let, begun = Event(), list[str]()

    def slowly(slug: str, order: Order) -> Release:
        begun.append(slug)
        assert let.wait(60)
        return build(own.settings, load_initiatives(INITIATIVES)[slug], order)

    asked = YEAR | {"cutoff": "2026-10-09T00:00:00Z"}
    async with answering(own.settings, building=Building(slowly, Builds[Release](patience=0.01))) as api:
        waiting = await ask(api, ANN, "POST", "/v1/releases", asked, 202, idempotency_key="k-long-1")
        assert waiting == {"name": "2025", "state": "building"}
        assert await ask(api, ANN, "POST", "/v1/releases", asked, 202, idempotency_key="k-long-1") == waiting
        let.set()
        answer = await until_made(api, asked)
        again = await ask(api, ANN, "POST", "/v1/releases", asked, 201, idempotency_key="k-long-1")
    assert (answer["name"][:5], answer["state"], again) == ("2025.", "draft", answer)
    assert begun == [LARGE]


async def until_made(api: httpx.AsyncClient, asked: Mapping[str, str]) -> Any:
    """What it answers once it does not say any more that it is being built."""
    headers = {"authorization": f"Bearer {ANN}", "idempotency-key": "k-long-1"}
    while (answer := await api.post("/v1/releases", json=asked, headers=headers)).status_code == 202:
        continue
    assert answer.status_code == 201, answer.text
    return answer.json()
