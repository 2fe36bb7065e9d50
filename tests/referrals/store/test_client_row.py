"""A client has a row in the index once her outreach was paused: lists leave out what needs her while it is (R5)."""

import pytest

from services.referrals.domain.client import ClientRegistered, OutreachPaused, OutreachResumed
from services.referrals.domain.fact import Fact
from tests.referrals.store.commits import CLINIC, Story

REGISTERED, PAUSED, RESUMED = ClientRegistered(), OutreachPaused(), OutreachResumed()


@pytest.mark.parametrize(
    ("told", "states"),
    [
        ((REGISTERED,), []),
        ((REGISTERED, PAUSED), ["paused"]),
        ((REGISTERED, PAUSED, RESUMED), ["open"]),
        ((REGISTERED, PAUSED, RESUMED, PAUSED), ["paused"]),
    ],
)
def test_r5_she_has_a_row_from_her_first_pause_on(told: tuple[Fact, ...], states: list[str]) -> None:
    story = Story()
    for fact in told:
        story.tell(story.client, fact, CLINIC)
    rows = story.row(story.client)
    assert [(row.kind, row.id, row.state, row.waits_for, row.fires) for row in rows] == [
        ("client", story.client, state, None, None) for state in states
    ]
