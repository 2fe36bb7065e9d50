"""What the tests of the gateway have: a running house for each module, its twin's story new for each test."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import uvloop

from tests.gateway.house import House, running
from tests.gateway.upstream_twin import Twin


@pytest.fixture(scope="module")
def standing_house() -> Iterator[House]:
    with running() as house:
        yield house


@pytest.fixture
def house(standing_house: House) -> House:
    """The running gateway, with the story told from its beginning."""
    standing_house.clock.at = None
    standing_house.twin.__dict__.update(Twin().__dict__)
    for log in (standing_house.told, standing_house.accessed):
        log.truncate(0)
        log.seek(0)
    return standing_house


@pytest.fixture
def visitor(house: House) -> Iterator[httpx.Client]:
    """A browser in which a member of the clinic's staff is signed in."""
    with house.visitor("sam-specimen") as visitor:
        yield visitor


@pytest.fixture(params=["unix", "tcp"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Where a service behind listens: a socket file, or None for a port."""
    return tmp_path / "behind.sock" if request.param == "unix" else None


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Connections are tried on the loop that serves; the running house stands on Python's own."""
    return {"uvloop": uvloop.new_event_loop}
