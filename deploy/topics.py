"""Owns the topics that the contracts declare, as Kafka knows them: makes them, and says where Kafka differs."""

from collections.abc import Mapping
from pathlib import Path

from contracts.initiative import load_initiatives
from contracts.topic import load_topics
from services.runtime.kafka import Topic, create_topics, topic_differences

INITIATIVES = Path(__file__).with_name("initiatives")


def wanted(environ: Mapping[str, str]) -> list[Topic]:
    """Return the declared topics that this system needs: optional ones where an initiative turned them on (R6)."""
    initiatives = load_initiatives(Path(environ.get("CLOSEKNIT_INITIATIVES") or INITIATIVES))
    restricted = any(initiative.restricted_topic for initiative in initiatives.values())
    return [
        Topic(topic.topic, topic.partitions, topic.config)
        for topic in load_topics()
        if restricted or not topic.optional
    ]


def create(environ: Mapping[str, str]) -> list[str]:
    """Make the topics that are not there yet, on the broker that CLOSEKNIT_KAFKA names; returns their names."""
    return create_topics(environ["CLOSEKNIT_KAFKA"], wanted(environ))


def differences(environ: Mapping[str, str]) -> list[str]:
    """Return one sentence for each way in which Kafka differs from the contracts."""
    return topic_differences(environ["CLOSEKNIT_KAFKA"], wanted(environ))
