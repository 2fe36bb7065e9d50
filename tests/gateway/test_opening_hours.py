"""Where and when a service is open, by its page: counties, days of the week with hours, days off; the rest is kept."""

import re
from typing import Any

import httpx
import pytest

from tests.gateway.house import House
from tests.gateway.test_directory_pages import ADMIN, NORTH, heard, post
from tests.gateway.upstream_twin import problem

EDIT = "/directory/services/prenatal/edit"
MONTHLY = {"freq": "MONTHLY", "byday": "1TU", "description": "First Tuesday, evening"}
WEEKLY = {"freq": "WEEKLY", "byday": "MO,WE", "opens_at": "09:00:00", "closes_at": "12:30:00", "exdate": ["2027-07-05"],
          "closed_on_holidays": True}  # fmt: skip
TWICE = {"days-1": "MO", "opens-1": "09:00", "closes-1": "12:00", "days-2": "MO"}
NAMED = {"name": "Navigation"}


def stands(house: House, *schedules: dict[str, Any], **more: Any) -> None:
    house.twin.entries["prenatal"] = {"schedules": list(schedules), **more}


def saved(house: House, visitor: httpx.Client, **fields: Any) -> dict[str, Any]:
    answer = post(visitor, EDIT, EDIT, **NAMED, **fields)
    assert "Everybody sees it as it is now." in answer.text
    return heard(house, "edit_service")[-1]


def test_days_hours_and_counties_are_written_down(house: House) -> None:
    with house.visitor(ADMIN) as visitor:
        said = saved(
            house, visitor, counties="Fresno, Madera", holidays="yes", days_off="2027-07-05\n2027-01-04",
            **{"days-1": ["MO", "WE"], "opens-1": "09:00", "closes-1": "12:30", "days-2": ["SA"]},
            hours_words="Evenings by appointment",
        )  # fmt: skip
    off = {"exdate": ["2027-01-04", "2027-07-05"], "closed_on_holidays": True}
    assert said["counties"] == ["Fresno", "Madera"]
    assert said["schedules"] == [
        {"freq": "WEEKLY", "byday": "MO,WE", "opens_at": "09:00:00", "closes_at": "12:30:00", **off},
        {"freq": "WEEKLY", "byday": "SA", **off},
        {"description": "Evenings by appointment"},
    ]


def test_what_stands_is_shown_and_saved_again_as_it_is(house: House) -> None:
    words = {"description": "Ring the bell"}
    stands(house, WEEKLY, words, MONTHLY, counties=["Fresno"])
    with house.visitor(ADMIN) as visitor:
        page = visitor.get(EDIT)
        assert 'name="days-1" id="days-1-WE" value="WE" checked' in page.text
        assert 'name="days-1" id="days-1-TU" value="TU">' in page.text
        assert "Kept as it is: First Tuesday, evening" in page.text
        shown = {"days-1": ["MO", "WE"], "opens-1": "09:00", "closes-1": "12:30", "days_off": "2027-07-05",
                 "holidays": "yes", "hours_words": "Ring the bell", "counties": "Fresno"}  # fmt: skip
        for field in ("opens-1", "closes-1", "hours_words", "counties"):
            assert re.search(rf'name="{field}" value="{shown[field]}"', page.text), field
        assert ">2027-07-05</textarea>" in page.text
        told = visitor.get(NORTH).text
        said = saved(house, visitor, **shown)
    assert said["schedules"] == [WEEKLY, words, MONTHLY]
    assert "Monday and Wednesday 09:00-12:30, closed on holidays, closed on 5 July 2027" in told
    assert "Ring the bell" in told


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"opens-1": "09:00", "closes-1": "12:00"}, "days-1", "Choose the days"),
        ({"days-1": "MO", "opens-1": "09:00"}, "opens-1", "Give both hours, the first before the second"),
        ({"days-2": "MO", "opens-2": "12:00", "closes-2": "09:00"}, "opens-2", "Give both hours"),
        ({"days_off": "5 July"}, "days_off", "Write one day a line, as 2027-07-05"),
        ({"days_off": "2020-07-05"}, "days_off", "Take out what is over: "),
        (TWICE | {"opens-2": "11:59", "closes-2": "13:00"}, "opens-2", "It is open then already"),
        (TWICE, "opens-2", "It is open then already"),
        ({"minimum_age": "900"}, "minimum_age", "An age is a number of years, up to 120"),
        ({"maximum_age": "121"}, "maximum_age", "An age is a number of years, up to 120"),
    ],
)
def test_what_is_wrong_is_said_at_its_row_and_nothing_typed_is_lost(
    house: House, fields: dict[str, str], field: str, words: str
) -> None:
    with house.visitor(ADMIN) as visitor:
        answer = post(visitor, EDIT, EDIT, **NAMED, counties="Madera", **fields)
    assert (answer.status_code, f'<a href="#{field}">{words}' in answer.text) == (422, True)
    assert f'id="{field}-error"' in answer.text
    assert 'value="Madera"' in answer.text
    assert all(f'value="{typed}"' in answer.text for typed in fields.values() if "\n" not in typed and ":" in typed)
    assert heard(house, "edit_service") == []


def test_hours_that_follow_one_another_are_saved(house: House) -> None:
    with house.visitor(ADMIN) as visitor:
        said = saved(house, visitor, **TWICE, **{"opens-2": "12:00", "closes-2": "13:00"})
    assert [each["opens_at"] for each in said["schedules"]] == ["09:00:00", "12:00:00"]


@pytest.mark.parametrize(("language", "closed"), [("en", "closed on holidays, closed on"), ("es", "cerrado")])
def test_what_all_days_have_in_common_is_told_once_and_what_is_over_not(
    house: House, language: str, closed: str
) -> None:
    off = {"exdate": ["2020-07-06", "2099-07-06"]}
    stands(house, WEEKLY | off, WEEKLY | off | {"byday": "SA"}, next_open="2099-07-07")
    with house.visitor(ADMIN) as visitor:
        visitor.get(f"/language/{language}")
        told = visitor.get(NORTH).text
        page = visitor.get(EDIT).text
    assert (told.count(closed) > 0, told.count("2099") - told.count("2099-"), told.count("2020")) == (True, 2, 0)
    assert "2099. " in told, "a sentence ends before the next"
    assert (">2099-07-06</textarea>" in page, "2020-07-06" in page) == (True, False)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "One of these is no county of the state"), ("es", "Uno de estos no es un condado del estado")],
)
def test_what_is_no_county_is_said_at_its_field_and_nothing_typed_is_lost(
    house: House, language: str, words: str
) -> None:
    errors = [{"pointer": "/counties/1", "code": "county-not-known", "message": "m"}]
    house.twin.breaks["edit_service"] = lambda: problem(422, "malformed", errors=errors)
    with house.visitor(ADMIN) as visitor:
        visitor.get(f"/language/{language}")
        answer = post(visitor, EDIT, EDIT, **NAMED, counties="Madera, Atlantis")
    assert (answer.status_code, f'<a href="#counties">{words}' in answer.text) == (422, True)
    assert 'value="Madera, Atlantis"' in answer.text
