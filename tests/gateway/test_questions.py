"""Questions on the page of a referral: the receiver asks first, the sender answers, both read it."""

import httpx
import pytest

from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_client_forms import linked
from tests.gateway.test_steps import did, press
from tests.gateway.upstream_twin import problem


def test_they_are_asked_something_first_and_answer(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    page = press(visitor, page, f"{path}/ask", question="Does she speak English?")
    assert ("Asked. You see the answer here." in page.text, "Not answered yet." in page.text) == (True, True)
    with house.visitor("ada-example") as sender:
        listed = sender.get("/work?show=question").text
        assert "Answer what Sample County CHW Hub asks about Nora Muster" in listed
        assert (f'href="{path}#questions"' in listed, "Question asked" in listed) == (True, True)
        page = press(sender, sender.get(path), f"{path}/reply", reply="A little.")
        assert "Nothing of this kind waits for you" in sender.get("/work?show=question").text
        assert "Answered. Both of you see it." in page.text
    page = visitor.get(path)
    assert "A little." in page.text
    asked = [each for each in did(house) if each[0] in {"ask_about_referral", "answer_question"}]
    assert asked == [
        ("ask_about_referral", {"text": "Does she speak English?"}),
        ("answer_question", {"text": "A little."}),
    ]


def test_nothing_is_read_before_it_is_opened(house: House, visitor: httpx.Client) -> None:
    visitor.get(f"/referrals/{house.twin.referral}")
    assert "list_referral_questions" not in {action for action, _, _ in house.twin.heard}


def test_the_sender_of_a_handoff_is_asked_something_first_and_answers(house: House, visitor: httpx.Client) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    visitor.get(path)
    assert "list_handoff_questions" not in {action for action, _, _ in house.twin.heard}
    page = press(visitor, visitor.get(path), f"{path}/open")
    page = press(visitor, page, f"{path}/ask", question="Who takes her to the clinic?")
    assert "Asked. You see the answer here." in page.text
    with house.visitor("ada-example") as sender:
        listed = sender.get("/work").text
        assert (f'href="{path}#questions"' in listed, "<b>1</b> Questions to us" in listed) == (True, True)
        page = press(sender, sender.get(path), f"{path}/reply", reply="Her sister.")
        assert "Questions to us" not in sender.get("/work").text
        assert "Her sister." in page.text
    assert ("ask_about_handoff", {"text": "Who takes her to the clinic?"}) in did(house)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Write what you would like to know", "Write your answer")),
        ("es", ("Escriba lo que quiere saber", "Escriba su respuesta")),
    ],
)
@pytest.mark.parametrize("kind", ["referral", "handoff"])
def test_a_question_or_answer_without_words_is_said_at_its_field(
    house: House, visitor: httpx.Client, kind: str, language: str, words: tuple[str, str]
) -> None:
    question, reply = words
    path = f"/{kind}s/{getattr(house.twin, kind)}"
    visitor.get(f"/language/{language}")
    page = press(visitor, visitor.get(path), f"{path}/open")
    page = press(visitor, page, f"{path}/ask", question=" ")
    assert (page.status_code, linked(page), question in page.text) == (422, ["question"], True)
    assert Reading(page.text).wrong == []
    press(visitor, page, f"{path}/ask", question="Does she speak English?")
    with house.visitor("ada-example") as sender:
        sender.get(f"/language/{language}")
        page = press(sender, sender.get(path), f"{path}/reply", reply=" ")
        [field] = linked(page)
        assert (page.status_code, field in Reading(page.text).ids, reply in page.text) == (422, True, True)
    assert [each for each, _ in did(house) if "ask_" in each or each == "answer_question"] == [f"ask_about_{kind}"]


@pytest.mark.parametrize(("language", "words"), [("en", "They ask you something"), ("es", "Le preguntan algo")])
@pytest.mark.parametrize("kind", ["referral", "handoff"])
def test_r1_before_it_is_opened_a_page_says_that_a_question_waits_and_not_which(
    house: House, visitor: httpx.Client, kind: str, language: str, words: str
) -> None:
    path = f"/{kind}s/{getattr(house.twin, kind)}"
    visitor.get(f"/language/{language}")
    assert words not in visitor.get(path).text
    with house.visitor("ada-example") as sender:
        press(sender, sender.get(path), f"{path}/ask", question="Can you come on Monday?")
    before = len(house.twin.heard)
    page = visitor.get(path)
    assert (words in page.text, "you come on Monday" in page.text, "questions" in Reading(page.text).ids) == (
        True,
        False,
        True,
    )
    assert f"list_{kind}_questions" not in {action for action, _, _ in house.twin.heard[before:]}
    assert words not in press(visitor, page, f"{path}/open").text


def test_r10_what_was_typed_is_on_the_page_that_refuses_it(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    house.twin.breaks["ask_about_referral"] = lambda: problem(409, "wrong-state", stands="accepted")
    page = press(visitor, page, f"{path}/ask", question="Does <she> speak English?")
    assert page.status_code == 409
    assert ("What you typed, to copy" in page.text, "Does &lt;she&gt; speak English?" in page.text) == (True, True)
    house.twin.breaks["ask_about_referral"] = lambda: problem(403, "role-forbids")
    page = press(visitor, visitor.get(path), f"{path}/ask", question="Does she speak English?")
    assert (page.status_code, "Does she speak English?" in page.text) == (403, False)
