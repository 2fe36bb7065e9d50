"""For whom not: every figure of the overlay on tables worked by hand, and what stands where one is none."""

from __future__ import annotations

import pytest

from services.measures.domain.counted import Absent, Bounded, Counted, Rate, Share, minus, over
from services.measures.domain.equity import Compared, Overlay, UnknownReference, gap_closure, overlay

PRETERM: dict[str, Counted | None] = {
    "black": Share(60, 400),
    "pacific-islander": Share(30, 250),
    "hispanic": Share(90, 1_000),
    "white": Share(35, 500),
}
EVERYONE = Share(215, 2_150)


def of(found: Overlay, group: str) -> Compared:
    return next(each for each in found.groups if each.group == group)


def bounded(value: Bounded | Absent) -> Bounded:
    assert isinstance(value, Bounded)
    return value


def test_one_group_by_hand() -> None:
    """Preterm births of invented groups, compared with the white group's.

    group              preterm  births  rate
    Black                   60     400  0.15
    Pacific Islander        30     250  0.12
    Hispanic                90   1,000  0.09
    white (reference)       35     500  0.07

    Black:   RD     = 0.15 - 0.07 = 0.08
             RR     = 0.15 / 0.07 = 2.142857
             ln RR  = 0.762140, its variance 1/60 - 1/400 + 1/35 - 1/500 = 0.0407381, the root of that 0.201837
             CI     = exp(0.762140 -+ 1.959964 * 0.201837) = exp(0.366547), exp(1.157733) = 1.442744, 3.182712
             excess = 400 * 0.08 = 32 births that would not have been preterm at the reference's rate
    """
    black = of(overlay(PRETERM, "white", EVERYONE), "black")
    assert bounded(black.difference).value == pytest.approx(0.08)
    ratio = bounded(black.ratio)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((2.142857, 1.442744, 3.182712), rel=1e-5)
    assert black.excess == pytest.approx(32)


def test_difference_by_hand() -> None:
    """The same RD of 0.08, between Wilson's 0.15 (0.118345, 0.188314) and 0.07 (0.050760, 0.095797).

    below = sqrt((0.15 - 0.118345)² + (0.095797 - 0.07)²) = 0.040835, so from 0.039165
    above = sqrt((0.188314 - 0.15)² + (0.07 - 0.050760)²) = 0.042873, so to   0.122873
    """
    difference = bounded(of(overlay(PRETERM, "white", EVERYONE), "black").difference)
    assert (difference.low, difference.high) == pytest.approx((0.039165, 0.122873), abs=2e-6)
    assert not difference.could_be_chance(0)


def test_all_groups_by_hand() -> None:
    """SRR  = mean(0.15, 0.12, 0.09) / 0.07 = 0.12 / 0.07 = 1.714286
    MRD  = 0.15 - 0.07 = 0.08; MRR = 0.15 / 0.07 = 2.142857
    PAR% = (0.10 - 0.07) / 0.10 = 30 %, where everyone's rate is 215 / 2,150 = 0.10
    """
    summary = overlay(PRETERM, "white", EVERYONE).summary
    assert summary.mean_ratio == pytest.approx(1.714286, rel=1e-6)
    assert (summary.difference, summary.ratio) == pytest.approx((0.08, 2.142857), rel=1e-6)
    assert summary.attributable == pytest.approx(0.30)


def test_the_reference_does_not_drift_to_whoever_does_best() -> None:
    """Compared with the Hispanic group: white is 2 points below it (RD -0.02, RR 0.777778, excess -10), and MRD stays.

    SRR = mean(0.15, 0.12, 0.07) / 0.09 = 0.113333 / 0.09 = 1.259259; PAR% = (0.10 - 0.09) / 0.10 = 10 %.
    """
    found = overlay(PRETERM, "hispanic", EVERYONE)
    white = of(found, "white")
    assert (bounded(white.difference).value, bounded(white.ratio).value) == pytest.approx((-0.02, 0.777778), rel=1e-5)
    assert white.excess == pytest.approx(-10)
    assert (found.summary.mean_ratio, found.summary.difference) == pytest.approx((1.259259, 0.08), rel=1e-6)
    assert found.summary.attributable == pytest.approx(0.10)


def test_the_widest_gap_stands_first() -> None:
    assert [each.group for each in overlay(PRETERM, "white", EVERYONE).groups] == [
        "black",
        "pacific-islander",
        "hispanic",
    ]
    assert [each.group for each in overlay(PRETERM, "hispanic", EVERYONE).groups][-1] == "white"


def test_gap_closure_by_hand() -> None:
    """15 against 7 of 100 was a gap of 0.08; 12 against 8 is one of 0.04: 1 - 0.04 / 0.08 = half of it has closed."""
    now: dict[str, Counted | None] = {"black": Share(48, 400), "white": Share(40, 500)}
    before = bounded(of(overlay(PRETERM, "white", EVERYONE), "black").difference).value
    after = bounded(of(overlay(now, "white", Share(88, 900)), "black").difference).value
    assert after == pytest.approx(0.04)
    assert gap_closure(before, after) == pytest.approx(0.5)


def test_a_ratio_can_worsen_while_both_improve() -> None:
    """Why RD and RR are said together: from 16 against 8 (RD 0.08, RR 2) to 9 against 4 of 100 (RD 0.05, RR 2.25).

    Gap closure: 1 - 0.05 / 0.08 = 0.375.
    """
    before = of(overlay({"b": Share(160, 1_000), "w": Share(80, 1_000)}, "w", Share(240, 2_000)), "b")
    now = of(overlay({"b": Share(90, 1_000), "w": Share(40, 1_000)}, "w", Share(130, 2_000)), "b")
    assert (bounded(before.ratio).value, bounded(now.ratio).value) == pytest.approx((2, 2.25))
    assert gap_closure(bounded(before.difference).value, bounded(now.difference).value) == pytest.approx(0.375)


@pytest.mark.parametrize(
    ("before", "now", "closed"),
    [
        (0.08, 0.10, -0.25),
        (0.08, 0.0, 1.0),
        (0.08, -0.04, 1.5),
        (0.0, 0.04, Absent.NOT_DEFINED),
        (0.08, Absent.TOO_FEW, Absent.TOO_FEW),
        (Absent.NO_ONE, 0.04, Absent.NO_ONE),
    ],
)
def test_a_gap_that_widened_vanished_turned_or_was_none(
    before: float | Absent, now: float | Absent, closed: float | Absent
) -> None:
    assert gap_closure(before, now) == (closed if isinstance(closed, Absent) else pytest.approx(closed))


def test_a_rate_by_hand() -> None:
    """12 uncovered days in 40 (hundreds of client-days) against 10 in 100: 0.3 and 0.1, RD 0.2, RR 3.

    ln RR = 1.098612, its variance 1/12 + 1/10 = 0.183333, the root 0.428174; CI exp(0.259406), exp(1.937818) =
    1.296160, 6.943585. Excess: 40 * 0.2 = 8 days.
    """
    found = of(overlay({"a": Rate(12, 40), "b": Rate(10, 100)}, "b", Rate(22, 140)), "a")
    ratio = bounded(found.ratio)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((3, 1.296160, 6.943585), rel=1e-5)
    assert (bounded(found.difference).value, found.excess) == pytest.approx((0.2, 8))


def test_what_could_be_chance_is_told_from_what_could_not() -> None:
    found = of(overlay({"a": Share(12, 100), "b": Share(10, 100)}, "b", None), "a")
    assert bounded(found.difference).could_be_chance(0)
    assert bounded(found.ratio).could_be_chance(1)
    assert not bounded(of(overlay(PRETERM, "white", EVERYONE), "black").ratio).could_be_chance(1)


class TestNoOneToCount:
    def test_a_group_of_nobody_has_no_rate_and_leaves_the_others_alone(self) -> None:
        found = overlay({**PRETERM, "tongan": Share(0, 0)}, "white", EVERYONE)
        nobody = of(found, "tongan")
        assert {nobody.rate, nobody.difference, nobody.ratio, nobody.excess} == {Absent.NO_ONE}
        assert found.groups[-1] is nobody
        assert found.summary == overlay(PRETERM, "white", EVERYONE).summary

    def test_a_reference_of_nobody_compares_with_nothing(self) -> None:
        found = overlay({**PRETERM, "white": Share(0, 0)}, "white", EVERYONE)
        black = of(found, "black")
        assert found.reference_rate is Absent.NO_ONE
        assert {black.difference, black.ratio, black.excess} == {Absent.NO_ONE}
        assert not isinstance(black.rate, Absent)
        assert (found.summary.mean_ratio, found.summary.attributable) == (Absent.NO_ONE, Absent.NO_ONE)

    def test_nobody_at_all(self) -> None:
        found = overlay({"a": Share(0, 0), "b": Share(0, 0)}, "b", Share(0, 0))
        assert {*vars_of(found.summary), found.reference_rate} == {Absent.NO_ONE}

    def test_nothing_is_a_multiple_of_nothing(self) -> None:
        """0 of 50 in the reference is a rate: the difference is said, a ratio is not."""
        found = overlay({"a": Share(5, 50), "b": Share(0, 50)}, "b", Share(5, 100))
        one = of(found, "a")
        assert bounded(one.difference).value == pytest.approx(0.1)
        assert (one.ratio, found.summary.ratio, found.summary.mean_ratio) == (Absent.NOT_DEFINED,) * 3
        assert found.summary.attributable == pytest.approx(1)

    def test_a_ratio_of_nothing_has_no_interval(self) -> None:
        ratio = bounded(of(overlay({"a": Share(0, 50), "b": Share(5, 50)}, "b", None), "a").ratio)
        assert ratio == Bounded(0.0, None, None)
        assert ratio.could_be_chance(1)

    def test_an_overlay_of_one_group(self) -> None:
        found = overlay({"white": Share(35, 500)}, "white", Share(35, 500))
        assert (found.groups, set(vars_of(found.summary))) == ((), {Absent.NO_ONE})


class TestTooFew:
    def test_r24_whatever_follows_from_a_hidden_group_is_hidden(self) -> None:
        found = overlay({**PRETERM, "pacific-islander": None}, "white", EVERYONE)
        hidden = of(found, "pacific-islander")
        assert {hidden.rate, hidden.difference, hidden.ratio, hidden.excess} == {Absent.TOO_FEW}
        assert set(vars_of(found.summary)) == {Absent.TOO_FEW}
        assert bounded(of(found, "black").difference).value == pytest.approx(0.08)

    def test_r24_a_hidden_reference_hides_every_comparison(self) -> None:
        found = overlay({**PRETERM, "white": None}, "white", EVERYONE)
        assert found.reference_rate is Absent.TOO_FEW
        assert {each.difference for each in found.groups} == {Absent.TOO_FEW}

    def test_r24_a_hidden_total_hides_what_is_a_part_of_it(self) -> None:
        summary = overlay(PRETERM, "white", None).summary
        assert summary.attributable is Absent.TOO_FEW
        assert summary.difference == pytest.approx(0.08)


def test_a_reference_that_is_no_group_is_refused() -> None:
    with pytest.raises(UnknownReference):
        overlay(PRETERM, "best", EVERYONE)


def test_what_is_none_stays_none() -> None:
    assert (minus(Absent.NO_ONE, 1.0), minus(1.0, Absent.TOO_FEW), minus(3.0, 1.0)) == (
        Absent.NO_ONE,
        Absent.TOO_FEW,
        2.0,
    )
    assert (over(Absent.NO_ONE, 0.0), over(0.0, Absent.TOO_FEW), over(0.0, 0.0)) == (
        Absent.NO_ONE,
        Absent.TOO_FEW,
        Absent.NOT_DEFINED,
    )


def vars_of(summary: object) -> list[object]:
    return [getattr(summary, name) for name in ("mean_ratio", "difference", "ratio", "attributable")]
