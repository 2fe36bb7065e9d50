"""Names of agencies, and whether they are on the system, as the directory says now and not the configuration (R22)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from contracts.initiative import load_initiatives
from services.gateway.pages.api import Api, ApiProblem
from services.gateway.pages.known_agencies import FRESH, KnownAgencies, KnownAgency
from tests.gateway.house import running
from tests.gateway.upstream_twin import DIAPERS, DOULAS, HUB, NORTH

INITIATIVE = load_initiatives(Path(__file__).parents[2] / "deploy" / "initiatives")["fresno-ptbi"]
CLINIC = NORTH["agency"]


@dataclass
class Told:
    """A directory that can be changed, and the time."""

    items: list[dict[str, Any]] = field(default_factory=list)
    alone: dict[str, Any] | None = None
    down: bool = False
    asked: int = 0
    time: datetime = datetime(2026, 3, 2, 17, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    async def every(self, path: str) -> list[dict[str, Any]]:
        self.asked += 1
        if self.down:
            raise ApiProblem.down()
        return list(self.items)

    async def find(self, path: str) -> dict[str, Any] | None:
        return self.alone


def entry(agency: str, name: str, *, on_system: bool = True) -> dict[str, Any]:
    return {"agency": agency, "name": name, "on_system": on_system}


async def learnt(told: Told, known: KnownAgencies, own: str | None = None) -> dict[str, KnownAgency]:
    await known.learn(cast("Api", told), INITIATIVE, own)
    return dict(known.of(INITIATIVE))


@pytest.mark.asyncio
async def test_an_answer_stands_for_a_few_seconds() -> None:
    told = Told([entry(CLINIC, "Clinic, renamed")])
    known = KnownAgencies(told)
    assert known.of(INITIATIVE)[CLINIC].name != "Clinic, renamed"
    assert (await learnt(told, known))[CLINIC].name == "Clinic, renamed"
    told.items = [entry(CLINIC, "Renamed again", on_system=False)]
    assert (await learnt(told, known))[CLINIC] == KnownAgency("Clinic, renamed", on_system=True)
    told.time += FRESH
    assert (await learnt(told, known))[CLINIC] == KnownAgency("Renamed again", on_system=False)
    assert told.asked == 2


@pytest.mark.asyncio
async def test_what_was_known_stands_while_the_directory_is_away_or_the_agency_gone() -> None:
    told = Told([entry("sample-new", "Sample New")])
    known = KnownAgencies(told)
    await learnt(told, known)
    told.time, told.down = told.time + FRESH + timedelta(seconds=1), True
    assert (await learnt(told, known))["sample-new"].name == "Sample New"
    told.time, told.down, told.items = told.time + FRESH, False, []
    assert (await learnt(told, known))["sample-new"].name == "Sample New"
    assert dict(known.of(None)) == {}


@pytest.mark.asyncio
async def test_r22_one_that_is_invited_is_told_its_own_name() -> None:
    told = Told(alone=entry("sample-invited", "Sample Invited"))
    assert (await learnt(told, KnownAgencies(told), "sample-invited"))["sample-invited"].name == "Sample Invited"


def test_r22_pages_show_what_the_directory_says() -> None:
    with running() as house:
        twin = house.twin
        twin.entries[HUB["agency"]] = {"name": "Sample Hub, renamed"}
        twin.entries[DIAPERS["agency"]] = {"on_system": True}
        twin.entries[DOULAS["agency"]] = {"on_system": False}
        joined, gone = (twin.send(HUB, each, "doula", twin.nora) for each in (DIAPERS, DOULAS))
        with house.visitor("sam-specimen") as visitor:
            assert "Sample Hub, renamed" in visitor.get("/work/drafts").text
            assert "By letter, no answer yet" in visitor.get(f"/referrals/{gone}").text
            assert "By letter, no answer yet" not in visitor.get(f"/referrals/{joined}").text
