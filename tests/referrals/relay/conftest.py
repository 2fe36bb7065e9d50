"""Owns the broker of the relay's tests: its log starts anew with every test."""

import gc
from collections.abc import Iterator

import pytest

from deploy.local import kafka, ports
from tests.fix_servers import Databases
from tests.referrals.relay.log import Scene, fresh_topics


@pytest.fixture(scope="package")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kafka.KafkaServer]:
    server = kafka.start(tmp_path_factory.mktemp("broker"), ports.any_free())
    yield server
    server.stop()


@pytest.fixture
def scene(databases: Databases, broker: kafka.KafkaServer) -> Scene:
    fresh_topics(broker.bootstrap)
    return Scene(databases.dsn("referrals"), broker.bootstrap)


@pytest.fixture
def tidied() -> Iterator[None]:
    """What the test left behind is collected within the test."""
    yield
    gc.collect()
