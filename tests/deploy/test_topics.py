"""Which of the topics that the contracts declare a system needs; that Kafka gets them is in test_acls.py."""

from pathlib import Path

import pytest

from deploy import topics
from services.referrals import main as referrals


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


def test_topics_of_clients_are_wanted_under_each_log_key(monkeypatch: pytest.MonkeyPatch) -> None:
    first = {topic.name for topic in topics.wanted({})}, set(topics.allowed({}))
    monkeypatch.setattr(referrals, "log_keys", lambda dsn: (1, 2))
    environ = {"CLOSEKNIT_REFERRALS_DSN": "a store with a rotation under way"}
    assert {topic.name for topic in topics.wanted(environ)} - first[0] == {"care.events.v1.k2", "care.restricted.v1.k2"}
    more = set(topics.allowed(environ)) - first[1]
    assert {rule.name for rule in more} == {"care.events.v1.k2", "care.restricted.v1.k2", "measures.k2"}
    before = {(rule.user, rule.operation, f"{rule.name}.k2") for rule in first[1]}
    assert {tuple(rule)[:2] + (rule.name,) for rule in more} <= before
    monkeypatch.setattr(referrals, "log_keys", lambda dsn: (2,))
    assert {topic.name for topic in topics.wanted(environ)} == {
        *("care.directory.v1", "care.events.v1.k2", "care.restricted.v1.k2")
    }
