"""What follows from shown counts: worked by hand, and nothing from what is hidden."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from services.measures.api.changes import changes, direction_of
from services.measures.api.compared import compared, counted_of
from services.measures.api.csv_table import written
from services.measures.api.said import Unit, estimate_of, gaps_of, of_100
from services.measures.api.shapes import FigureRow, Figures, MeasureShown
from services.measures.definitions import find
from services.measures.domain.counted import Absent, Share
from services.measures.domain.measure import By, Direction, Kind
from services.measures.domain.row import Shown
from services.measures.releases.ledger import MeasureOf

ROWS = {
    "black": Share(77, 148),  # 52.03 of 100
    "asian": Share(106, 174),  # 60.92
    "white": Share(157, 231),  # 67.97
    "not_known": Share(10, 90),
}
ALL = Share(340, 553)


def test_a_gap_is_points_behind_the_reference_the_widest_first() -> None:
    found = gaps_of(ROWS, "white", ALL, Direction.MORE)
    assert found is not None
    assert [gap.label for gap in found.groups] == ["black", "asian"]
    black = found.groups[0]
    assert black.difference is not None
    # 52.03 - 67.97; Newcombe's interval from Wilson's 44.0..59.9 and 61.7..73.6
    assert (black.difference.value, black.difference.low, black.difference.high) == (-15.9, -25.7, -5.9)
    assert black.difference.chance is False
    assert black.behind is True
    assert black.excess == -23.6  # 148 x -0.1594
    assert found.highest_less_lowest == 15.9
    assert found.mean_ratio == 0.83  # (0.5203 + 0.6092) / 2 / 0.6797


@pytest.mark.parametrize(("direction", "behind"), [(Direction.FEWER, False), (Direction.NEUTRAL, None)])
def test_which_side_is_behind_is_the_measures_direction(direction: Direction, behind: bool | None) -> None:
    found = gaps_of(ROWS, "white", ALL, direction)
    assert found is not None
    assert found.groups[0].behind is behind


def test_a_gap_that_can_be_none_could_be_chance() -> None:
    found = gaps_of({"a": Share(30, 60), "white": Share(33, 60)}, "white", None, Direction.MORE)
    assert found is not None
    assert found.groups[0].difference is not None
    assert found.groups[0].difference.chance is True


def test_nothing_follows_from_a_hidden_cell() -> None:
    found = gaps_of({**ROWS, "asian": None}, "white", ALL, Direction.MORE)
    assert found is not None
    asian = next(gap for gap in found.groups if gap.label == "asian")
    assert (asian.difference, asian.ratio, asian.excess, asian.absent) == (None, None, None, Absent.TOO_FEW)
    assert (found.mean_ratio, found.highest_less_lowest, found.attributable) == (None, None, None)
    hidden = gaps_of({**ROWS, "white": None}, "white", ALL, Direction.MORE)
    assert hidden is not None
    assert {gap.absent for gap in hidden.groups} == {Absent.TOO_FEW}


def test_no_one_to_count_is_no_share() -> None:
    found = gaps_of({"a": Share(0, 0), "white": Share(30, 60)}, "white", None, Direction.MORE)
    assert found is not None
    assert (found.groups[0].difference, found.groups[0].absent) == (None, Absent.NO_ONE)
    assert estimate_of(0, 0) is None
    assert estimate_of(None, 100) is None


def test_without_a_reference_there_is_no_gap() -> None:
    assert gaps_of(ROWS, None, ALL, Direction.MORE) is None
    assert gaps_of(ROWS, "purple", ALL, Direction.MORE) is None
    assert gaps_of({"not_known": Share(1, 2)}, "not_known", None, Direction.MORE) is None


def test_a_share_is_said_of_every_hundred() -> None:
    found = estimate_of(77, 148)
    assert found is not None
    assert (of_100(found.low), of_100(found.high), found.unstable) == (44.0, 59.9, False)


class TestChanges:
    """A change is the difference of two shown shares; a gap closes by the difference of two differences."""

    NOW: ClassVar = {"black": Share(77, 148), "white": Share(157, 231), "asian": None, "none": Share(0, 0)}
    BEFORE: ClassVar = {"black": Share(60, 148), "white": Share(157, 231), "asian": Share(30, 60), "none": Share(0, 0)}

    def test_a_change_has_the_interval_of_a_difference(self) -> None:
        black, white, *_ = changes((self.NOW, self.BEFORE), "white", apart=True)
        assert black.points is not None
        # 52.03 - 40.54; Wilson 44.0..59.9 and 33.0..48.6
        assert (black.points.value, black.points.chance) == (11.5, False)
        assert black.points.low is not None
        assert 0 < black.points.low < 11.5
        # the gap was 67.97 - 40.54 = 27.43 and is 15.94: 42 of every 100 of it have closed
        assert black.closed == 41.9
        # -15.94 (-25.7..-5.9) less -27.43 (-36.6..-17.2), each end sqrt of both squared
        assert black.gap is not None
        assert (black.gap.value, black.gap.chance) == (11.5, True)
        assert black.gap.low is not None
        assert -4 < black.gap.low < 0
        assert white.points is not None
        assert (white.points.value, white.points.chance, white.closed) == (0, True, None)
        assert white.gap is None, "it is the reference"

    def test_a_gap_that_closed_for_sure_is_no_chance(self) -> None:
        now, before = ({"a": Share(each, 4_000), "b": Share(2_800, 4_000)} for each in (2_700, 2_000))
        first, _ = changes((now, before), "b", apart=True)
        assert first.gap is not None
        assert (first.gap.value, first.gap.chance) == (17.5, False)

    def test_where_the_same_people_may_be_in_both_no_interval_is_said(self) -> None:
        black, *_ = changes((self.NOW, self.BEFORE), "white", apart=False)
        assert black.points is not None
        assert (black.points.value, black.points.low, black.points.high, black.points.chance) == (
            11.5,
            None,
            None,
            True,
        )
        assert black.gap is not None
        assert (black.gap.value, black.gap.low, black.gap.high, black.gap.chance) == (11.5, None, None, True)

    def test_nothing_follows_from_a_hidden_cell(self) -> None:
        *_, asian, none = changes((self.NOW, self.BEFORE), "white", apart=True)
        assert (asian.points, asian.closed, asian.absent) == (None, None, Absent.TOO_FEW)
        assert (none.points, none.absent) == (None, Absent.NO_ONE)
        black, *_ = changes((self.NOW, {**self.BEFORE, "white": None}), "white", apart=True)
        assert (black.closed, black.gap) == (None, None)

    def test_a_row_of_one_release_alone_has_no_change(self) -> None:
        assert changes(({"new": Share(1, 2)}, {}), None, apart=True) == []


@pytest.mark.parametrize(
    ("measure", "before", "now", "way"),
    [
        ("response_rate", (50, 100), (51, 100), "more"),
        ("response_rate", (50, 100), (60, 121), "fewer"),
        ("response_rate", (50, 100), (60, 120), "same"),
        ("response_rate", (0, 0), (60, 120), None),
        ("response_rate", (None, None), (60, 120), None),
        ("clients_reached", (50, None), (49, None), "fewer"),
        ("uncovered_days", (50, 100), (51, 100), None),
        ("outcome_mix", (50, 100), (51, 100), None),
    ],
)
def test_which_way_a_total_went_between_two_releases_of_one_time(
    measure: str, before: tuple[int | None, int | None], now: tuple[int | None, int | None], way: str | None
) -> None:
    frozen = MeasureOf(measure, 1, "t", "u", "d", "n", counts_clients=False, by=(By.NONE,), cells_sha256="")
    assert direction_of(frozen, *(Shown(*total, 0, 0, 0) for total in (before, now))) == way


def rate(value: float, low: float, high: float, days: int) -> Shown:
    said = {"value": value, "low": low, "high": high, "unstable": False, "per": 30}
    return Shown(round(value * days / 30), days, 0, 0, 0, detail={"rate": said})


def course(seven: float, thirty: float | None) -> Shown:
    within = {"7.0": {"value": seven, "low": seven - 0.1, "high": seven + 0.1, "unstable": False}}
    within["30.0"] = thirty and within["7.0"] | {"value": thirty, "low": thirty - 0.1, "high": thirty + 0.1}  # type: ignore[assignment]
    return Shown(50, 100, 0, 0, 0, detail={"course": {"within": within}})


def test_which_way_a_rate_and_a_time_went() -> None:
    def way(measure: str, before: Shown, now: Shown) -> str | None:
        return direction_of(
            MeasureOf(measure, 1, "t", "u", "d", "n", counts_clients=False, by=(), cells_sha256=""), before, now
        )

    assert way("uncovered_days", rate(2.0, 1.5, 2.6, 3_000), rate(1.9, 1.5, 2.6, 9_000)) == "fewer"
    assert way("time_to_acceptance", course(0.2, 0.5), course(0.1, 0.6)) == "more", "by the last mark"
    assert way("time_to_acceptance", course(0.2, 0.5), course(0.2, None)) is None
    assert way("uncovered_days", rate(2.0, 1.5, 2.6, 3_000), Shown(None, None, 0, 0, 0)) is None


def test_the_change_of_a_rate_and_how_much_of_its_gap_has_closed() -> None:
    per_month, days = Unit(per=30), 3_000
    before = {"en": rate(2.0, 1.6, 2.4, days), "es": rate(1.0, 0.7, 1.3, days), "hmn": Shown(None, None, 0, 0, 0)}
    now = {"en": rate(2.0, 1.6, 2.4, days), "es": rate(1.4, 1.0, 1.8, days), "hmn": rate(1.0, 0.7, 1.3, days)}
    tables = [{label: counted_of(row, Kind.RATE, per_month) for label, row in each.items()} for each in (now, before)]
    english, spanish, hmong = changes((tables[0], tables[1]), "en", per_month, apart=True)
    assert spanish.points is not None
    # 1.4 - 1.0, less sqrt(0.4^2 + 0.3^2) and more by as much
    assert (spanish.points.value, spanish.points.low, spanish.points.high) == (0.4, -0.1, 0.9)
    assert (spanish.points.chance, spanish.closed) == (True, 40.0)  # the gap was 1.0 and is 0.6
    assert (english.closed, hmong.points, hmong.absent) == (None, None, Absent.TOO_FEW)


def test_the_change_of_a_time_is_of_those_reached_by_the_last_mark() -> None:
    unit = Unit(within_days=30)
    before, now = {"a": course(0.1, 0.5), "b": course(0.4, 0.3)}, {"a": course(0.1, 0.5), "b": course(0.2, 0.4)}
    tables = [{label: counted_of(row, Kind.TIME, unit) for label, row in each.items()} for each in (now, before)]
    _, other = changes((tables[0], tables[1]), "a", unit, apart=True)
    assert other.points is not None
    assert (other.points.value, other.closed) == (10.0, 50.0)


def test_groups_are_compared_by_a_rate_of_so_many_days() -> None:
    rows = [("en", rate(2.0, 1.5, 2.6, 3_000)), ("es", rate(1.0, 0.7, 1.4, 6_000)), ("hmn", Shown(None, None, 0, 0, 0))]
    found = compared([*rows, ("pa", Shown(0, 0, 0, 0, 0))], rate(1.3, 1, 1.6, 9_000), (Kind.RATE, Direction.MORE), "en")
    assert found is not None
    assert (found.per_days, found.within_days, found.highest_less_lowest) == (30, None, None), "one is hidden"
    spanish, punjabi, hmong = (next(gap for gap in found.groups if gap.label == each) for each in ("es", "pa", "hmn"))
    assert spanish.difference is not None
    assert spanish.ratio is not None
    # -1 less sqrt(0.3^2 + 0.6^2), and more by sqrt(0.4^2 + 0.5^2)
    assert (spanish.difference.value, spanish.difference.low, spanish.difference.high) == (-1.0, -1.67, -0.36)
    # 0.5 x exp(+-1.96 x sqrt(0.1768^2 + 0.1403^2)): by the widths of the logarithms of both intervals
    assert (spanish.ratio.value, spanish.ratio.low, spanish.ratio.high) == (0.5, 0.32, 0.78)
    assert (spanish.excess, spanish.behind) == (-200.0, True)  # 6000 / 30 x -1
    assert (punjabi.absent, hmong.absent) == (Absent.NO_ONE, Absent.TOO_FEW)


def test_groups_are_compared_by_what_had_been_reached_by_the_last_mark() -> None:
    rows = [("a", course(0.1, 0.5)), ("b", course(0.2, 0.4)), ("c", course(0.2, None))]
    found = compared(rows, course(0.1, 0.4), (Kind.TIME, Direction.MORE), "a")
    assert found is not None
    assert (found.per_days, found.within_days) == (None, 30)
    assert [(gap.label, gap.difference and gap.difference.value, gap.excess) for gap in found.groups] == [
        ("b", -10.0, -10.0),
        ("c", None, None),
    ]


@pytest.mark.parametrize("kind", [Kind.CLIENTS, Kind.MIX, Kind.DISTRIBUTION])
def test_what_has_no_one_rate_is_not_compared(kind: Kind) -> None:
    rows = [("a", Shown(50, 100, 0, 0, 0)), ("b", Shown(60, 100, 0, 0, 0))]
    assert compared(rows, Shown(110, 200, 0, 0, 0), (kind, Direction.MORE), "a") is None
    assert compared(rows, Shown(110, 200, 0, 0, 0), (Kind.PROPORTION, Direction.MORE), "a") is not None
    hidden = Shown(None, None, 0, 0, 0)
    assert compared(rows, hidden, (Kind.RATE, Direction.MORE), "a") is None, "in what it is said is not known"


def test_what_falls_into_pieces_is_shares_with_intervals() -> None:
    mixed = FigureRow.of("", Shown(100, 100, 0, 0, 0, detail={"shares": {"connected": 77, "other": 23}}), Kind.MIX)
    assert mixed.pieces is not None
    assert {name: round(each.value, 2) for name, each in mixed.pieces.items()} == {"connected": 0.77, "other": 0.23}
    connected = mixed.pieces["connected"]
    assert (round(connected.low, 3), round(connected.high, 3)) == (0.678, 0.842)  # Wilson
    spread = {"mean": 1, "median": 1, "p90": 2, "bands": {"up to 1": 30, "2+": 10}}
    banded = FigureRow.of("", Shown(40, 50, 0, 0, 0, detail={"spread": spread}), Kind.DISTRIBUTION)
    assert banded.pieces is not None
    assert banded.pieces["up to 1"].value == 0.75
    for row in (Shown(None, None, 0, 0, 0), Shown(40, 50, 0, 0, 0, detail={"quality": {"agencies": 3}})):
        assert FigureRow.of("", row, Kind.MIX).pieces is None


class TestCsv:
    """What a CSV says in words is in the language asked for; it rounds no few to none and no most to all."""

    HIDDEN: ClassVar = Shown(None, None, None, 0, 0)

    def table(self, language: str | None, *rows: Shown) -> list[list[str]]:
        shown = [FigureRow.of("es", row, Kind.PROPORTION) for row in rows]
        total = FigureRow.of("", self.HIDDEN, Kind.PROPORTION)
        about = {"name": "2026.1", "cutoff": datetime(2026, 1, 1, tzinfo=UTC), "by": By.LANGUAGE, "total": total}
        made: Any = {**about, "rows": shown, "measure": MeasureShown.defined(find("response_rate"))}
        return list(csv.reader(written(Figures.model_construct(**made), language).splitlines()))

    @pytest.mark.parametrize(("language", "few"), [("es", "muy pocos para mostrar"), ("en", "too few to show")])
    def test_a_hidden_mean_is_too_few_and_that_of_nobody_is_empty(self, language: str, few: str) -> None:
        hidden = {"mean": None, "median": 1.0, "p90": None, "bands": {"up to 1": 76, "2+": 14}}
        nobody = {"mean": None, "median": None, "p90": None, "bands": {"up to 1": 0, "2+": 0}}
        shown = [Shown(90, 90, 0, 0, 0, detail={"spread": hidden}), Shown(0, 0, 0, 0, 0, detail={"spread": nobody})]
        head, some, none, total = self.table(language, *shown)
        places = [head.index(f"spread.{name}") for name in ("mean", "median", "p90", "bands.2+")]
        assert [some[place] for place in places] == [few, "1.0", few, "14"]
        assert [none[place] for place in places] == ["", "", "", "0"]
        assert [total[place] for place in places] == [few] * 4

    @pytest.mark.parametrize(
        ("language", "few", "under", "over"),
        [
            ("es", "muy pocos para mostrar", "menos de 1", "más de 99"),
            *((each, "too few to show", "under 1", "over 99") for each in ("en", None, "vi")),
        ],
    )
    def test_words_are_in_the_language_asked_for(self, language: str | None, few: str, under: str, over: str) -> None:
        some, most = Shown(11, 7000, 0, 0, 0), Shown(6989, 7000, 0, 0, 0)
        head, *rows, total = self.table(language, some, most, Shown(0, 7000, 0, 0, 0), Shown(7000, 7000, 0, 0, 0))
        percent = head.index("percent")
        assert [row[percent] for row in rows] == [under, over, "0", "100"]
        assert total[5:10] == [few] * 5
        assert total[4] == "total", "codes are the same in every language"
