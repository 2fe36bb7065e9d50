"""The short way of a plain fact says what the long one says, byte for byte, or nothing."""

import json
from typing import Any
from uuid import UUID

import pytest

from contracts.registry import encode
from services.referrals.domain.break_glass import GlassBroken
from services.referrals.domain.catalogue import FACTS, StoredFact
from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.check import CheckAnswered, CheckAsked, CheckClosed
from services.referrals.domain.claim import ClaimMade, ClaimReleased, ClaimTakenOver
from services.referrals.domain.client import (
    ClientLinked,
    ClientNamed,
    ClientUnlinked,
    ClientUnnamed,
    DetailsErased,
    HoldPlaced,
    HoldReleased,
)
from services.referrals.domain.consent import ConsentAcknowledged
from services.referrals.domain.contact import ContactRecorded
from services.referrals.domain.directory import AgencyStated, CapacityStated, ServiceStated
from services.referrals.domain.episode import (
    BirthRecorded,
    EpisodeEndRecorded,
    EpisodeJoined,
    EpisodeParted,
    PostpartumVisitRecorded,
    ResponsibilityAssigned,
    ResponsibilityLeft,
)
from services.referrals.domain.fact import Fact
from services.referrals.domain.handoff import HandoffAcknowledged
from services.referrals.domain.inquiry import InquiryAnswered, InquiryOpened
from services.referrals.domain.note import NoteKept
from services.referrals.domain.question import QuestionAnswered, QuestionAsked
from services.referrals.domain.referral import ReferralSent, ReferralServiceStarted
from services.referrals.domain.safe_contact import SafeContactPlanned
from services.referrals.domain.screening import ScreeningRecorded
from services.referrals.domain.timer import TimerFired, TimerSet
from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.domain.watch import WatchMoved
from services.referrals.publishing import contract_event, plain_value
from services.referrals.store.mapper import FactMapper
from tests.stored_facts import STORED

STREAM = UUID("0194a000-0000-7000-8000-0000000000ff")
MAPPER = FactMapper()
STORED_ONLY = (
    *(CheckAsked, CheckAnswered, CheckClosed),
    *(
        ChargeHandedOn,
        ClaimMade,
        ClaimTakenOver,
        ClaimReleased,
        GlassBroken,
        InquiryOpened,
        InquiryAnswered,
        NoteKept,
        QuestionAsked,
        QuestionAnswered,
        SafeContactPlanned,
        TimerFired,
        HandoffAcknowledged,
        ConsentAcknowledged,
        TimerSet,
        WatchMoved,
    ),
    ClientNamed,
    ClientUnnamed,
    *(DetailsErased, HoldPlaced, HoldReleased),
    *(EpisodeJoined, EpisodeParted, EpisodeEndRecorded),
)
ENTRIES = (AgencyStated, ServiceStated, CapacityStated)
ALWAYS_HIDDEN = (BirthRecorded, PostpartumVisitRecorded, ScreeningRecorded)
LONG = (
    *STORED_ONLY,
    *ENTRIES,
    *ALWAYS_HIDDEN,
    ClientLinked,
    ClientUnlinked,
    ResponsibilityAssigned,
    ResponsibilityLeft,
)
PLAIN = [kind for kind in FACTS.values() if kind not in LONG]


def ordinary(fact: Fact) -> Fact:
    """The fact with whatever hides something taken away."""
    own = {"restricted": None, "evidence_restricted": False}
    return fact.model_copy(update={name: value for name, value in own.items() if name in type(fact).model_fields})


def short(fact: Fact, stored: bytes | None = None) -> bytes | None:
    return plain_value(fact.TYPE, MAPPER.encode(fact) if stored is None else stored, STREAM)


def long(fact: StoredFact) -> bytes | None:
    event = contract_event(fact, STREAM, lambda _: "a" * 26)
    return None if event is None else encode(event)


def changed(fact: Fact, **fields: Any) -> bytes:
    return json.dumps(json.loads(MAPPER.encode(fact)) | fields).encode()


@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.TYPE)
def test_both_ways_give_the_same_bytes(kind: type[Fact]) -> None:
    full = ordinary(STORED[kind])
    empty = full.model_copy(
        update={name: each.default for name, each in kind.model_fields.items() if not each.is_required()}
    )
    for fact in (full, empty):
        said = short(fact)
        assert said is not None
        assert said == long(fact)  # type: ignore[arg-type]  # every kind of the catalogue is a StoredFact


@pytest.mark.parametrize("kind", LONG, ids=lambda kind: kind.TYPE)
def test_what_is_stored_only_a_lead_a_birth_and_the_directory_go_the_long_way(kind: type[Fact]) -> None:
    assert short(STORED[kind]) is None


@pytest.mark.parametrize(
    "kind", [kind for kind in PLAIN if "restricted" in kind.model_fields], ids=lambda kind: kind.TYPE
)
@pytest.mark.parametrize("restricted", RestrictedClass)
def test_r6_what_has_a_class_never_goes_the_short_way(kind: type[Fact], restricted: RestrictedClass) -> None:
    assert short(STORED[kind].model_copy(update={"restricted": restricted})) is None


@pytest.mark.parametrize("kind", [kind for kind in PLAIN if "evidence_restricted" in kind.model_fields])
def test_r6_nor_does_what_names_a_restricted_contact(kind: type[Fact]) -> None:
    fact = ordinary(STORED[kind])
    assert short(fact) is not None
    assert short(fact.model_copy(update={"evidence_restricted": True})) is None


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "by_pigeon"},
        {"mode": "unknown"},
        {"met": "true"},
        {"met": None},
        {"tags": "food-insecurity"},
        {"episode": "0194A000-0000-7000-8000-0000000000FF"},
        {"units": [{"kind": "box", "count": 0}]},
        {"units": [{"kind": "box", "count": 2, "note": "for her sister"}]},
        {"contact": 1, "outcome": 3},
    ],
    ids=str,
)
def test_what_the_contract_would_write_otherwise_goes_the_long_way(change: dict[str, Any]) -> None:
    fact = ordinary(STORED[ContactRecorded])
    assert short(fact, changed(fact)) is not None
    assert short(fact, changed(fact, **change)) is None


@pytest.mark.parametrize("state", [b"", b"[]", b"null", b'"text"', b'{"mode":', b"\xff"])
def test_what_is_no_object_goes_the_long_way(state: bytes) -> None:
    assert short(STORED[ReferralServiceStarted], state) is None


def test_another_version_goes_the_long_way() -> None:
    assert plain_value("referral.sent.v0", MAPPER.encode(ordinary(STORED[ReferralSent])), STREAM) is None


def test_a_stored_field_cannot_take_the_place_of_the_streams_id() -> None:
    fact = ordinary(STORED[ContactRecorded])
    said = short(fact, changed(fact, contact="0194a000-0000-7000-8000-000000000001"))
    assert said == short(fact)
