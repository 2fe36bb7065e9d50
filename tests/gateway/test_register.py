"""Registering a client: all that is wrong is said at once, beside its field, and nothing typed is lost."""

import re
from typing import Any

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_steps import did
from tests.gateway.upstream_twin import problem

NEW = "/clients/new"
TYPED = {"given": "", "family": "", "birth_date": "31.12.1990", "phone": "abc", "person_language": "es", "mrn": "M-1",
         "line": "1 Example Street", "city": "Sampleton", "zip": "12", "medi_cal_cin": "x"}  # fmt: skip
WRONG = ["/names", "/birth_date", "/medi_cal_cin", "/phones/0", "/address/zip"]


def refused(house: House, *pointers: str) -> None:
    errors = [{"pointer": pointer, "code": "x", "message": "m"} for pointer in pointers]
    house.twin.breaks["register_client"] = lambda: problem(422, "malformed", errors=errors)


def register(visitor: httpx.Client, **fields: Any) -> httpx.Response:
    return visitor.post(NEW, data={**hidden(visitor.get(NEW), NEW), **fields})


def linked(page: httpx.Response) -> list[str]:
    return re.findall(r'<li><a href="#(\w+)">', page.text)


@pytest.mark.parametrize("language", ["en", "es"])
def test_all_that_is_wrong_is_said_at_once_beside_its_field(house: House, visitor: httpx.Client, language: str) -> None:
    visitor.get(f"/language/{language}")
    refused(house, *WRONG)
    page = register(visitor, **TYPED)
    read = Reading(page.text)
    assert (page.status_code, read.wrong) == (422, [])
    assert linked(page) == ["given", "birth_date", "phone", "zip", "medi_cal_cin"], "in the order of the page"
    for field in linked(page):
        assert {field, f"{field}-error"} <= set(read.ids)
        assert f"{field}-error" in read.described
    for name, value in TYPED.items():
        assert name == "person_language" or read.values[name] == [value]
    assert '<option value="es" selected>' in page.text
    assert did(house) == []


def test_what_the_api_finds_wrong_in_a_whole_form_is_said_at_once(house: House, visitor: httpx.Client) -> None:
    refused(house, "/names/0/family", "/phones/0", "/address/city", "/language")
    page = register(visitor, given="Lia", family="x" * 300, phone="12", city="y" * 300, person_language="zz")
    assert linked(page) == ["family", "phone", "person_language", "city"]
    assert Reading(page.text).wrong == []


def test_somebody_alike_is_asked_about_beside_what_is_wrong(house: House, visitor: httpx.Client) -> None:
    refused(house, "/address/zip")
    page = register(visitor, given="Nora", family="Muster", zip="12", birth_date="2999-01-01")
    assert linked(page) == ["similar", "birth_date", "zip"]
    assert "It is Nora Muster" in page.text


def test_a_number_of_another_client_is_said_beside_it(house: House, visitor: httpx.Client) -> None:
    house.twin.breaks["register_client"] = lambda: problem(409, "number-in-use")
    page = register(visitor, given="Lia", mrn="M-1")
    assert linked(page) == ["mrn"]
    assert Reading(page.text).values["given"] == ["Lia"]


def test_a_place_that_is_none_of_the_form_has_a_page(house: House, visitor: httpx.Client) -> None:
    refused(house, "/odd")
    assert "Something in it could not be read" in register(visitor, given="Lia").text


def test_a_whole_form_registers_her(house: House, visitor: httpx.Client) -> None:
    page = register(visitor, given="Lia", birth_date="1990-12-31", zip="93706")
    assert page.url.path.startswith("/clients/")
    body = {"names": [{"given": "Lia"}], "birth_date": "1990-12-31", "address": {"zip": "93706"}}
    assert did(house) == [("register_client", body)]
