"""How soon something is reached: a curve by hand, and where nothing can be said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.measures.domain.incidence import End, Incidence, Wait
from services.measures.domain.interval import Estimate, wilson

REACHED, OTHERWISE, WATCHED = End
HAND = [(1, REACHED), (2, WATCHED), (2, OTHERWISE), (3, REACHED), (4, REACHED), (5, WATCHED)]

waits = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(End)), max_size=40)


def curve(of: list[tuple[int, End]]) -> Incidence:
    return Incidence.of(Wait(timedelta(days=days), end) for days, end in of)


def found(estimate: Estimate | None) -> Estimate:
    assert estimate is not None
    return estimate


@pytest.mark.parametrize(("days", "share"), [(0, 0.0), (1, 1 / 6), (2, 1 / 6), (3, 7 / 18), (4, 11 / 18), (5, 11 / 18)])
def test_by_hand(days: int, share: float) -> None:
    """Six referrals: accepted after 1, 3 and 4 days, declined after 2, two still open, seen for 2 and for 5 days.

    day  at risk  free before  accepted  share accepted
      1        6            1         1  1/6
      2        5          5/6         0  1/6                        declined 1, free 5/6 * 4/5 = 4/6; watched 1
      3        3          4/6         1  1/6 + 4/6 * 1/3 = 7/18     free 4/6 * 2/3 = 4/9
      4        2          4/9         1  7/18 + 4/9 * 1/2 = 11/18
    """
    assert found(curve(HAND).by(timedelta(days=days))).value == pytest.approx(share)


def test_its_order_says_nothing() -> None:
    assert curve(HAND) == curve(HAND[::-1])


def test_median_and_p90() -> None:
    """Of all, half were accepted within 4 days and 90 % never; of the three accepted, the second took 3, the last 4."""
    found = curve(HAND)
    assert (found.quantile(0.5), found.quantile(0.9)) == (timedelta(days=4), None)
    assert (found.of_reached(0.5), found.of_reached(0.9)) == (timedelta(days=3), timedelta(days=4))
    assert (found.reached, found.otherwise, found.watched, found.unresolved) == (3, 1, 2, 2 / 6)


def test_declined_is_not_waiting() -> None:
    """Nine of ten declined at once: one in ten was accepted, not all of those that were left."""
    assert found(curve([(0, OTHERWISE)] * 9 + [(3, REACHED)]).by(timedelta(days=3))).value == pytest.approx(0.1)


def test_no_one_to_count() -> None:
    nobody = curve([])
    assert (nobody.by(timedelta(days=2)), nobody.unresolved) == (None, None)
    assert (nobody.quantile(0.5), nobody.of_reached(0.5)) == (None, None)


def test_beyond_what_anyone_was_watched_nothing_is_said() -> None:
    assert curve([(1, REACHED), (5, WATCHED)]).by(timedelta(days=5, seconds=1)) is None
    assert found(curve([(1, REACHED), (5, OTHERWISE)]).by(timedelta(days=400))).value == 0.5


def test_no_wait_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        curve([(-1, REACHED)])


@given(waits.filter(lambda all_: all(end is not WATCHED for _, end in all_)), st.integers(0, 12))
def test_where_nothing_is_open_it_is_the_plain_share(all_: list[tuple[int, End]], days: int) -> None:
    plain = wilson(sum(end is REACHED and lasted <= days for lasted, end in all_), len(all_))
    share = curve(all_).by(timedelta(days=days))
    assert (share is None) == (plain is None)
    if share and plain:
        assert (share.value, share.low, share.high) == pytest.approx((plain.value, plain.low, plain.high), abs=1e-9)
        assert share.unstable == plain.unstable


@given(waits)
def test_it_rises_and_stays_within_what_can_be(all_: list[tuple[int, End]]) -> None:
    incidence = curve(all_)
    shares = [share for day in range(13) if (share := incidence.by(timedelta(days=day)))]
    assert all(0 <= share.low <= share.value + 1e-9 and share.value - 1e-9 <= share.high <= 1 for share in shares)
    assert [share.value for share in shares] == sorted(share.value for share in shares)
    assert incidence.units == len(all_)


def test_who_is_not_known_of_makes_it_less_sure() -> None:
    """50 of 100 accepted on day 1; where half of the others were never watched after it, less is known of day 9."""
    whole = found(curve([(1, REACHED)] * 50 + [(2, REACHED)] * 20 + [(9, WATCHED)] * 30).by(timedelta(days=9)))
    partly = [(1, REACHED)] * 50 + [(1, WATCHED)] * 25 + [(2, REACHED)] * 10 + [(9, WATCHED)] * 15
    less = found(curve(partly).by(timedelta(days=9)))
    assert (whole.value, less.value) == pytest.approx((0.7, 0.7))
    assert less.high - less.low > whole.high - whole.low


def test_unsteady_on_few() -> None:
    """Twenty accepted of forty; with one of the others seen too short, nineteen are left of whom it is known."""
    steady = [(1, REACHED)] * 20 + [(9, WATCHED)] * 20
    assert not found(curve(steady).by(timedelta(days=9))).unstable
    assert found(curve([*steady[:-1], (2, WATCHED)]).by(timedelta(days=9))).unstable
