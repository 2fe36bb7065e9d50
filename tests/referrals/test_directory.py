"""The directory finds agencies and services, and R15 says when a step is due."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from contracts.initiative import load_initiatives
from contracts.vocabulary import Category
from services.referrals.directory import Directory, NotInDirectory, Stage

FRESNO = "fresno-ptbi"
HERE = ZoneInfo("America/Los_Angeles")


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory(load_initiatives(Path(__file__).parents[2] / "deploy" / "initiatives"))


def local(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=HERE)


def test_it_finds_an_agency_and_its_service(directory: Directory) -> None:
    assert directory.agency(FRESNO, "example-doula-network").name == "Example Doula Network"
    assert directory.service(FRESNO, "example-doula-network", "doula-network-birth-support").category == "doula"
    assert directory.name_of(FRESNO, "stub-abc") == "stub-abc"


def test_nothing_crosses_an_initiative(directory: Directory) -> None:
    with pytest.raises(NotInDirectory, match="agency"):
        directory.agency(FRESNO, "example-bay-clinic")


def test_nothing_crosses_an_agency(directory: Directory) -> None:
    with pytest.raises(NotInDirectory, match="service"):
        directory.service(FRESNO, "example-doula-network", "food-pantry-boxes")


def test_an_unknown_initiative_is_said_so(directory: Directory) -> None:
    with pytest.raises(NotInDirectory, match="initiative"):
        directory.due("nowhere", Stage.ANSWER, local(2026, 11, 17))


def test_services_by_category_and_language(directory: Directory) -> None:
    found = [(a.id, s.id) for a, s in directory.services(FRESNO, category=Category.HOME_VISITING, language="hmn")]
    assert found == [
        ("sample-county-chw-hub", "chw-hub-care-coordination"),
        ("specimen-family-center", "family-center-home-visits"),
        ("example-family-house", "family-house-home-visits"),
    ]
    assert not list(directory.services(FRESNO, category=Category.HOME_VISITING, language="fr"))


@pytest.mark.parametrize(
    ("stage", "since", "due"),
    [
        (Stage.ANSWER, local(2026, 11, 17), local(2026, 11, 24, 17, 0)),
        (Stage.ANSWER, local(2026, 11, 6), local(2026, 11, 13, 17, 0)),
        (Stage.ANSWER, local(2026, 11, 7), local(2026, 11, 16, 17, 0)),  # the 14th is a Saturday: Monday
        (Stage.ANSWER, local(2026, 11, 19), local(2026, 11, 30, 17, 0)),  # Thanksgiving and the day after: Monday
        (Stage.ANSWER, local(2026, 3, 2), local(2026, 3, 9, 17, 0)),  # clocks go forward on 8 March 2026
        (Stage.ANSWER, local(2026, 10, 27), local(2026, 11, 3, 17, 0)),  # clocks go back on 1 November 2026
        (Stage.ANSWER, local(2028, 2, 22), local(2028, 2, 29, 17, 0)),  # a leap day
        (Stage.ANSWER, local(2027, 12, 27), local(2028, 1, 3, 17, 0)),
        (Stage.HANDOFF_OFFER, local(2026, 11, 17), local(2026, 11, 20, 17, 0)),
        (Stage.HANDOFF_OFFER, local(2026, 11, 20), local(2026, 11, 25, 17, 0)),
        (Stage.HANDOFF_OFFER, local(2026, 11, 25), local(2026, 12, 2, 17, 0)),  # over Thanksgiving
        (Stage.HANDOFF_OFFER, local(2028, 2, 25), local(2028, 3, 1, 17, 0)),  # over a leap day
        (Stage.CLAIM, local(2026, 3, 6), local(2026, 3, 9, 17, 0)),  # Friday to Monday over the clock change
        (Stage.ACKNOWLEDGE, local(2026, 11, 17), local(2026, 11, 24, 17, 0)),
        (Stage.HANDOFF_CONTACT, local(2026, 11, 3), local(2026, 11, 17, 17, 0)),
        (Stage.CONFIRM_CANCELLATION, local(2026, 11, 4), local(2026, 11, 12, 17, 0)),  # the 11th is Veterans Day
        (Stage.WAITLIST_REVIEW, local(2026, 11, 17), local(2026, 12, 17, 17, 0)),
    ],
)
def test_r15_due_at_the_end_of_the_working_day_of_its_last_day(
    directory: Directory, stage: Stage, since: datetime, due: datetime
) -> None:
    assert directory.due(FRESNO, stage, since.astimezone(UTC)) == due


def test_r15_the_local_day_counts_not_the_utc_day(directory: Directory) -> None:
    evening = datetime(2026, 11, 18, 4, 30, tzinfo=UTC)  # still Tuesday 17 November in Fresno
    assert directory.local_date(FRESNO, evening) == date(2026, 11, 17)
    assert directory.due(FRESNO, Stage.ANSWER, evening) == local(2026, 11, 24, 17, 0)


def test_r15_a_category_may_take_another_time_and_the_others_do_not(directory: Directory) -> None:
    since, safety = local(2026, 11, 17), Category.INTIMATE_PARTNER_VIOLENCE
    assert directory.due(FRESNO, Stage.ANSWER, since, category=safety) == local(2026, 11, 19, 17, 0)
    assert directory.due(FRESNO, Stage.ANSWER, since, category=Category.DOULA) == local(2026, 11, 24, 17, 0)
    assert directory.due(FRESNO, Stage.ANSWER, since) == local(2026, 11, 24, 17, 0)
    assert directory.due(FRESNO, Stage.ACKNOWLEDGE, since, category=safety) == local(2026, 11, 24, 17, 0)
    assert directory.expires(FRESNO, since, safety) == directory.expires(FRESNO, since)


@pytest.mark.parametrize(
    ("day", "over"),
    [
        (date(2026, 3, 8), datetime(2026, 3, 9, 7, tzinfo=UTC)),  # the clocks went forward
        (date(2026, 11, 1), datetime(2026, 11, 2, 8, tzinfo=UTC)),  # the clocks went back
        (date(2028, 2, 29), datetime(2028, 3, 1, 8, tzinfo=UTC)),
    ],
)
def test_r15_a_local_date_is_over_at_midnight(directory: Directory, day: date, over: datetime) -> None:
    assert directory.due(FRESNO, Stage.DAY_OVER, day) == over


def test_r15_urgent_counts_hours(directory: Directory) -> None:
    before = local(2026, 3, 7, 12, 0).astimezone(UTC)  # the night of the clock change: 24 hours, not one wall day
    assert directory.due(FRESNO, Stage.ANSWER, before, urgent=True) == local(2026, 3, 8, 13, 0)
    assert directory.due(FRESNO, Stage.HANDOFF_OFFER, local(2026, 11, 17), urgent=True) == local(2026, 11, 20, 17, 0)


@pytest.mark.parametrize(
    ("sent", "ends"),
    [
        (local(2026, 11, 6), local(2026, 11, 20, 17, 0)),
        (local(2026, 11, 3, 18, 0), local(2026, 11, 18, 17, 0)),  # after five: 17:00 of the 14th day would be too soon
        (local(2026, 2, 25, 16, 30), local(2026, 3, 12, 17, 0)),  # 14 times 24 hours over the clock change end at 17:30
    ],
)
def test_r15_nobody_answered_expires_no_sooner_than_14_days(
    directory: Directory, sent: datetime, ends: datetime
) -> None:
    assert directory.expires(FRESNO, sent.astimezone(UTC)) == ends
    assert ends.astimezone(UTC) - sent.astimezone(UTC) >= timedelta(14)


def test_a_time_without_a_zone_is_refused(directory: Directory) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        directory.due(FRESNO, Stage.ANSWER, datetime(2026, 11, 17))  # noqa: DTZ001 - that is what is refused
