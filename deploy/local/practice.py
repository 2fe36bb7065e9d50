"""Owns the practice data of a demo: a history for each initiative, a release of it, and a trickle that goes on."""

import asyncio
import functools
import sys
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from contracts.initiative import Initiative, load_initiatives
from deploy.local import child
from deploy.local.settings import environment_of
from deploy.local.system import System, Voice
from deploy.simulator.rooms import state_rooms
from deploy.simulator.seed import SIZES, seed
from services.measures.main import import_population, release_approve, release_build
from services.measures.releases.build import NotClosed, Order, WindowLongerThanData
from services.measures.releases.lattice import newest
from services.measures.releases.ledger import Release
from services.runtime.worker import read_heartbeat

MARK = "practice.json"
NUMBER = 1
PERSONS = 2
"""So many of the backbone it takes to publish: one builds, another approves."""
RELAYED_S = 300.0
POLL_S = 0.1


def size_of(system: System) -> str | None:
    """Return the size of the history that the system holds already; None when it holds none."""
    kept = system.state.read(MARK)
    return kept["size"] if kept else None


def plant(system: System, size: str, voice: Voice) -> None:
    """Load a history of this size and population figures into every initiative, and publish what is due.

    The same size again adds nothing.
    """
    initiatives = load_initiatives(Path(system.settings["CLOSEKNIT_INITIATIVES"]))
    slugs = list(initiatives)
    began = time.monotonic()
    told = functools.partial(voice.count, "clients of the practice history")
    asyncio.run(seed(slugs, SIZES[size], number=NUMBER, environ=system.settings, told=told))
    state_rooms(slugs, number=NUMBER, environ=system.settings, now=datetime.now(UTC))
    voice.say(f"the practice history ({size}) is in after {time.monotonic() - began:.1f} s")
    await_relay(system, time.time())
    for each in initiatives.values():
        _state_population(system, each.slug)
        publish(each, size, system.settings)
    system.state.write(MARK, {"size": size})
    voice.say(f"what is due of it is released after {time.monotonic() - began:.1f} s")


def publish(initiative: Initiative, size: str, environ: Mapping[str, str]) -> Release | None:
    """Publish the figures of a whole year as two persons of the backbone do; None where none is due."""
    backbone = [person.username for person in initiative.practice if "backbone" in person.roles]
    year = due(initiative, size, datetime.now(UTC))
    if year is None or len(backbone) < PERSONS:
        return None
    try:
        built = release_build(initiative.slug, Order(backbone[0], year), environ=environ)
    except (NotClosed, WindowLongerThanData):
        return None
    return release_approve(built.id, backbone[1], environ=environ)[0]


def due(initiative: Initiative, size: str, at: datetime) -> str | None:
    """The year that is released at a time (aware), by its name.

    An initiative that looks at three years waits for them, and its pages say until when. In a whole county a year of it
    is released as well, so that its scorecard can be looked at before the first three are over.
    """
    if initiative.releases.default == "three_years" and size != "county":
        return None
    return newest(initiative, "year", at).name


def _state_population(system: System, slug: str) -> None:
    """Import what was printed of an initiative's population, and what was invented of it for practice."""
    folder = Path(system.settings["CLOSEKNIT_INITIATIVES"]) / slug
    for path in sorted(folder.glob("*population.csv")):
        import_population(slug, path, environ=system.settings)


def await_relay(system: System, since: float) -> None:
    """Return when the relay says, later than `since`, that Kafka has everything; ChildFailed when it does not come."""
    deadline = time.monotonic() + RELAYED_S
    while not system.supervisor.stopping.wait(POLL_S):
        beat = read_heartbeat(system.state.heartbeat("relay"))
        if beat is not None and beat.at > since and beat.lag == 0:
            return
        if time.monotonic() > deadline:
            raise child.ChildFailed("the relay has not caught up with the practice history")


def trickle(system: System) -> child.Spec:
    """Return the process that goes on inventing clients, through the public API like everybody."""
    slugs = list(load_initiatives(Path(system.settings["CLOSEKNIT_INITIATIVES"])))
    wanted = [part for slug in slugs for part in ("--initiative", slug)]
    return child.Spec(
        name="trickle",
        command=(sys.executable, "-m", "deploy.closeknit.main", "simulate", "--live", *wanted),
        env=environment_of("trickle", system.settings),
        ready=lambda: True,
        after=("gateway",),
        stop_s=3.0,
    )


def plant_behind(system: System, size: str, voice: Voice) -> threading.Thread:
    """Plant in the background, then start the trickle; what breaks it is said, unless the system is being stopped."""

    def work() -> None:
        try:
            plant(system, size, voice)
            system.add([trickle(system)])
        except Exception as error:  # noqa: BLE001 -- nobody waits for this thread: it tells what happened
            if not system.supervisor.stopping.is_set():
                voice.say(f"the practice history was not loaded: {type(error).__name__}")

    thread = threading.Thread(target=work, name="practice", daemon=True)
    thread.start()
    return thread
