"""The topics as their files in `topics/` declare them: who writes, who reads, which events, and Kafka's settings."""

import functools
from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FIRST_KEY: Final = 1
"""The number of the first log key; each rotation of it takes the next (docs/keys.md)."""
_OF_KEY: Final = ".k"

Module = Annotated[str, Field(pattern=r"^services(\.[a-z_]+)+$")]


class Topic(BaseModel):
    """One topic. `owner` is the service that answers for it, `producers` and `consumers` are modules of the services.

    `optional`: there only where an initiative turns it on (R6). `config` is spelled as Kafka spells it; the partition
    count is fixed when the topic is made. `events` are the types that may stand on it. `of_clients`: its records are
    named by the log pseudonym, so that it stands once under each log key that is in use.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: Annotated[str, Field(pattern=r"^care\.[a-z]+\.v[0-9]+$")]
    description: Annotated[str, Field(min_length=40)]
    owner: Literal["referrals", "measures"]
    producers: Annotated[tuple[Module, ...], Field(min_length=1)]
    consumers: Annotated[tuple[Module, ...], Field(min_length=1)]
    key: str
    partitions: Annotated[int, Field(ge=1)]
    config: Mapping[str, str]
    optional: bool
    of_clients: bool
    events: tuple[str, ...]


@functools.cache
def load_topics() -> tuple[Topic, ...]:
    """Every declared topic in the order of its name. Raises pydantic.ValidationError for a file that is wrong."""
    folder = files("contracts").joinpath("topics")
    found = [each for each in folder.iterdir() if each.name.endswith(".yaml")]
    topics = [Topic.model_validate(yaml.safe_load(each.read_text(encoding="utf-8"))) for each in found]
    return tuple(sorted(topics, key=lambda topic: topic.topic))


def of_clients() -> list[str]:
    """The declared topics that stand once under each log key."""
    return [topic.topic for topic in load_topics() if topic.of_clients]


def under(name: str, key: int) -> str:
    """What a declared topic of clients, or a group that reads them, is called under a log key."""
    return name if key == FIRST_KEY else f"{name}{_OF_KEY}{key}"


def declared(name: str) -> str:
    """The declared name of a topic, under whichever log key it is."""
    return name.partition(_OF_KEY)[0]
