"""What hides a cell by itself: few clients, few agencies, one behind nearly all; of sensitive measures none and all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta

import pytest

from services.measures.definitions import CATALOGUE, find
from services.measures.domain.behind import Behind
from services.measures.domain.exposure import Exposure
from services.measures.domain.figure import figure_of
from services.measures.domain.incidence import End, Wait
from services.measures.domain.measure import AsOf, Definition, Rule, Size, Standing, Unit
from services.measures.domain.pieces import LATER, OPEN, OTHER, OTHERWISE, Pieces, cut, detail, piece_of
from services.measures.domain.row import Part, Row
from services.measures.domain.tally import Hers, Tally
from tests.measures.published import START

SHARE = CATALOGUE["response_rate"]
AGENCIES = ("a", "b", "c")


def row(definition: Definition, units: Sequence[tuple[int, Unit]], *, sensitive: bool = False) -> Row:
    tally = Tally()
    for client, unit in units:
        tally.take(str(client), Hers.of((unit,)))
    return Row.of(tally, figure_of(tally, definition, AsOf(START, UTC)), sensitive=sensitive)


def unit(standing: Standing, *agencies: str, size: Size | None = None) -> Unit:
    return Unit(START, Rule("r", standing, "r"), agencies=agencies, size=size)


def shares(of_each: Sequence[int], unmet: int = 0) -> Row:
    """Units met by agency, each of a client of its own, and as many unmet by all in turn."""
    met = [unit(Standing.MET, AGENCIES[place]) for place, count in enumerate(of_each) for _ in range(count)]
    other = [unit(Standing.UNMET, AGENCIES[number % 3]) for number in range(unmet)]
    return row(SHARE, list(enumerate(met + other)))


@pytest.mark.parametrize(
    ("of_each", "hidden"),
    [((40, 5, 5), False), ((41, 5, 4), True), ((25, 25), True), ((50,), True), ((17, 17, 16), False)],
)
def test_three_agencies_and_none_nearly_alone(of_each: Sequence[int], hidden: bool) -> None:  # noqa: FBT001 - a table
    assert shares(of_each).is_small(Part.RATE) is hidden


def test_the_complement_rests_on_agencies_too() -> None:
    few = [unit(Standing.UNMET, "a") for _ in range(30)]
    met = [unit(Standing.MET, AGENCIES[number % 3]) for number in range(30)]
    assert row(SHARE, list(enumerate(met + few))).is_small(Part.RATE)
    assert not shares((10, 10, 10), unmet=30).is_small(Part.RATE)


def test_what_is_missing_rests_on_agencies_too() -> None:
    lost = [unit(Standing.MISSING, "a") for _ in range(20)]
    assert row(SHARE, list(enumerate(lost))).is_small(Part.MISSING)
    spread = [unit(Standing.MISSING, AGENCIES[number % 3]) for number in range(20)]
    assert not row(SHARE, list(enumerate(spread))).is_small(Part.MISSING)


def test_who_says_no_agency_is_nobody() -> None:
    assert row(SHARE, [(number, unit(Standing.MET)) for number in range(50)]).is_small(Part.RATE)
    assert Behind().is_one_agencys is False


@pytest.mark.parametrize(("met", "unmet"), [(30, 0), (0, 30), (0, 0)])
def test_a_sensitive_measure_hides_none_and_all(met: int, unmet: int) -> None:
    units = [unit(Standing.MET, AGENCIES[number % 3]) for number in range(met)]
    units += [unit(Standing.UNMET, AGENCIES[number % 3]) for number in range(unmet)]
    assert row(SHARE, list(enumerate(units)), sensitive=True).is_small(Part.RATE)
    assert not row(SHARE, list(enumerate(units))).is_small(Part.RATE)


def test_a_rest_is_what_is_left() -> None:
    whole, some = shares((20, 20, 20), unmet=30), shares((20, 0, 0))
    assert (whole - some).numerator == 40
    assert (whole - some).is_small(Part.RATE)  # two agencies are left


def exposed(clients: int, events: int) -> Row:
    rate = find("contact_dose")
    units = [(n, unit(Standing.MET, AGENCIES[n % 3], size=Exposure(events, 30))) for n in range(clients)]
    return row(rate, units)


def test_events_rest_on_clients() -> None:
    assert not exposed(11, 2).is_small(Part.RATE)
    assert exposed(10, 2).is_small(Part.RATE)
    assert not exposed(30, 0).is_small(Part.RATE)
    assert exposed(4, 0).is_small(Part.RATE)
    rate = find("contact_dose")
    one = [(n, unit(Standing.MET, AGENCIES[n % 3], size=Exposure(40 if n == 0 else 0, 30))) for n in range(40)]
    assert row(rate, one).is_small(Part.RATE)


# ---- pieces


def pieces(definition: Definition, found: Sequence[tuple[str, int]]) -> Pieces:
    made = Pieces()
    for name, count in found:
        for number in range(count):
            made.add(f"{name}-{number}", name, unit(Standing.MET, AGENCIES[number % 3]))
    return made


def test_small_kinds_of_a_mix_are_put_together() -> None:
    mix = find("outcome_mix")
    whole = pieces(
        mix, [("connected", 50), ("expired", 30), ("redirected", 5), ("client_reason", 4), ("still_open", 20)]
    )
    made = cut(mix, whole, sensitive=False)
    assert made.names[OTHER] == ("client_reason", "redirected", "still_open")
    assert {"connected", "expired"} < set(made.names)
    assert all(not piece.is_small(sensitive=False) for piece in whole.put_together(made.names).values())


def test_a_bracket_that_is_small_goes_to_its_neighbour() -> None:
    course = find("time_to_acceptance")
    whole = pieces(course, [("2", 3), ("7", 40), (LATER, 30), (OTHERWISE, 20), (OPEN, 15)])
    made = cut(course, whole, sensitive=False)
    assert made.definition.marks == (7.0,)
    assert {name: piece.units for name, piece in whole.put_together(made.names).items()} == {
        "7": 43, LATER: 30, OTHERWISE: 20, OPEN: 15,
    }  # fmt: skip


def test_bands_that_are_small_at_the_end() -> None:
    bands = find("agencies_per_client")
    whole = pieces(bands, [("up to 1", 40), ("2", 30), ("3", 6), ("4+", 2)])
    made = cut(bands, whole, sensitive=False)
    assert {name: piece.units for name, piece in whole.put_together(made.names).items()} == {"up to 1": 40, "2+": 38}


@pytest.mark.parametrize(
    ("days", "end", "piece"),
    [
        (2, End.REACHED, "2"),
        (2.1, End.REACHED, "7"),
        (8, End.REACHED, LATER),
        (1, End.OTHERWISE, OTHERWISE),
        (9, End.WATCHED, OPEN),
    ],
)
def test_a_wait_is_of_one_piece(days: float, end: End, piece: str) -> None:
    wait = Wait(timedelta(days=days), end)
    assert piece_of(find("time_to_acceptance"), unit(Standing.MET, size=wait)) == piece


def test_what_is_said_of_pieces_adds_up() -> None:
    bands = find("agencies_per_client")
    tally, made = Tally(), Pieces()
    for number in range(40):
        one = unit(Standing.MET, *AGENCIES[: 1 + number % 3], size=1 + number % 3)
        tally.take(str(number), Hers.of((one,)))
        made.add(str(number), piece_of(bands, one) or "", one)
    whole = cut(bands, made, sensitive=False)
    said = detail(figure_of(tally, whole.definition, AsOf(START, UTC)), whole)
    assert said is not None
    assert sum(said["spread"]["bands"].values()) == 40
    assert said["spread"]["mean"] == 1.975
