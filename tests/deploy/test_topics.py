"""Which of the topics that the contracts declare a system needs; that Kafka gets them is in test_acls.py."""

from pathlib import Path

from deploy import topics


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
