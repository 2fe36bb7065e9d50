"""A referral or handoff to an agency that is not on the system: it goes by letter, and every page says the same."""

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_pages import client_page
from tests.gateway.test_send import NEW, filled
from tests.gateway.upstream_twin import DIAPERS, HUB, problem

pytestmark = pytest.mark.slow  # walks many pages

PROMISES = {
    "en": ("Sent to", "Sent, not opened", "asked to answer", "You are told", "will see", "'s turn", "Due ", "Overdue"),
    "es": ("Enviado a", "Enviada, sin abrir", "Les pedimos", "Le avisaremos", "verá esto", "le toca a", "Vence"),
}
TRUE = {"en": "is not on Closeknit", "es": "no está en Closeknit"}


@pytest.fixture(params=["en", "es"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visitor(visitor: httpx.Client, language: str) -> httpx.Client:
    visitor.get(f"/language/{language}")
    return visitor


def main_of(page: httpx.Response) -> str:
    """What the page itself says, without its frame."""
    assert Reading(page.text).wrong == []
    return page.text.partition("<main")[2].partition("</main>")[0]


def promises(page: httpx.Response, language: str) -> list[str]:
    said = main_of(page).replace("Due date", "")  # hers, not when an answer is due
    return [promise for promise in PROMISES[language] if promise in said]


CONTRADICTING = ("nothing is sent", "cannot answer here", "Call them", "Call Muster", "call them yourself",
                 "no se envía nada", "Llame a Muster", "Llámeles")  # fmt: skip


def test_a_referral_is_written_down_and_goes_by_letter(house: House, visitor: httpx.Client, language: str) -> None:
    form = filled(visitor, need="material-hardship", service="muster-diaper-bank/diapers")
    checked = visitor.post(NEW, data={**form, "do": "check"})
    assert TRUE[language] in main_of(checked)
    assert promises(checked, language) == []
    button = {"en": "Write it down, then print the letter", "es": "Anotarla y después imprimir la carta"}[language]
    assert button in main_of(checked)
    page = visitor.post(NEW, data=form)
    assert "now=sent" in str(page.url)
    for shown in (page, visitor.get(page.url.path)):
        assert TRUE[language] in main_of(shown)
        assert {"en": "print the letter, and give or mail it", "es": "imprima la carta y"}[language] in main_of(shown)
        assert {"en": "They answer with the code on the letter", "es": "Responden con el código"}[language] in main_of(
            shown
        )
    for shown in (checked, page, visitor.get(page.url.path)):
        assert not any(words in main_of(shown) for words in CONTRADICTING)
        assert promises(shown, language) == []


def test_the_list_of_what_was_sent_says_that_it_was_not(house: House, visitor: httpx.Client, language: str) -> None:
    house.twin.send(HUB, DIAPERS, "material-hardship", house.twin.nora, days=9)
    page = visitor.get("/work/outbox")
    line = main_of(page).partition("<tbody>")[2].replace('data-label="Due"', "").replace('data-label="Vence"', "")
    assert {"en": "By letter, no answer yet", "es": "Por carta, aún sin respuesta"}[language] in line
    assert not any(promise in line for promise in PROMISES[language])
    assert {"en": "nothing", "es": "nada"}[language] not in line


def test_r15_its_senders_staff_are_reminded_to_ask(house: House, visitor: httpx.Client, language: str) -> None:
    id = house.twin.send(HUB, DIAPERS, "material-hardship", house.twin.nora, days=9)
    asked = {"en": "Ask Muster Diaper Bank, who have a letter: do they take on Nora Muster?",
             "es": "Pregunte a Muster Diaper Bank, que tienen una carta: ¿atenderán a Nora Muster?"}  # fmt: skip
    assert asked[language] in main_of(visitor.get("/work"))
    house.twin.referrals[id]["state"] = "accepted"
    met = {"en": "have they met Nora Muster?", "es": "¿ya vieron a Nora Muster?"}
    assert met[language] in main_of(visitor.get("/work"))


@pytest.mark.parametrize("actions", [["client-agrees"], ["offer"], []])
def test_a_handoff_stays_with_who_leads(house: House, visitor: httpx.Client, language: str, actions: list[str]) -> None:
    handoff = house.twin.propose(HUB, DIAPERS, house.twin.nora)
    house.twin.handoffs[handoff]["may"] = actions
    page = visitor.get(f"/handoffs/{handoff}")
    assert TRUE[language] in main_of(page)
    assert promises(page, language) == []
    assert f"/handoffs/{handoff}/offer" not in Reading(page.text).addresses


def test_nobody_is_asked_to_lead_who_could_not_accept_it(house: House, visitor: httpx.Client, language: str) -> None:
    path = f"{client_page(visitor)}/handoff"
    page = visitor.get(path)
    assert "Muster Diaper Bank" not in main_of(page)
    assert "Example Doula Network</option>" in main_of(page)
    house.twin.breaks["propose_handoff"] = lambda: problem(409, "receiver-not-on-system")
    form = {"to": "example-doula-network", "domain": "doula", "kind": "cold"}
    page = visitor.post(path, data={**hidden(page, path), **form})
    said = {"en": "They are not on Closeknit and cannot", "es": "No están en Closeknit y no pueden"}
    assert (page.status_code, said[language] in main_of(page)) == (422, True)


def test_who_is_on_it_is_still_told(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        page = visitor.post(NEW, data=filled(visitor))
        assert "Sent to Example Doula Network." in main_of(page)
        assert "You are told as soon as they answer." in main_of(page)
        assert TRUE["en"] not in main_of(page)
