"""The made-up county on a whole system: history by the command line, and lives lived through the public API."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from deploy.simulator.live import Pace, Trickle, trickle

if TYPE_CHECKING:
    from tests.fix_line import Line
    from tests.fix_system import RunningSystem

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
HISTORY = ("simulate", "--initiative", "fresno-ptbi", "--clients", "30", "--months", "8", "--seed", "11")
BOTH = ("fresno-ptbi", "expecting-justice-sf")
HURRIED = Pace(day_s=0.0, client_s=0.0, gap_s=0.0)


@pytest.fixture(scope="module")
def system(line: "Line") -> "RunningSystem":
    """The line of this run: the other system is left to those who count everything that is in it."""
    return line.system


def test_the_same_seed_and_day_give_the_same_history_once(system: "RunningSystem") -> None:
    first = system.json(*HISTORY, "--until", "2026-11-01")
    again = system.json(*HISTORY, "--until", "2026-11-01")
    assert first["clients"] == 30
    assert first["events"] > 300
    assert first == again


def test_another_seed_is_another_history(system: "RunningSystem") -> None:
    first = system.json(*HISTORY[:-1], "12", "--until", "2026-11-01")
    assert first["digest"] != system.json(*HISTORY[:-1], "13", "--until", "2026-11-01")["digest"]


def test_an_unknown_initiative_is_wrong_usage(system: "RunningSystem") -> None:
    system.run("simulate", "--initiative", "nowhere", codes=(2,))


def test_whole_lives_are_accepted_by_the_public_api(system: "RunningSystem") -> None:
    """Every step that the simulator thinks lawful is: what history says and what the API allows are the same rules."""

    async def live() -> Trickle:
        return await trickle(BOTH, 6, number=3, environ=system.settings, told=print, pace=HURRIED)

    lived = asyncio.run(live())
    assert lived.clients == 12
    assert lived.calls > 120
    assert not lived.refused
