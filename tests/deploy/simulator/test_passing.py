"""What was passed on in a made-up history goes on: at once, or once its sender has asked her; others are sent again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from contracts.initiative import load_initiatives
from deploy.simulator.county import County
from deploy.simulator.history import Plan, recorded_of_each
from services.referrals.application.redirecting import SYSTEM
from services.referrals.domain import referral
from services.referrals.domain.consent import Consent
from services.referrals.domain.referral import Referral, ReferralSent
from services.referrals.store.written import Written

INITIATIVES = load_initiatives(Path(__file__).parents[3] / "deploy" / "initiatives")
UNTIL = datetime(2026, 11, 17, 8, tzinfo=UTC)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def streams() -> Mapping[UUID, tuple[list[Written], object]]:
    plans = [Plan(County.of_months(each, 24, UNTIL), 170) for each in INITIATIVES.values()]
    lives = [one for plan in plans for life in recorded_of_each(plan, seed=1) for one in life]
    return {stream.id: (stream.events, stream.state) for one in lives for stream in one.streams}


def sent_of(streams: Mapping[UUID, tuple[list[Written], object]]) -> Mapping[UUID, ReferralSent]:
    return {id: state.sent for id, (_, state) in streams.items() if isinstance(state, Referral)}


def test_r3_what_is_passed_on_is_the_sender_s_and_for_the_same_need(
    streams: Mapping[UUID, tuple[list[Written], object]],
) -> None:
    sent = sent_of(streams)
    children = {id: each for id, each in sent.items() if each.parent}
    assert children
    for id, child in children.items():
        assert child.parent
        parent, redirected = sent[child.parent], streams[child.parent][1]
        assert isinstance(redirected, Referral)
        assert redirected.redirected
        assert redirected.redirected.child == id
        assert (child.from_agency, child.category, child.need) == (parent.from_agency, parent.category, parent.need)
        assert child.to_agency not in {parent.to_agency, parent.from_agency}


def test_r3_it_goes_out_at_once_where_her_consent_covers_it_else_it_waits(
    streams: Mapping[UUID, tuple[list[Written], object]],
) -> None:
    passed = [state for _, state in streams.values() if isinstance(state, Referral) and state.redirected]
    sent = sent_of(streams)
    went: dict[bool, list[tuple[Referral, bool]]] = {True: [], False: []}
    for state in passed:
        assert state.redirected
        went[state.redirected.waiting].append((state, state.redirected.child in sent))
    assert went[False]
    assert all(there for _, there in went[False])
    assert {there for _, there in went[True]} == {True, False}
    assert all(not referral.waits_for_sender(state) for state, there in went[True] if there)
    for state, _ in went[False]:
        assert state.redirected
        first = streams[state.redirected.child][0][0]
        assert (first.envelope.agency, first.envelope.actor) == (state.sent.from_agency, SYSTEM)
        consent = streams[state.sent.consent][1] if state.sent.consent else None
        assert isinstance(consent, Consent)
        assert consent.recorded.recipient is None


def test_some_are_sent_again_in_the_place_of_what_came_to_nothing(
    streams: Mapping[UUID, tuple[list[Written], object]],
) -> None:
    sent = sent_of(streams)
    again = [each for each in sent.values() if each.supersedes]
    assert again
    for each in again:
        first = streams[each.supersedes][1] if each.supersedes else None
        assert isinstance(first, Referral)
        assert first.status in referral.ENDED
        assert (first.sent.from_agency, first.sent.category) == (each.from_agency, each.category)


def test_r4_two_agencies_refer_the_same_woman_for_the_same(
    streams: Mapping[UUID, tuple[list[Written], object]],
) -> None:
    senders: dict[tuple[UUID | None, str], set[str]] = {}
    for events, state in streams.values():
        if isinstance(state, Referral):
            senders.setdefault((events[0].envelope.client_id, state.sent.category), set()).add(state.sent.from_agency)
    assert any(len(agencies) > 1 for agencies in senders.values())
