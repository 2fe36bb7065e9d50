"""The made-up county on a whole system: history by the command line, and lives lived through the public API."""

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from deploy.simulator.live import Pace, Trickle, trickle

if TYPE_CHECKING:
    from tests.fix_line import Line

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
HISTORY = ("simulate", "--initiative", "fresno-ptbi", "--clients", "30", "--months", "8", "--seed")
BOTH = ("fresno-ptbi", "expecting-justice-sf")
HURRIED = Pace(day_s=0.0, client_s=0.0, gap_s=0.0)


def simulated(line: "Line", seed: int) -> dict[str, Any]:
    """What the command says of a history."""
    result = line.command(*HISTORY, str(seed), "--until", "2026-11-01", "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_same_seed_and_day_give_the_same_history_once(line: "Line") -> None:
    first = simulated(line, 11)
    assert first["clients"] == 30
    assert first["events"] > 300
    assert line.system.json(*HISTORY, "11", "--until", "2026-11-01") == first, "in a process of its own as well"


def test_another_seed_is_another_history(line: "Line") -> None:
    assert simulated(line, 12)["digest"] != simulated(line, 13)["digest"]


def test_an_unknown_initiative_is_wrong_usage(line: "Line") -> None:
    assert line.command("simulate", "--initiative", "nowhere").exit_code == 2


def test_whole_lives_are_accepted_by_the_public_api(line: "Line") -> None:
    """Every step that the simulator thinks lawful is: what history says and what the API allows are the same rules."""

    async def live() -> Trickle:
        return await trickle(BOTH, 6, number=3, environ=line.settings, told=print, pace=HURRIED)

    lived = asyncio.run(live())
    assert lived.clients == 12
    assert lived.calls > 120
    assert not lived.refused
