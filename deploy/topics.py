"""Owns the topics that the contracts declare, as Kafka knows them, and who may do what there: made, and compared."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from contracts import acl
from contracts.initiative import load_initiatives
from contracts.topic import Topic as Declared
from contracts.topic import load_topics
from services.runtime.kafka import Topic, create_topics, topic_differences
from services.runtime.kafka.acls import Allowed, acl_differences, allow
from services.runtime.settings import Broker, KafkaSettings

INITIATIVES = Path(__file__).with_name("initiatives")


def wanted(environ: Mapping[str, str]) -> list[Topic]:
    """Return the declared topics that this system needs: optional ones where an initiative turned them on (R6)."""
    return [Topic(topic.topic, topic.partitions, topic.config) for topic in _declared(environ)]


def allowed(environ: Mapping[str, str]) -> list[Allowed]:
    """Return who may do what with those, and with nothing else."""
    return [Allowed(*rule[:4]) for rule in acl.rules(_declared(environ))]


def create(environ: Mapping[str, str]) -> list[str]:
    """Make the topics that are not there yet, and put right who may do what; returns what was done, in sentences.

    Rules of access are for brokers that ask who one is (CLOSEKNIT_KAFKA_USER), and this user has to be one who may.
    """
    broker = broker_of(environ)
    done = [f"made {name}" for name in create_topics(broker, wanted(environ))]
    if broker.user is not None:
        made, taken = allow(broker, allowed(environ), [topic.topic for topic in load_topics()])
        done += [*made, *(f"no longer: {sentence}" for sentence in taken)]
    return done


def differences(environ: Mapping[str, str]) -> list[str]:
    """Return one sentence for each way in which Kafka differs from the contracts."""
    broker = broker_of(environ)
    said = topic_differences(broker, wanted(environ))
    if broker.user is not None:
        said += acl_differences(broker, allowed(environ), [topic.topic for topic in load_topics()])
    return said


def broker_of(environ: Mapping[str, str]) -> Broker:
    """Where Kafka is, and as whom the operator comes to it. Raises SettingsProblem."""
    return KafkaSettings.from_env(environ).broker


def _declared(environ: Mapping[str, str]) -> Iterator[Declared]:
    initiatives = load_initiatives(Path(environ.get("CLOSEKNIT_INITIATIVES") or INITIATIVES))
    restricted = any(initiative.restricted_topic for initiative in initiatives.values())
    return (topic for topic in load_topics() if restricted or not topic.optional)
