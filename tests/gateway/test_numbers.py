"""A number that nobody means, in any form that asks for one: it is said beside its field, and nothing breaks."""

import httpx
import pytest

from services.gateway.pages.forms import DIGITS, Form
from tests.gateway.house import House, hidden
from tests.gateway.test_pages import client_page
from tests.gateway.test_steps import TODAY, press


@pytest.mark.parametrize(
    ("typed", "number"),
    [("7", 7), ("0012", 12), ("9" * DIGITS, 10**DIGITS - 1), ("9" * (DIGITS + 1), None), ("9" * 5_000, None)]
    + [(each, None) for each in ("", "-1", "1.5", "x", "²")],
)
def test_a_number_is_whole_and_of_a_size_that_is_meant(typed: str, number: int | None) -> None:
    assert Form({"age": (typed,)}).number("age") == number


@pytest.mark.parametrize("typed", ["9" * 25, "9" * 5_000])
def test_a_number_that_is_none_is_said_beside_its_field(house: House, visitor: httpx.Client, typed: str) -> None:
    her = client_page(visitor)
    met = {"mode": "phone", "contact_outcome": "completed", "day": TODAY}
    needed: dict[tuple[str, str], dict[str, str]] = {
        ("/directory", "age"): {"category": "doula"},
        (f"{her}/contact", "minutes"): met,
        (f"{her}/contact", "unit_count"): met | {"unit_kind": "item"},
        (f"{her}/screening", "score"): {"instrument": "epds", "result": "negative", "day": TODAY},
    }
    for (path, field), more in needed.items():
        page = visitor.post(path, data={**hidden(visitor.get(path), path), **more, field: typed})
        assert (page.status_code, f'href="#{field}"' in page.text) == (422, True), (path, field)
    assert "page failed" not in house.told.getvalue()


@pytest.mark.parametrize("said", ["12", "0", "5", "9" * 30])
def test_nobody_bears_twelve_children_at_once(visitor: httpx.Client, said: str) -> None:
    her = client_page(visitor)
    press(visitor, visitor.get(her), f"{her}/episode", identified_on=TODAY)
    page = press(
        visitor,
        visitor.get(f"{her}/pregnancy"),
        f"{her}/pregnancy/end",
        ended="live_birth",
        ended_on=TODAY,
        alive=said,
    )
    assert (page.status_code, 'href="#alive"' in page.text) == (422, True)
