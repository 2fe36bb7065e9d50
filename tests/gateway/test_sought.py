"""Looking for who may be known already never fails a form: what cannot be looked for is said beside its field."""

from typing import Any

import httpx
import pytest

from services.gateway.pages.views.person import sought
from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_register import NEW as REGISTER
from tests.gateway.test_register import linked, register
from tests.gateway.test_send import NEW as SEND
from tests.gateway.test_send import filled, sent

LONG = "M" * 120
UNSEEN = "Zz\u200bz"
SAID = "Write anew whom you look for, with up to 200 letters"


@pytest.mark.parametrize(
    ("text", "words"),
    [(" Lia   Specimen ", "Lia Specimen"), (f"{LONG} {LONG}", LONG), ("x" * 201, ""), (f"{'x' * 199} y z", "x" * 199),
     (f"{'x' * 198} y z", f"{'x' * 198} y"), ("", "")],
)  # fmt: skip
def test_whole_words_are_looked_for(text: str, words: str) -> None:
    assert sought(text) == words


def test_long_names_are_registered(house: House, visitor: httpx.Client) -> None:
    page = register(visitor, given=LONG, family=LONG)
    assert page.url.path.startswith("/clients/")
    assert {"given": LONG, "family": LONG} in house.twin.clients.values()
    assert 'maxlength="200"' in visitor.get(REGISTER).text


def test_long_names_of_somebody_known_are_asked_about(house: House, visitor: httpx.Client) -> None:
    register(visitor, given=LONG, family=LONG)
    assert linked(register(visitor, given=LONG, family=LONG)) == ["similar"]


@pytest.mark.parametrize("given", ["x" * 201, UNSEEN])
def test_a_name_that_cannot_be_is_said_beside_it(visitor: httpx.Client, given: str) -> None:
    page = register(visitor, given=given, family="Muster", phone="555 010 0199", line="1 Example Street")
    read = Reading(page.text)
    assert (page.status_code, linked(page), read.wrong) == (422, ["given"], [])
    assert "given-error" in read.described
    assert read.values["given"] == [given]
    assert (read.values["phone"], read.values["line"]) == (["555 010 0199"], ["1 Example Street"])


@pytest.mark.parametrize("consent", ["yes", None])
@pytest.mark.parametrize("phone", ["bad", None])
def test_a_name_that_cannot_be_stops_no_referral_form(
    house: House, visitor: httpx.Client, consent: str | None, phone: str | None
) -> None:
    page = visitor.post(SEND, data=filled(visitor, given=UNSEEN, mrn=None, consent=consent, phone=phone))
    read = Reading(page.text)
    wrong = ["given"] + (["phone"] if phone else []) + ([] if consent else ["consent"])
    assert (page.status_code, linked(page), read.wrong) == (422, wrong, [])
    assert (read.values["given"], read.values["family"]) == ([UNSEEN], ["Specimen"])
    assert "Works mornings." in page.text
    assert house.twin.clients.keys() == {house.twin.nora}


def looked_for(visitor: httpx.Client, path: str, find: str, **more: Any) -> httpx.Response:
    form = filled(visitor, given=None, family=None) if path == SEND else hidden(visitor.get(path), path)
    return visitor.post(path, data={**form, "find": find, **more})


@pytest.mark.parametrize("find", [UNSEEN, "x" * 201])
@pytest.mark.parametrize("path", [SEND, "/clients"])
def test_what_cannot_be_looked_for_is_said_beside_the_field(visitor: httpx.Client, path: str, find: str) -> None:
    page = looked_for(visitor, path, find, do="find")
    read = Reading(page.text)
    assert (page.status_code, linked(page), read.wrong) == (422, ["find"], [])
    assert SAID in page.text
    assert read.values["find"] == [find]
    assert "None of your clients fits" not in page.text


def test_what_cannot_be_looked_for_is_kept_beside_other_errors(house: House, visitor: httpx.Client) -> None:
    page = looked_for(visitor, SEND, UNSEEN, given="Lia", need="")
    assert (page.status_code, linked(page)) == (422, ["find", "need"])
    assert "Works mornings." in page.text
    assert sent(house) == []
