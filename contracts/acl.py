"""Who may do what with which topic, as it follows from the topics' files; written down in `acls.yaml`."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

import yaml

from contracts.topic import Topic, load_topics

Operation = Literal["Describe", "Read", "Write"]

_SAID: Final = (
    "# Made from topics/*.yaml by `python -m contracts.generate`. Whatever is not here is forbidden: the brokers let\n"
    "# nobody through whom no rule names. `optional`: there only where an initiative turns the topic on (R6).\n"
)


class Rule(NamedTuple):
    """`user` may do `operation` with the topic or consumer group `name`."""

    user: str
    operation: Operation
    resource: Literal["topic", "group"]
    name: str
    optional: bool = False


def user_of(module: str) -> str:
    """As whom a module comes to Kafka: `services.referrals.relay` is referrals-relay."""
    return module.removeprefix("services.").replace(".", "-")


def rules(topics: Iterable[Topic] | None = None) -> tuple[Rule, ...]:
    """Every rule, in order. Who writes a topic reads the end of it, so that it resumes behind what it wrote."""
    found: set[Rule] = set()
    for topic in load_topics() if topics is None else topics:
        for module in topic.producers:
            found |= _of(user_of(module), ("Describe", "Read", "Write"), topic)
        for module in topic.consumers:
            found |= _of(user_of(module), ("Describe", "Read"), topic)
            found.add(Rule(user_of(module), "Read", "group", module.split(".")[1]))
    return tuple(sorted(found))


def text() -> str:
    """The file `acls.yaml`."""
    listed = [each._asdict() for each in rules()]
    return _SAID + yaml.safe_dump(listed, sort_keys=False, width=120)


def _of(user: str, operations: Iterable[Operation], topic: Topic) -> set[Rule]:
    return {Rule(user, operation, "topic", topic.topic, topic.optional) for operation in operations}
