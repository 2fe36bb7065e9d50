"""How facts are stored: every type has a golden file that can be read for ever, and old versions are brought up."""

from collections import defaultdict
from pathlib import Path
from typing import ClassVar

import orjson
import pytest
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from uuid_utils.compat import uuid7

from services.referrals.domain.catalogue import FACTS
from services.referrals.domain.fact import Fact
from services.referrals.domain.referral import ReferralAcknowledged, ReferralReceived
from services.referrals.domain.vocabulary import ToldBy
from services.referrals.store.mapper import UPCASTERS, FactMapper, UnknownFact
from tests.referrals.store.commits import RECEIVED, SENT, event

GOLDEN = Path(__file__).parent / "golden"


def golden(folder: Path = GOLDEN) -> dict[str, list[bytes]]:
    """The stored bytes of every type that was ever stored: `<type>.json`, later `<type>.<what is new>.json`."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for path in sorted(folder.glob("*.json")):
        found[".".join(path.name.split(".")[:3])].append(path.read_bytes().strip())
    return found


def is_in(stored: object, again: object) -> bool:
    """Whether all that was stored is in what would be stored now, which may say more, at any depth."""
    if isinstance(stored, dict) and isinstance(again, dict):
        return all(name in again and is_in(value, again[name]) for name, value in stored.items())
    if isinstance(stored, list) and isinstance(again, list) and len(stored) == len(again):
        return all(map(is_in, stored, again))
    return stored == again


def test_what_is_lost_is_seen() -> None:
    assert is_in({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}], "d": 3})
    assert not is_in({"a": [{"b": 1}]}, {"a": [{"b": 2}]})
    assert not is_in({"a": [{"b": 1}]}, {"a": [{"c": 1}]})
    assert not is_in({"a": [1, 2]}, {"a": [1]})


def without_golden_file(known: dict[str, type[Fact]], folder: Path = GOLDEN) -> set[str]:
    """Types of which some field never shows in a golden file, or that have none."""
    seen = {topic: {key for text in texts for key, value in orjson.loads(text).items() if value not in (None, [])}
            for topic, texts in golden(folder).items()}  # fmt: skip
    return {topic for topic, kind in known.items() if topic not in seen or seen[topic] != set(kind.model_fields)}


def test_every_stored_type_has_a_golden_file_with_every_field() -> None:
    assert without_golden_file(dict(FACTS)) == set()


def test_a_type_or_field_without_golden_file_is_found(tmp_path: Path) -> None:
    class New(Fact):
        TYPE: ClassVar[str] = "referral.new.v1"

    class Longer(ReferralReceived):
        more: str | None = None

    assert without_golden_file({**FACTS, New.TYPE: New}) == {"referral.new.v1"}
    assert without_golden_file({Longer.TYPE: Longer}) == {"referral.received.v1"}
    (tmp_path / "referral.received.v1.json").write_text('{"restricted":null}')
    assert without_golden_file({RECEIVED.TYPE: type(RECEIVED)}, tmp_path) == {"referral.received.v1"}


@pytest.mark.parametrize("topic", sorted(golden()))
def test_what_was_stored_can_be_read_and_would_be_stored_so_again(topic: str) -> None:
    mapper = FactMapper()
    for text in golden()[topic]:
        fact = mapper.decode(topic, text)
        again = orjson.loads(mapper.encode(fact))
        assert is_in(orjson.loads(text), again)
        assert list(again) == sorted(again)
        assert mapper.decode(fact.TYPE, mapper.encode(fact)) == fact
        if topic == fact.TYPE:
            assert set(again) == set(type(fact).model_fields)


def test_type_names_are_stable_and_versioned() -> None:
    for topic, kind in FACTS.items():
        entity, verb, version = topic.split(".")
        assert (kind.TYPE, entity.islower(), verb.islower()) == (topic, True, True)
        assert version[0] == "v"
        assert version[1:].isdecimal()


class AcknowledgedV3(Fact):
    """The newest of three invented versions: v1 said `told`, v2 `channel`, v3 also by whom."""

    TYPE: ClassVar[str] = "referral.acknowledged.v3"
    channel: ToldBy
    by: str


STEPS = {
    ("referral.acknowledged", 1): lambda state: {"channel": state["told"]},
    ("referral.acknowledged", 2): lambda state: state | {"by": "unknown"},
}


def test_an_old_version_is_brought_up_step_by_step() -> None:
    mapper = FactMapper({AcknowledgedV3.TYPE: AcknowledgedV3}, STEPS)
    newest = AcknowledgedV3(channel=ToldBy.CALL, by="unknown")
    assert mapper.decode("referral.acknowledged.v1", b'{"told":"call"}') == newest
    assert mapper.decode("referral.acknowledged.v2", b'{"channel":"call"}') == newest
    assert mapper.decode("referral.acknowledged.v3", b'{"by":"unknown","channel":"call"}') == newest


def test_a_version_nobody_can_read_is_refused() -> None:
    mapper = FactMapper({AcknowledgedV3.TYPE: AcknowledgedV3}, {("referral.acknowledged", 1): dict})
    for topic in ("referral.acknowledged.v1", "referral.acknowledged.v4", "referral.forgotten.v1", "nothing"):
        with pytest.raises(UnknownFact):
            mapper.decode(topic, b"{}")
    with pytest.raises(UnknownFact):
        mapper.encode(ReferralAcknowledged(channel=ToldBy.CALL))


def test_upcasters_lead_to_a_known_type() -> None:
    for name, version in UPCASTERS:
        assert golden().get(f"{name}.v{version}"), f"{name}.v{version} has no golden file"
        assert f"{name}.v{version}" not in FACTS


def test_a_damaged_state_is_refused_without_saying_what_is_in_it() -> None:
    with pytest.raises(MapperDeserialisationError) as said:
        FactMapper().decode("referral.accepted.v1", b'{"person":"Mara Example","on":"tomorrow"}')
    assert "Mara" not in str(said.value)
    assert "tomorrow" not in str(said.value)
    assert said.value.__cause__ is None


def test_only_our_own_events_pass_through() -> None:
    mapper = FactMapper()
    written = event(SENT)
    assert mapper.to_domain_event(mapper.to_stored_event(written)) == written
    with pytest.raises(TypeError):
        mapper.to_domain_event(StoredEvent(uuid7(), 1, SENT.TYPE, b"{}"))
    with pytest.raises(TypeError):
        mapper.to_stored_event(DomainEvent(uuid7(), 1, written.envelope.occurred_at))
