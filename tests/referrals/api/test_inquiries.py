"""What privacy officers answer for (R1): a client's "was this right?", and what went out without her yes."""

import re
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.referrals.api.asking import without_asking
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import Given, when
from tests.referrals.api.test_care_team import SAFE_HOUSE
from tests.referrals.api.test_disclosures import DOULAS, NORTH, accounted, herself, on_paper

WAS_IT = {"text": "Why did they need my phone?"}
IT_WAS = {"text": "To ring you about the first visit."}
THIRTY_DAYS = timedelta(days=30)


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


@pytest.fixture
def officers(service: Service) -> dict[str, Caller]:
    return {each: service.caller(each, "privacy_officer", subject="pia-invented") for each in (NORTH, DOULAS)}


def queue(officer: Caller, client: str, **query: str) -> list[dict[str, Any]]:
    """What waits for an officer about one client, by the reference of their own agency."""
    return [each for each in officer.listed("/v1/inquiries", **query) if each["client"]["client"] == client]


def about(client: str, disclosure: str) -> str:
    return f"/v1/clients/{client}/disclosures/{disclosure}/questions"


class TestR1WasThisRight:
    """She asks about an entry of her list; the officers of both its sides answer, and she reads it."""

    def test_both_sides_officers_are_asked_and_she_reads_the_answer(
        self, given: Given, service: Service, officers: dict[str, Caller]
    ) -> None:
        sent = given.sent()
        her = herself(service, given.sender, sent.client)
        (entry,) = accounted(her, sent.client)
        when(her.post(about(sent.client, entry["disclosure"]), WAS_IT, key="ask-1")).then(201)
        when(her.post(about(sent.client, entry["disclosure"]), WAS_IT, key="ask-1")).then(201)
        (theirs,) = queue(officers[DOULAS], sent.theirs)
        waiting = officers[NORTH].seen("/v1/inquiries", params={"limit": "1"})["waiting"]
        assert waiting == len(officers[NORTH].listed("/v1/inquiries")), "all, on whichever part"
        (ours,) = queue(officers[NORTH], sent.client)
        for each in (ours, theirs):
            assert (each["cause"], each["text"], each["answer"]) == ("question", WAS_IT["text"], None)
            assert (each["disclosure"]["kind"], each["disclosure"]["to"]["agency"]) == ("referral", DOULAS)
        asked_at, due = (datetime.fromisoformat(ours[name]) for name in ("asked_at", "due"))
        assert (due - asked_at, ours["overdue"]) == (THIRTY_DAYS, False)
        path = f"/v1/inquiries/{ours['inquiry']}/answer"
        when(officers[NORTH].post(path, IT_WAS)).then(200)
        (entry,) = accounted(her, sent.client)
        said = {each["agency"]["agency"]: each["answer"] for each in entry["asked"]}
        assert said == {NORTH: IT_WAS["text"], DOULAS: None}
        assert queue(officers[NORTH], sent.client) == []
        assert officers[NORTH].seen("/v1/inquiries")["waiting"] == waiting - 1
        (done,) = queue(officers[NORTH], sent.client, answered="true")
        assert (done["answer"], done["finding"]) == (IT_WAS["text"], None)

    def test_r12_the_same_again_is_200_and_other_words_are_not(
        self, given: Given, service: Service, officers: dict[str, Caller]
    ) -> None:
        sent = given.sent()
        her = herself(service, given.sender, sent.client)
        path = about(sent.client, accounted(her, sent.client)[0]["disclosure"])
        when(her.post(path, WAS_IT)).then(201)
        when(her.post(path, WAS_IT)).then(200)
        when(her.post(path, {"text": "And my name?"})).then_problem(409, "inquiry-already-open")
        (asked,) = queue(officers[NORTH], sent.client)
        answer = f"/v1/inquiries/{asked['inquiry']}/answer"
        when(officers[NORTH].post(answer, IT_WAS)).then(200)
        when(officers[NORTH].post(answer, IT_WAS)).then(200)
        when(officers[NORTH].post(answer, {"text": "Other"})).then_problem(409, "question-already-answered")

    def test_nobody_else_asks_or_answers(self, given: Given, service: Service, officers: dict[str, Caller]) -> None:
        sent, other = given.sent(), given.sent()
        her = herself(service, given.sender, sent.client)
        disclosure = accounted(her, sent.client)[0]["disclosure"]
        when(her.post(about(other.client, disclosure), WAS_IT)).then_problem(404, "not-found")
        when(her.post(about(sent.client, "a" * 26), WAS_IT)).then_problem(404, "not-found")
        not_hers = accounted(herself(service, given.sender, other.client), other.client)[0]["disclosure"]
        when(her.post(about(sent.client, not_hers), WAS_IT)).then_problem(404, "not-found")
        when(given.sender.post(about(sent.client, disclosure), WAS_IT)).then_problem(403, "role-forbids")
        stray = service.caller(NORTH, "client", "staff", subject=sent.client)
        when(stray.post(about(sent.client, disclosure), WAS_IT)).then_problem(403, "role-forbids")
        her.done(about(sent.client, disclosure), WAS_IT)
        (asked,) = queue(officers[NORTH], sent.client)
        answer = f"/v1/inquiries/{asked['inquiry']}/answer"
        when(officers[DOULAS].post(answer, IT_WAS)).then_problem(404, "not-found")
        when(given.sender.post(answer, IT_WAS)).then_problem(403, "role-forbids")
        when(given.sender.get("/v1/inquiries")).then_problem(403, "role-forbids")
        when(her.get("/v1/inquiries")).then_problem(403, "role-forbids")
        with_finding = IT_WAS | {"finding": "appropriate"}
        when(officers[NORTH].post(answer, with_finding)).then_malformed("/finding")

    def test_after_thirty_days_it_is_late(self, given: Given, service: Service, officers: dict[str, Caller]) -> None:
        sent = given.sent()
        her = herself(service, given.sender, sent.client)
        her.done(about(sent.client, accounted(her, sent.client)[0]["disclosure"]), WAS_IT)
        late = []
        for ahead in (THIRTY_DAYS - timedelta(minutes=1), THIRTY_DAYS + timedelta(minutes=1)):
            service.clock.ahead = ahead
            try:
                (asked,) = queue(officers[NORTH], sent.client)
            finally:
                service.clock.ahead = timedelta(0)
            late.append(asked["overdue"])
        assert late == [False, True]

    def test_its_words_are_in_no_event(self, given: Given, service: Service) -> None:
        sent = given.sent()
        her = herself(service, given.sender, sent.client)
        her.done(about(sent.client, accounted(her, sent.client)[0]["disclosure"]), WAS_IT)
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            stored = store.execute(
                "SELECT convert_from(state, 'UTF8') FROM stored_events WHERE topic LIKE 'inquiry.%'"
            ).fetchall()
        assert stored
        assert not any("phone" in state for (state,) in stored)


class TestR1Exceptions:
    """What went out without her yes is in both officers' queues, with the reason."""

    def test_both_officers_look_at_it_and_she_reads_what_they_find(
        self, given: Given, service: Service, officers: dict[str, Caller]
    ) -> None:
        sent = without_asking(given)
        (ours,), (theirs,) = queue(officers[NORTH], sent.client), queue(officers[DOULAS], sent.theirs)
        for each in (ours, theirs):
            assert (each["cause"], each["text"]) == ("exception", "She came to the emergency room.")
            assert each["disclosure"]["exception"] == "emergency"
        answer = f"/v1/inquiries/{theirs['inquiry']}/answer"
        when(officers[DOULAS].post(answer, IT_WAS)).then_malformed("/finding")
        when(officers[DOULAS].post(answer, IT_WAS | {"finding": "not_appropriate"})).then(200)
        (done,) = queue(officers[DOULAS], sent.theirs, answered="true")
        assert done["finding"] == "not_appropriate"
        assert len(queue(officers[NORTH], sent.client)) == 1, "each looks for their own agency"
        (entry,) = accounted(herself(service, given.sender, sent.client), sent.client)
        found = {each["agency"]["agency"]: (each["finding"], each["answer"]) for each in entry["findings"]}
        assert found == {NORTH: (None, None), DOULAS: ("not_appropriate", IT_WAS["text"])}
        assert entry["asked"] == [], "she asked nothing"
        (seen,) = accounted(officers[NORTH], sent.client)
        assert seen["findings"] == [], "an officer reads no other's"

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", ["found that it was not right", f"They wrote: “{IT_WAS['text']}”", "looks at whether it was right"]),
            ("es", ["encontró que no estuvo bien", f"Escribieron: «{IT_WAS['text']}»", "revisa si estuvo bien"]),
        ],
    )
    def test_it_stands_on_her_paper_and_on_nobody_elses(
        self, given: Given, service: Service, officers: dict[str, Caller], language: str, words: list[str]
    ) -> None:
        sent = without_asking(given)
        (waiting,) = queue(officers[DOULAS], sent.theirs)
        answer = f"/v1/inquiries/{waiting['inquiry']}/answer"
        officers[DOULAS].done(answer, IT_WAS | {"finding": "not_appropriate"})
        paper = f"/v1/clients/{sent.client}/disclosures/paper"
        her = herself(service, given.sender, sent.client)
        read = [on_paper(each.get(paper, params={"language": language}).content) for each in (her, officers[NORTH])]
        assert [[each in text for each in words] for text in read] == [[True] * 3, [False] * 3]

    def test_no_words_of_an_officer_of_a_service_that_is_not_named(self, given: Given, service: Service) -> None:
        sent = without_asking(given, **SAFE_HOUSE)
        officer = service.caller(SAFE_HOUSE["to"]["agency"], "privacy_officer", subject="pia-invented")
        unasked = [each for each in officer.listed("/v1/inquiries") if each["cause"] == "exception"]
        for waiting in unasked:
            officer.done(f"/v1/inquiries/{waiting['inquiry']}/answer", IT_WAS | {"finding": "not_appropriate"})
        her = herself(service, given.sender, sent.client)
        text = on_paper(her.get(f"/v1/clients/{sent.client}/disclosures/paper").content)
        assert "A restricted health service looked at it on" in text
        assert not any(told in text for told in (IT_WAS["text"], "Safe House"))

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", ["Why: A doula.", "Example Clinic North asked them.", f"You asked: “{WAS_IT['text']}”",
                    f": “{IT_WAS['text']}”", "Example Doula Network answered on", "Example Clinic North answers by"]),
            ("es", ["Por qué: Una doula.", "Example Clinic North se lo pidió.", f"Usted preguntó: «{WAS_IT['text']}»",
                    f": «{IT_WAS['text']}»", "Example Doula Network respondió", "Example Clinic North responde antes"]),
        ],
    )  # fmt: skip
    def test_her_paper_says_why_who_asked_when_and_what_she_asked(
        self, given: Given, service: Service, officers: dict[str, Caller], language: str, words: list[str]
    ) -> None:
        sent = given.sent()
        her = herself(service, given.sender, sent.client)
        (entry,) = accounted(her, sent.client)
        her.done(about(sent.client, entry["disclosure"]), WAS_IT)
        (waiting,) = queue(officers[DOULAS], sent.theirs)
        officers[DOULAS].done(f"/v1/inquiries/{waiting['inquiry']}/answer", IT_WAS)
        paper = f"/v1/clients/{sent.client}/disclosures/paper"
        text, theirs = (
            on_paper(each.get(paper, params={"language": language}).content) for each in (her, officers[NORTH])
        )
        assert [each for each in words if each not in text] == []
        when_it_was = {"en": r"[A-Z][a-z]+ \d\d?, \d{4}, 1?\d:\d\d [ap]m:", "es": r"\d, 1?\d:\d\d [ap]\. m\.:"}
        assert re.search(when_it_was[language], text)
        assert WAS_IT["text"] not in theirs

    def test_with_her_yes_nothing_waits(self, given: Given, officers: dict[str, Caller]) -> None:
        sent = given.sent()
        assert queue(officers[NORTH], sent.client) == queue(officers[DOULAS], sent.theirs) == []

    def test_it_waits_on_no_work_list(self, given: Given) -> None:
        sent = without_asking(given)
        waiting = [each for each in given.receiver.listed("/v1/work") if each["id"] == sent.id]
        assert [each["waits_for"] for each in waiting] == ["answer"]
