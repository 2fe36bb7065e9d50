"""Owns the topics that the contracts declare, as Kafka knows them: makes them, and says where Kafka differs."""

from importlib.resources import files

import yaml

from services.runtime.kafka import Topic, create_topics, topic_differences


def declared() -> list[Topic]:
    """Return every topic of contracts/topics, ordered by name."""
    folder = files("contracts").joinpath("topics")
    documents = [yaml.safe_load(file.read_text()) for file in folder.iterdir() if file.name.endswith(".yaml")]
    topics = [
        Topic(one["topic"], one["partitions"], {key: str(value) for key, value in one["config"].items()})
        for one in documents
    ]
    return sorted(topics, key=lambda topic: topic.name)


def create(bootstrap: str) -> list[str]:
    """Make the topics that are not there yet; returns their names."""
    return create_topics(bootstrap, declared())


def differences(bootstrap: str) -> list[str]:
    """Return one sentence for each way in which Kafka differs from the contracts."""
    return topic_differences(bootstrap, declared())
