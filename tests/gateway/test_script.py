"""The script of a warm handoff: in her language beside the staff's own, on paper, and who takes her on."""

import re

import httpx
import pytest

from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_steps import TODAY, did, press, read_of

ENGLISH, SPANISH = "This is the person to call from today.", "Desde hoy, esta es la persona a quien llamar."


def accepted(house: House, language: str | None) -> str:
    """The path of a handoff that the hub accepted, of a woman who speaks this."""
    found = house.twin.handoffs[house.twin.handoff]
    found["state"] = "accepted"
    if language:
        stated = {"race_ethnicity": [], "detailed": [], "declined": False, "source": None, "interpreter": None,
                  "payer": None, "zip_group": None, "county": None, "version": 1}  # fmt: skip
        house.twin.demographics[house.twin.nora] = {"client": house.twin.nora, "language": language, **stated}
    return f"/handoffs/{house.twin.handoff}"


def test_her_lines_stand_beside_the_staffs_in_spanish(house: House, visitor: httpx.Client) -> None:
    path = accepted(house, "es")
    for page in (visitor.get(path).text, visitor.get(f"{path}/script").text):
        assert page.index(f'<p lang="es">“{SPANISH}') < page.index(f'<p class="quiet">“{ENGLISH}')
        assert "Digan qué está pendiente" not in page
        assert "Say what is open, who does it and by when." in page
    assert f'href="{path}/script"' in visitor.get(path).text
    call = visitor.get(f"{path}/script").text
    assert ("The call about Nora Muster, all three together" in call, "speaks Spanish" in call) == (True, True)
    assert Reading(call).wrong == []


@pytest.mark.parametrize("state", ["offered", "accepted"])
def test_r19_the_sender_speaks_first_whoever_leads_by_now(house: House, visitor: httpx.Client, state: str) -> None:
    found = house.twin.handoffs[house.twin.handoff]
    found["state"] = state
    page = visitor.get(f"/handoffs/{house.twin.handoff}/script").text
    first, second = re.findall(r"<dt>Who [^<]+</dt><dd>([^<]+)<", page)[:2]
    assert (first, second) == (found["from"]["name"], found["to"]["name"])
    assert ("Who leads now" in page, "Who led until now" in page) == (state == "offered", state == "accepted")


def test_staff_who_read_spanish_get_it_once(house: House, visitor: httpx.Client) -> None:
    path = accepted(house, "es")
    visitor.get("/language/es")
    page = visitor.get(f"{path}/script").text
    assert (page.count(SPANISH), ENGLISH in page, "Digan qué está pendiente" in page) == (1, False, True)


def test_in_another_language_somebody_interprets(house: House, visitor: httpx.Client) -> None:
    page = visitor.get(f"{accepted(house, 'hmn')}/script").text
    assert "somebody interprets and reads the lines to her" in page
    assert ("Who interprets" in page, ENGLISH in page, SPANISH in page) == (True, True, False)


def test_r1_what_nobody_has_opened_is_not_read_for_it(house: House, visitor: httpx.Client) -> None:
    page = visitor.get(f"/handoffs/{house.twin.handoff}/script").text
    assert (read_of(house), "Nora" in page, ENGLISH in page, SPANISH in page) == (set(), False, True, True)


@pytest.mark.parametrize("more", [{"kind": "cold"}, {"state": "declined"}])
def test_there_is_none_for_a_cold_one_or_one_that_has_ended(
    house: House, visitor: httpx.Client, more: dict[str, str]
) -> None:
    house.twin.handoffs[house.twin.handoff] |= more
    assert visitor.get(f"/handoffs/{house.twin.handoff}/script").status_code == 404
    assert "The call, all three together" not in visitor.get(f"/handoffs/{house.twin.handoff}").text


def test_a_colleague_takes_it_over(house: House, visitor: httpx.Client) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    page = press(visitor, visitor.get(path), f"{path}/open")
    assert '<option value="greta-example">Greta Example</option>' in page.text
    assert "ada-example" not in page.text.partition("Who takes it over?")[2]
    nobody = press(visitor, page, f"{path}/accept", on=TODAY, person="somebody-else")
    assert (nobody.status_code, "Choose who takes it over" in nobody.text, did(house)) == (422, True, [])
    press(visitor, page, f"{path}/accept", on=TODAY, person="greta-example")
    assert did(house) == [("accept_handoff", {"on": TODAY, "person": "greta-example"})]
