"""A form that holds too much, or that is none, has a page of its own: nothing was saved, and nothing broke here."""

from typing import Any

import pytest

from services.gateway.pages.problems import PROBLEMS
from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading

FORMS = ("/clients", "/clients/new", "/referrals/new")
MUCH: dict[str, dict[str, Any]] = {
    "a long field": {"data": {"find": "x" * 64_001}},
    "a long part": {"files": {"find": (None, "x" * 64_001)}},
    "many fields": {"data": {f"n{number}": "x" for number in range(300)}},
    "many parts": {"files": {f"n{number}": (None, "x") for number in range(300)}},
    "a file": {"files": {"find": ("a.txt", b"x" * 3_000_000)}},
}


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("kind", MUCH)
def test_too_much_is_said_and_nothing_is_saved(house: House, path: str, kind: str) -> None:
    with house.visitor("sam-specimen") as visitor:
        sealed = hidden(visitor.get(path), path)
        asked = dict(MUCH[kind])
        asked["data"] = {**sealed, **asked.get("data", {})}
        page = visitor.post(path, **asked)
    read = Reading(page.text)
    assert (page.status_code, read.wrong) == (413, [])
    assert read.headings == [PROBLEMS["form-too-large"].title]
    assert "Nothing was saved." in page.text
    assert "page failed" not in house.told.getvalue()
    assert not {"register_client", "send_referral", "search_clients"} & {action for action, _, _ in house.twin.heard}


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=b"])
def test_what_is_no_form_could_not_be_read(house: House, kind: str) -> None:
    with house.visitor("sam-specimen") as visitor:
        page = visitor.post("/clients", content=b"--c\r\nno form", headers={"content-type": kind})
    assert page.status_code == 400
    assert "Something in it could not be read" in page.text
    assert "Nothing was saved." in page.text
    assert "page failed" not in house.told.getvalue()


def test_too_much_is_said_in_spanish(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        visitor.get("/language/es")
        page = visitor.post("/clients", data={"find": "x" * 64_001})
    assert "Este formulario contiene más de lo que puede recibir" in page.text


def test_signing_out_with_too_much_is_no_error(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        assert visitor.post("/sign-out", data={"csrf": "x" * 64_001}).status_code == 413
