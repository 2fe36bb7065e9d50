"""Each topic has an owner, real producers and consumers, known events, and Kafka's settings as designed."""

import importlib.util
from collections.abc import Iterable
from importlib.resources import files

import pytest
import yaml
from pydantic import ValidationError

from contracts.registry import EVENTS
from contracts.topic import Topic, load_topics
from services.referrals.publishing import CARE_TOPIC, RESTRICTED_TOPIC

TOPICS = {topic.topic: topic for topic in load_topics()}


def problems(topics: Iterable[Topic]) -> list[str]:
    """One sentence for each module that is not there, event that no registry knows, and event on no topic."""
    topics = list(topics)
    said = [
        f"{topic.topic}: {module} is not there"
        for topic in topics
        for module in (*topic.producers, *topic.consumers)
        if not there(module)
    ]
    said += [f"{topic.topic}: {name} is no event" for topic in topics for name in topic.events if name not in EVENTS]
    told = {name for topic in topics for name in topic.events}
    return said + [f"{name} is on no topic" for name in sorted(EVENTS.keys() - told)]


def there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def test_producers_consumers_and_events_are_real() -> None:
    assert problems(TOPICS.values()) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"producers": ("services.referrals.carrier_pigeon",)}, "services.referrals.carrier_pigeon is not there"),
        ({"consumers": ("services.lost.consumer",)}, "services.lost.consumer is not there"),
        ({"events": ("referral.lost.v1", *EVENTS)}, "referral.lost.v1 is no event"),
    ],
)
def test_what_is_not_there_is_seen(changed: dict[str, object], said: str) -> None:
    spoilt = TOPICS[CARE_TOPIC].model_copy(update=changed)
    assert set(problems([spoilt])) - set(problems([TOPICS[CARE_TOPIC]])) == {f"{CARE_TOPIC}: {said}"}


def test_an_event_on_no_topic_is_seen() -> None:
    care = TOPICS[CARE_TOPIC]
    less = care.model_copy(update={"events": tuple(name for name in care.events if name != "referral.sent.v1")})
    assert set(problems([less])) - set(problems([care])) == {"referral.sent.v1 is on no topic"}


CLASSLESS = {"client", "consent", "episode"}
"""Entities that are never of a restricted class."""


@pytest.mark.parametrize("missing", ["owner", "producers", "consumers", "key", "description"])
def test_a_topic_without_an_owner_or_the_like_cannot_be_declared(missing: str) -> None:
    whole = yaml.safe_load(files("contracts").joinpath("topics", f"{CARE_TOPIC}.yaml").read_text())
    assert Topic.model_validate(whole) == TOPICS[CARE_TOPIC]
    del whole[missing]
    with pytest.raises(ValidationError):
        Topic.model_validate(whole)


def test_a_file_is_called_after_its_topic() -> None:
    names = {each.name.removesuffix(".yaml") for each in files("contracts").joinpath("topics").iterdir()}
    assert names - {"__pycache__"} == set(TOPICS)


def test_the_care_topics_keep_everything_for_ever_on_twelve_partitions() -> None:
    for name in (CARE_TOPIC, RESTRICTED_TOPIC):
        topic = TOPICS[name]
        assert topic.partitions == 12
        assert (topic.config["cleanup.policy"], topic.config["retention.ms"]) == ("delete", "-1")
    assert TOPICS["care.directory.v1"].config["cleanup.policy"] == "compact"


def test_r6_the_restricted_topic_alone_is_turned_on_by_an_initiative() -> None:
    assert [name for name, topic in TOPICS.items() if topic.optional] == [RESTRICTED_TOPIC]


def test_r6_what_has_no_class_is_never_declared_on_the_restricted_topic() -> None:
    classless = {name for name in TOPICS[CARE_TOPIC].events if name.partition(".")[0] in CLASSLESS}
    classless |= {"need.screened.v1"}  # what asks about social needs alone
    assert set(TOPICS[CARE_TOPIC].events) - set(TOPICS[RESTRICTED_TOPIC].events) == classless


def test_r6_births_visits_after_them_and_screenings_are_on_the_restricted_topic_alone() -> None:
    always = {"birth.recorded.v1", "postpartum_visit.recorded.v1", "screening.recorded.v1"}
    assert set(TOPICS[RESTRICTED_TOPIC].events) - set(TOPICS[CARE_TOPIC].events) == always
