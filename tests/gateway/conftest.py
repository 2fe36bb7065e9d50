"""What the tests of the gateway have: a running house for each module, its twin's story new for each test."""

from collections.abc import Iterator

import pytest

from tests.gateway.house import House, running
from tests.gateway.upstream_twin import Twin


@pytest.fixture(scope="module")
def standing_house() -> Iterator[House]:
    with running() as house:
        yield house


@pytest.fixture
def house(standing_house: House) -> House:
    """The running gateway, with the story told from its beginning."""
    standing_house.twin.__dict__.update(Twin().__dict__)
    for log in (standing_house.told, standing_house.accessed):
        log.truncate(0)
        log.seek(0)
    return standing_house
