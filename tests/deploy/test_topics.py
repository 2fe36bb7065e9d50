"""Kafka gets the topics that the contracts declare, and a difference is seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewPartitions

from deploy import topics
from deploy.local import kafka, ports
from tests.condition import until


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[kafka.KafkaServer]:
    """A Kafka of this test alone: it changes what topics there are."""
    server = kafka.start(tmp_path / "kafka", ports.any_free())
    yield server
    server.stop()


@pytest.mark.servers
def test_topics_are_made_once_and_a_difference_is_said(broker: kafka.KafkaServer) -> None:
    environ = {"CLOSEKNIT_KAFKA": broker.bootstrap}
    assert [said.split(":")[0] for said in topics.differences(environ)] == [
        topic.name for topic in topics.wanted(environ)
    ]
    made = topics.create(environ)
    assert "care.events.v1" in made
    assert topics.create(environ) == []
    assert topics.differences(environ) == []
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    try:
        admin.create_partitions({"care.events.v1": NewPartitions(13)})
    finally:
        admin.close()
    assert until(lambda: topics.differences(environ)) == ["care.events.v1: 13 partitions, the contract says 12"]


def test_optional_topics_are_wanted_where_an_initiative_turned_them_on(tmp_path: Path) -> None:
    for folder in topics.INITIATIVES.iterdir():
        copy = tmp_path / folder.name
        copy.mkdir()
        for file in folder.iterdir():
            text = file.read_text().replace("restricted_topic = true", "restricted_topic = false")
            (copy / file.name).write_text(text)
    on = {topic.name for topic in topics.wanted({})}
    off = {topic.name for topic in topics.wanted({"CLOSEKNIT_INITIATIVES": str(tmp_path)})}
    assert on - off == {"care.restricted.v1"}
