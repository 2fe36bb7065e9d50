"""Owns the topics that the contracts declare, as Kafka knows them, and who may do what there: made, and compared."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from contracts import acl
from contracts.initiative import load_initiatives
from contracts.topic import FIRST_KEY, load_topics, of_clients, under
from contracts.topic import Topic as Declared
from services.runtime.kafka import Topic, create_topics, delete_topics, topic_differences
from services.runtime.kafka.acls import Allowed, acl_differences, allow
from services.runtime.settings import Broker, KafkaSettings

INITIATIVES = Path(__file__).with_name("initiatives")


def wanted(environ: Mapping[str, str]) -> list[Topic]:
    """Return the declared topics that this system needs: optional ones where an initiative turned them on (R6), those
    of clients under each log key in use."""
    keys = _keys(environ)
    return [
        Topic(name, topic.partitions, topic.config)
        for topic in _declared(environ)
        for name in ([under(topic.topic, key) for key in keys] if topic.of_clients else [topic.topic])
    ]


def allowed(environ: Mapping[str, str]) -> list[Allowed]:
    """Return who may do what with those, and with nothing else."""
    rules, shared = acl.rules(_declared(environ)), {topic.topic for topic in load_topics() if not topic.of_clients}
    keyed = [rule for rule in rules if rule.name not in shared]
    named = [rule._replace(name=under(rule.name, key)) for rule in keyed for key in _keys(environ)]
    return [Allowed(*rule[:4]) for rule in rules if rule.name in shared] + [Allowed(*rule[:4]) for rule in named]


def create(environ: Mapping[str, str]) -> list[str]:
    """Make the topics that are not there yet, and put right who may do what; returns what was done, in sentences.

    Rules of access are for brokers that ask who one is (CLOSEKNIT_KAFKA_USER), and this user has to be one who may.
    """
    broker = broker_of(environ)
    done = [f"made {name}" for name in create_topics(broker, wanted(environ))]
    if broker.user is not None:
        made, taken = allow(broker, allowed(environ), _all(environ))
        done += [*made, *(f"no longer: {sentence}" for sentence in taken)]
    return done


def differences(environ: Mapping[str, str]) -> list[str]:
    """Return one sentence for each way in which Kafka differs from the contracts."""
    broker = broker_of(environ)
    said = topic_differences(broker, wanted(environ))
    if broker.user is not None:
        said += acl_differences(broker, allowed(environ), _all(environ))
    return said


def broker_of(environ: Mapping[str, str]) -> Broker:
    """Where Kafka is, and as whom the operator comes to it. Raises SettingsProblem."""
    return KafkaSettings.from_env(environ).broker


def retire(environ: Mapping[str, str], key: int) -> list[str]:
    """Delete the topics of clients under a log key that is in use no more; returns the names of those there were."""
    named = [under(name, key) for name in of_clients()]
    return delete_topics(broker_of(environ), named)


def _all(environ: Mapping[str, str]) -> list[str]:
    """Every name of a declared topic, from the first log key to the newest that there ever was."""
    keys = range(FIRST_KEY, _newest(environ) + 1)
    return [under(topic.topic, key) for topic in load_topics() for key in (keys if topic.of_clients else [FIRST_KEY])]


def _keys(environ: Mapping[str, str]) -> tuple[int, ...]:
    """The log keys in use; where the event store is not in the settings, the first."""
    if not (dsn := environ.get("CLOSEKNIT_REFERRALS_DSN")):
        return (FIRST_KEY,)
    from services.referrals.main import log_keys  # noqa: PLC0415 -- who asks how a system is shall not wait for it

    return log_keys(dsn)


def _newest(environ: Mapping[str, str]) -> int:
    if not (dsn := environ.get("CLOSEKNIT_REFERRALS_DSN")):
        return FIRST_KEY
    from services.referrals.main import newest_log_key  # noqa: PLC0415 -- as above

    return newest_log_key(dsn)


def _declared(environ: Mapping[str, str]) -> Iterator[Declared]:
    initiatives = load_initiatives(Path(environ.get("CLOSEKNIT_INITIATIVES") or INITIATIVES))
    restricted = any(initiative.restricted_topic for initiative in initiatives.values())
    return (topic for topic in load_topics() if restricted or not topic.optional)
