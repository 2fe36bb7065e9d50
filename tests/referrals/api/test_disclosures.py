"""R1 read back: who learned what of a client, for herself and for the agencies; the code that lets her in."""

import io
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from tests.days import SAID_ON
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import Given, Referral, when


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def coded(agency: Caller, client: str, **options: Any) -> str:
    return str(agency.done(f"/v1/clients/{client}/access-codes", **options)["code"])


def herself(service: Service, agency: Caller, client: str) -> Caller:
    """The client, who came in with a code of this agency's."""
    found = Caller(service.url, None, service.http).done("/v1/access", {"code": coded(agency, client)})
    assert found["client"] == client
    return Caller(service.url, found["token"], service.http)


def accounted(reader: Caller, client: str) -> list[dict[str, Any]]:
    return reader.listed(f"/v1/clients/{client}/disclosures")


def on_paper(pdf: bytes) -> str:
    """The words of a PDF, without its line breaks."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def told(items: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    return [(item["kind"], item["to"]["agency"], item["by"] and item["by"]["agency"]) for item in items]


NORTH, DOULAS = "example-clinic-north", "example-doula-network"


class TestR1Accounting:
    """What is on her list, and who sees which part of it."""

    def test_what_was_given_and_what_was_read_of_it(self, given: Given, service: Service) -> None:
        sent = given.sent()
        given.receiver.done(f"{sent.path}/receive")
        given.receiver.seen(f"{sent.path}/given")
        items = accounted(herself(service, given.sender, sent.client), sent.client)
        assert told(items) == [("read", DOULAS, NORTH), ("referral", DOULAS, NORTH)]
        for item in items:
            assert set(item["fields"]) == {"name", "phones"}
            assert (item["category"], item["exception"]) == ("doula", None)
            assert item["allowed"] | {"consent": ""} == {
                "consent": "", "agreed_on": SAID_ON, "how": "spoken", "purpose": "coordination", "ended_on": None,
            }  # fmt: skip

    def test_a_handoff_says_what_was_offered_and_on_which_yes(self, given: Given, service: Service) -> None:
        offered = given.offered()
        (item,) = accounted(herself(service, given.sender, offered.client), offered.client)
        assert told([item]) == [("handoff", DOULAS, NORTH)]
        assert (item["domain"], item["allowed"]["agreed_on"]) == ("primary_care_coordination", SAID_ON)

    def test_an_exception_stands_there_with_its_reason(self, given: Given, service: Service) -> None:
        why = {"exception": "emergency", "reason": "She came to the emergency room."}
        client = given.client()
        body = {"client": client, "to": {"agency": DOULAS, "service": "doula-network-birth-support"}}
        given.sender.done("/v1/referrals", body | {"category": "doula", "consent": why})
        (item,) = accounted(herself(service, given.sender, client), client)
        assert (item["exception"], item["reason"], item["allowed"]) == ("emergency", why["reason"], None)

    def test_what_she_took_back_since_is_said(self, given: Given, service: Service) -> None:
        client = given.client()
        consent = given.consent(client)
        given.sent(client, consent={"id": consent})
        given.sender.done(f"/v1/consents/{consent}/revoke", {"how": "spoken"})
        (item,) = accounted(herself(service, given.sender, client), client)
        assert item["allowed"]["ended_on"] is not None

    def test_agencies_see_what_they_gave_or_were_given_alone(self, given: Given, service: Service) -> None:
        sent = given.accepted()
        housing = {"agency": "sample-housing-help", "service": "housing-help-navigation"}
        given.sent(sent.client, to=housing, category="housing-instability")
        officer = service.caller(DOULAS, "privacy_officer", subject="pia-invented")
        assert told(accounted(officer, sent.theirs)) == [("referral", DOULAS, NORTH)]
        assert told(accounted(given.sender, sent.client)) == [
            ("referral", "sample-housing-help", NORTH), ("referral", DOULAS, NORTH),
        ]  # fmt: skip
        hers = accounted(herself(service, given.receiver, sent.theirs), sent.theirs)
        assert len(hers) == 2, "she sees all of it, whichever agency gave her the code"

    def test_who_does_not_know_her_or_has_another_role_reads_nothing(
        self, given: Given, service: Service, hub: Caller, nobody: Caller
    ) -> None:
        sent = given.sent()
        path = f"/v1/clients/{sent.client}/disclosures"
        when(nobody.get(path)).then_problem(401, "not-signed-in")
        when(hub.get(path)).then_problem(404, "not-found")
        for role in ("staff", "agency_admin", "backbone", "system"):
            when(service.caller(NORTH, role).get(path)).then_problem(403, "role-forbids")

    def test_it_comes_in_parts(self, given: Given, service: Service) -> None:
        client = given.client()
        for _ in range(3):
            _declined(given, client)
        her = herself(service, given.sender, client)
        path = f"/v1/clients/{client}/disclosures"
        first = her.seen(path, params={"limit": "2"})
        rest = her.seen(first["next"])
        assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
        when(given.sender.get(first["next"])).then_malformed("/query/cursor", "unknown_cursor")


def _declined(given: Given, client: str) -> None:
    sent = given.sent(client)
    given.receiver.done(f"{sent.path}/decline", {"reason": "no_capacity"})


class TestAccess:
    """A code opens her pages once; her token opens those and nothing else."""

    def test_a_code_works_once(self, given: Given, nobody: Caller) -> None:
        code = coded(given.sender, given.client())
        assert nobody.done("/v1/access", {"code": code.lower().replace(" ", "")})["token"]
        when(nobody.post("/v1/access", {"code": code})).then_problem(404, "not-found")

    def test_the_next_code_ends_the_one_before(self, given: Given, nobody: Caller) -> None:
        client = given.client()
        first, second = coded(given.sender, client), coded(given.sender, client)
        assert first != second
        when(nobody.post("/v1/access", {"code": first})).then_problem(404, "not-found")
        assert nobody.done("/v1/access", {"code": second})

    def test_r9_the_same_key_gives_the_same_code(self, given: Given) -> None:
        client = given.client()
        assert coded(given.sender, client, key="k-1") == coded(given.sender, client, key="k-1")

    def test_it_is_out_of_date_after_some_days(self, given: Given, nobody: Caller, service: Service) -> None:
        code = coded(given.sender, given.client())
        service.clock.ahead = timedelta(days=7)
        try:
            when(nobody.post("/v1/access", {"code": code})).then_problem(404, "not-found")
        finally:
            service.clock.ahead = timedelta(0)

    def test_twenty_wrong_tries_close_it(self, given: Given, nobody: Caller) -> None:
        code = coded(given.sender, given.client())
        wrong = code[:7] + ("222 222" if not code.endswith("222 222") else "333 333")
        for _ in range(20):
            when(nobody.post("/v1/access", {"code": wrong})).then_problem(404, "not-found")
        when(nobody.post("/v1/access", {"code": code})).then_problem(404, "not-found")

    def test_who_does_not_know_her_gives_no_code(self, given: Given, hub: Caller) -> None:
        sent = given.sent()
        when(hub.post(f"/v1/clients/{sent.client}/access-codes")).then_problem(404, "not-found")
        when(given.receiver.post(f"/v1/clients/{sent.theirs}/access-codes")).then_problem(409, "wrong-state")

    def test_her_token_opens_her_own_list_alone(self, given: Given, service: Service) -> None:
        one, other = given.sent(), given.sent()
        her = herself(service, given.sender, one.client)
        assert her.get(f"/v1/clients/{one.client}/disclosures").is_success
        when(her.get(f"/v1/clients/{other.client}/disclosures")).then_problem(404, "not-found")
        for path in (f"/v1/clients/{one.client}", f"/v1/clients/{one.client}/timeline", one.path, "/v1/work"):
            when(her.get(path)).then_problem(403, "role-forbids")

    def test_her_sign_in_is_short(self, given: Given, service: Service) -> None:
        service.clock.ahead = timedelta(minutes=-31)
        try:
            client = given.client()
            her = herself(service, given.sender, client)
        finally:
            service.clock.ahead = timedelta(0)
        when(her.get(f"/v1/clients/{client}/disclosures")).then_problem(401, "not-signed-in")

    def test_a_forged_token_is_not_believed(self, given: Given, service: Service) -> None:
        sent: Referral = given.sent()
        her = herself(service, given.sender, sent.client)
        head, claims, _ = str(her.token).split(".")
        forged = Caller(service.url, f"{head}.{claims}.{'A' * 86}", service.http)
        when(forged.get(f"/v1/clients/{sent.client}/disclosures")).then_problem(401, "not-signed-in")


@pytest.mark.parametrize(("language", "words"), [("en", "Example Doula Network"), ("es", "Usted dijo que sí el")])
def test_the_list_on_paper_has_no_name_of_hers(given: Given, service: Service, language: str, words: str) -> None:
    sent = given.accepted()
    name = given.sender.seen(f"/v1/clients/{sent.client}")["name"]
    her = herself(service, given.sender, sent.client)
    answer = her.get(f"/v1/clients/{sent.client}/disclosures/paper", params={"language": language})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    text = on_paper(answer.content)
    assert (words in text, name.split("-")[-1] in text) == (True, False)
    listed = {"en": "could see your name and your phone number", "es": "pudo ver su nombre y su número de teléfono"}
    assert listed[language] in text


def test_nobody_is_told_so_of_each_list(given: Given, service: Service) -> None:
    client = given.client()
    her, path = herself(service, given.sender, client), f"/v1/clients/{client}/disclosures/paper"
    said = {"false": "Nobody has opened your record.", "true": "Who got your treatment records"}
    papers = {part_2: on_paper(her.get(path, params={"part_2": part_2}).content) for part_2 in said}
    assert [words in papers[part_2] for part_2, words in said.items()] == [True, True]
    assert ("Nobody got any." in papers["true"], said["false"] in papers["true"]) == (True, False)


def test_who_got_treatment_records_is_a_list_of_its_own_that_names_them(given: Given, service: Service) -> None:
    client = given.client()
    wanted = given.sender.done(f"/v1/clients/{client}/needs", {"category": "substance_use_treatment"})["need"]
    sent = given.sent(client, need=wanted)
    given.sent(sent.client, to={"agency": "sample-housing-help", "service": "housing-help-navigation"},
               category="housing-instability")  # fmt: skip
    her = herself(service, given.sender, sent.client)
    path = f"/v1/clients/{sent.client}/disclosures"
    officer = service.caller(NORTH, "privacy_officer", subject="pia-invented")
    for reader in (her, officer):
        assert told(reader.listed(path, part_2="true")) == [("referral", DOULAS, NORTH)]
    paper = her.get(f"{path}/paper", params={"part_2": "true"})
    text = on_paper(paper.content)
    assert ("Example Doula Network" in text, "42 CFR 2.24" in text, "Housing" in text) == (True, True, False)
    for language, words in (("en", "A restricted health service was"), ("es", "A un servicio de salud reservado se")):
        text = on_paper(her.get(f"{path}/paper", params={"language": language}).content)
        assert (words in text, "Example Doula Network" in text) == (True, False)


@pytest.mark.parametrize(("language", "said"), [("en", "Page {} of {}"), ("es", "Página {} de {}")])
def test_a_list_of_several_pages_says_which_each_is(given: Given, service: Service, language: str, said: str) -> None:
    client = given.client()
    papers = []
    for referrals in (1, 12):
        for _ in range(referrals):
            _declined(given, client)
        her, path = herself(service, given.sender, client), f"/v1/clients/{client}/disclosures/paper"
        paper = PdfReader(io.BytesIO(her.get(path, params={"language": language}).content))
        papers.append([" ".join(page.extract_text().split()) for page in paper.pages])
    alone, several = papers
    assert (len(alone), said.format(1, 1) in alone[0]) == (1, False)
    assert len(several) > 1
    assert [said.format(number, len(several)) in page for number, page in enumerate(several, 1)] == [True] * len(
        several
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["with a restricted health service.", "A restricted health service asked them.",
                "A restricted health service answers by", "A restricted health service opened your record"]),
        ("es", ["con un servicio de salud reservado.", "Un servicio de salud reservado se lo pidió.",
                "Un servicio de salud reservado responde antes", "Un servicio de salud reservado abrió su expediente"]),
    ],
)  # fmt: skip
def test_r6_an_agency_whose_name_tells_is_not_named_on_her_list(
    service: Service, language: str, said: list[str]
) -> None:
    house, south = (service.caller(each, "case_manager") for each in ("sample-safe-house", "example-clinic-south"))
    care = {"agency": "example-clinic-south", "service": "clinic-south-prenatal-navigation"}
    sent = Given(house, south).sent(to=care, category="prenatal_care_navigation")
    emergency = {"client": sent.client, "code": "danger", "reason": "He stands at the door of the Safe House."}
    house.done("/v1/break-glass", emergency)
    opened = Caller(service.url, None, service.http).done("/v1/access", {"code": coded(house, sent.client)})
    her = Caller(service.url, opened["token"], service.http)
    assert opened["restricted"] == "ipv"
    *_, first = accounted(her, sent.client)
    her.done(f"/v1/clients/{sent.client}/disclosures/{first['disclosure']}/questions", {"text": "Was this right?"})
    listed = {each["kind"]: each for each in accounted(her, sent.client)}
    assert [listed[kind]["restricted"] for kind in ("opened", "referral")] == ["ipv", None]
    assert listed["referral"]["by_restricted"] == "ipv"
    assert {each["agency"]["agency"]: each["restricted"] for each in listed["referral"]["asked"]} == {
        "sample-safe-house": "ipv", "example-clinic-south": None,
    }  # fmt: skip
    paper = her.get(f"/v1/clients/{sent.client}/disclosures/paper", params={"language": language}).content
    text = on_paper(paper)
    assert [each for each in said if each not in text] == []
    assert "Safe House" not in text + str(PdfReader(io.BytesIO(paper)).metadata)
