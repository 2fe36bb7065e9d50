"""A client's own pages: let in by a code, in two languages, without her name; nothing restricted is named there."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Browser
from starlette.responses import JSONResponse, Response

from tests.gateway.house import House, hidden, running
from tests.gateway.reading import Reading
from tests.gateway.test_every_page import NARROW, missed_by_keyboard, serious, too_wide
from tests.gateway.test_pages import client_page
from tests.gateway.test_stale import opened as opened_by
from tests.gateway.test_steps import TODAY, press
from tests.gateway.upstream_hers import ASKED, CODE, disclosed, helping
from tests.gateway.upstream_twin import DIAPERS, DOULAS, HUB, Json
from tests.plain import PLAIN

HUB_HELPS = helping(HUB, leads=["primary_care_coordination"])
UNNAMED_HELP = helping(HUB, ("behavioral_health", "asked"), restricted="behavioral")
DOULAS_ASKED = helping(DOULAS, ("doula", "asked"))


@pytest.fixture
def anybody(house: House) -> Iterator[httpx.Client]:
    with house.visitor(origin=house.url) as client:
        yield client


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "Sample County CHW Hub looked at your timeline",
                "Example Doula Network saw your name and your phone number",
                "A printed letter cannot be taken back.",
                "A restricted health service was asked to help you",
                "You were not asked first",
                "Sample County CHW Hub opened your record without asking you first. They could see it for 3 hours.",
                "Nobody could ask her.",
                "Why: you or somebody else was in danger.",
                "Example Clinic North looked at it on October 20, 2026 and found that it was not right.",
                "Example Doula Network looks at whether it was right, by November 14, 2026.",
                "A restricted health service looked at it on October 20, 2026 and found that it was right.",
                "She came to the emergency room.",
                "Example Clinic North erased what it knew of you",
                "You said yes on October 14, 2026.",
                "4 agencies help you, or were asked to. In the last 3 months your record was opened or sent 7 times.",
            ],
        ),
        (
            "es",
            [
                "Sample County CHW Hub vio su historia de apoyo",
                "Una carta impresa no se puede retirar.",
                "A un servicio de salud reservado se le pidió ayuda para usted",
                "Un servicio de salud reservado lo revisó el 20 de octubre de 2026 y encontró que estuvo bien.",
                "4 agencias la ayudan, o se les pidió que la ayuden. En los últimos 3 meses",
                "No le preguntaron antes",
                "Por qué: usted u otra persona estaba en peligro.",
                "Example Clinic North lo revisó el 20 de octubre de 2026 y encontró que no estuvo bien.",
                "Example Doula Network revisa si estuvo bien, a más tardar el 14 de noviembre de 2026.",
                "Usted dijo que sí el 14 de octubre de 2026.",
            ],
        ),
    ],
)
def test_she_comes_in_by_a_code_and_reads_who_saw_her_record(
    anybody: httpx.Client, language: str, words: list[str]
) -> None:
    anybody.get(f"/language/{language}")
    page = anybody.post("/my", data={"code": CODE.lower()})
    assert (page.status_code, page.url.path) == (200, "/my/record")
    for each in words:
        assert each in page.text
    assert page.text.count("The number would have been enough.") == 1, "none of the words of who is not named"
    assert not any(told in page.text for told in ("Nora", "Muster Diaper Bank", "behavioral"))
    assert not any(told in page.text for told in ("substance", "Treatment for drug", "part2"))


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", [("November 17", "2:30 pm"), ("November 17", "9:12 am")]),
        ("es", [("17 de noviembre", "2:30 p. m."), ("17 de noviembre", "9:12 a. m.")]),
    ],
)
def test_her_dates_are_as_she_says_them(
    house: House,
    anybody: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    written: list[tuple[str, str]],
) -> None:
    house.clock.at = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    monkeypatch.setattr("tests.gateway.upstream_hers.LIST", [
        disclosed("timeline", at="2026-11-17T22:30:00.000Z"), disclosed("timeline", at="2026-11-17T17:12:00.000Z"),
    ])  # fmt: skip
    anybody.get(f"/language/{language}")
    anybody.post("/my", data={"code": CODE})
    page = anybody.get("/my/record")
    assert re.findall(r'<b><time datetime="[^"]*">([^<]*)</time></b> ([^<]*)</p>', page.text) == written
    made = {"en": "made at 4:00 am on November 20, 2026.", "es": "hecha a las 4:00 a. m. del 20 de noviembre de 2026."}
    assert made[language] in page.text


def test_what_is_older_than_three_months_is_folded_and_all_that_is_not_is_counted(
    house: House, anybody: httpx.Client
) -> None:
    def in_parts() -> Response:
        part = 2 if house.twin.heard[-1][1].get("cursor") else 1
        following = "/v1/clients/x/disclosures?limit=30&cursor=part2" if part == 1 else None
        return JSONResponse({"items": parts[part], "next": following})

    house.clock.at = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    new = disclosed("timeline", at="2026-11-17T17:12:00.000Z")
    parts = {1: [new], 2: [new, disclosed("read", at="2026-08-12T17:12:00.000Z", disclosure="o" * 26)]}
    house.twin.breaks["list_disclosures"] = in_parts
    page = anybody.post("/my", data={"code": CODE})
    assert "In the last 3 months your record was opened or sent 2 times." in page.text
    before, _, folded = page.text.partition("<details><summary>Show what is older</summary>")
    assert (before.count("looked at your timeline"), "August 12" in before, "August 12" in folded) == (2, False, True)
    action = "/my/record/ask"
    wrong = anybody.post(action, data=hidden(page, action) | {"disclosure": "o" * 26})
    assert (wrong.status_code, "<details open><summary>Show what is older" in wrong.text) == (422, True)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "Why: Finding prenatal care. A restricted health service asked them.",
                "A restricted health service answers by November 14, 2026.",
                "A restricted health service erased what it knew of you",
                "A restricted health service opened your record in an emergency, for 3 hours",
                ", a restricted health service opened your record without asking you first.",
            ],
        ),
        (
            "es",
            [
                "Un servicio de salud reservado se lo pidió.",
                "Un servicio de salud reservado responde antes del 14 de noviembre de 2026.",
                "Un servicio de salud reservado borró lo que sabía de usted",
            ],
        ),
    ],
)
def test_r6_an_agency_whose_name_tells_is_named_nowhere(
    anybody: httpx.Client, monkeypatch: pytest.MonkeyPatch, language: str, said: list[str]
) -> None:
    asked = {**ASKED, "agency": DIAPERS, "restricted": "ipv"}
    by = {"by": DIAPERS, "by_restricted": "ipv", "asked": [asked]}
    did = {"to": DIAPERS, "by": None, "allowed": None, "restricted": "ipv"}
    monkeypatch.setattr("tests.gateway.upstream_hers.LIST", [
        disclosed("referral", fields=["name"], category="prenatal_care_navigation", **by),
        disclosed("erased", **did), disclosed("opened", exception="emergency", emergency="danger", **did),
    ])  # fmt: skip
    anybody.get(f"/language/{language}")
    anybody.post("/my", data={"code": CODE})
    page = anybody.get("/my/record").text
    assert [each for each in said if each not in page] == []
    assert "Muster Diaper Bank" not in page
    assert "Muster Diaper Bank" in anybody.get("/my/record?list=part-2").text, "which has names, as she asked for it"


@pytest.mark.parametrize(
    ("unnamed", "language", "said"),
    [
        (None, "en", "Example Clinic North"),
        ("ipv", "en", "A health service, restricted"),
        ("ipv", "es", "Servicio de salud, reservado"),
    ],
)
def test_r6_nor_is_it_at_the_top_of_her_pages_when_it_let_her_in(
    house: House, anybody: httpx.Client, unnamed: str | None, language: str, said: str
) -> None:
    house.twin.unnamed = unnamed
    anybody.get(f"/language/{language}")
    anybody.post("/my", data={"code": CODE})
    for path in ("/my/record", "/my/consents", "/my/helpers"):
        assert f'<p class="who"><strong>{said}</strong>' in anybody.get(path).text, path


@pytest.mark.parametrize(
    ("helpers", "en", "es"),
    [
        ([], "No agency helps you now.", "Ninguna agencia la ayuda ahora."),
        ([HUB_HELPS], "1 agency helps you.", "1 agencia la ayuda."),
        ([HUB_HELPS, UNNAMED_HELP], "1 agency helps you.", "1 agencia la ayuda."),
        (
            [HUB_HELPS, DOULAS_ASKED],
            "2 agencies help you, or were asked to.",
            "2 agencias la ayudan, o se les pidió que la ayuden.",
        ),
        ([DOULAS_ASKED], "1 agency helps you, or was asked to.", "1 agencia la ayuda, o se le pidió que la ayude."),
    ],
)
def test_how_many_help_her_is_what_the_list_of_who_helps_her_says(
    house: House, anybody: httpx.Client, helpers: list[Json], en: str, es: str
) -> None:
    house.twin.breaks["list_helpers"] = lambda: JSONResponse({"items": helpers})
    anybody.post("/my", data={"code": CODE})
    for language, said in (("en", en), ("es", es)):
        anybody.get(f"/language/{language}")
        assert f'<p class="lead">{said} ' in anybody.get("/my/record").text, "whoever saw her record in these 3 months"


def test_her_sign_in_is_good_for_her_pages_alone(anybody: httpx.Client) -> None:
    anybody.post("/my", data={"code": CODE})
    assert anybody.get("/work").url.path == "/sign-in"
    assert anybody.get("/clients").url.path == "/sign-in"
    assert anybody.get("/my").url.path == "/my/record"
    page = anybody.get("/my/record")
    copied = anybody.cookies["closeknit-hers"]
    assert [anybody.post("/my/leave", data=hidden(page, "/my/leave")).url.path for _ in range(2)] == ["/my", "/my"]
    assert set(anybody.cookies) == set()
    anybody.cookies.set("closeknit-hers", copied, domain="127.0.0.1")
    assert anybody.get("/my/record").url.path == "/my", "a copy is nothing, too"
    assert anybody.get("/my/record").url.path == "/my"


def test_a_member_of_staff_in_the_same_browser_is_nobody_there(visitor: httpx.Client) -> None:
    assert visitor.get("/my/record").url.path == "/my"


def test_who_guesses_is_turned_away_on_pages_and_over_the_api() -> None:
    with running() as house, httpx.Client(base_url=house.url, headers={"origin": house.url}, verify=PLAIN) as anybody:
        for _ in range(3):
            page = anybody.post("/my", data={"code": "222 222 222 222"})
            assert (page.status_code, "This code opens nothing" in page.text) == (422, True)
        for _ in range(2):
            assert anybody.post("/v1/access", json={"code": "222 222 222 222"}).status_code == 404
        assert anybody.post("/my", data={"code": CODE}).status_code == 429
        answer = anybody.post("/v1/access", json={"code": CODE})
        assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-wrong-codes")


def test_a_form_from_elsewhere_opens_nothing(house: House) -> None:
    with httpx.Client(base_url=house.url, headers={"origin": "https://elsewhere.invalid"}, verify=PLAIN) as other:
        assert other.post("/my", data={"code": CODE}).status_code == 403


def test_staff_give_her_a_code(visitor: httpx.Client) -> None:
    page = visitor.get(client_page(visitor))
    action = f"{page.url.path}/code"
    given = visitor.post(action, data=hidden(page, action))
    assert (given.status_code, CODE in given.text, "/my" in given.text) == (200, True, True)


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "if she loses it, give her a new one"), ("es", "si lo pierde, dele uno nuevo")]
)
def test_a_code_is_there_again_for_the_same_press_and_the_page_does_not_say_otherwise(
    house: House, language: str, sentence: str
) -> None:
    with house.visitor("sam-specimen", **{"accept-language": language}) as staff:
        page = staff.get(client_page(staff))
        action = f"{page.url.path}/code"
        typed = hidden(page, action)
        for _ in range(2):
            given = staff.post(action, data=typed)
            assert (CODE in given.text, sentence in given.text) == (True, True)
        keys = [heard["idempotency-key"] for name, _, heard in house.twin.heard if name == "give_access_code"]
        assert keys[0] == keys[1]


def test_r1_an_emergency_has_a_strip_on_every_page_of_hers() -> None:
    with running() as house, house.visitor("sam-specimen") as visitor:
        her = client_page(visitor)
        strip = "You opened this record in an emergency, until"
        assert strip not in visitor.get(her).text
        form = visitor.get(f"{her}/break-glass")
        typed = hidden(form, f"{her}/break-glass")
        wrong = visitor.post(f"{her}/break-glass", data=typed | {"code": "medical"})
        assert (wrong.status_code, "Write what happened" in wrong.text) == (422, True)
        whole = typed | {"code": "medical", "why": "She lies in the emergency room."}
        opened = visitor.post(f"{her}/break-glass", data=whole)
        assert (opened.url.path, strip in opened.text) == (her, True)
        assert "you also see what other agencies wrote down, without her yes" in opened.text
        assert "She can let you see more" not in opened.text
        asked = house.twin.heard
        about_her = [f"/referrals/{house.twin.referral}", f"/handoffs/{house.twin.handoff}"]
        assert not any(strip in visitor.get(page).text for page in about_her), "she is nobody there before it is hers"
        press(visitor, opened_by(visitor, about_her[0]), f"{about_her[0]}/accept", on="")
        press(visitor, opened_by(visitor, about_her[1]), f"{about_her[1]}/accept", on=TODAY)
        on_her = ("", "/needs", "/consent", "/lead", "/plan", "/demographics", "/identity", "/safe-contact", "/refer")
        for page in [*about_her, *(her + each for each in on_her)]:
            before = len(asked)
            assert strip in visitor.get(page).text, page
            assert [action for action, _, _ in asked[before:]].count("get_client") == 1, f"{page} asks for her once"
        assert strip not in visitor.get("/work").text
        heard = [body for action, body, _ in house.twin.heard if action == "break_glass"]
        assert heard == [{"client": house.twin.nora, "code": "medical", "reason": whole["why"]}]
    with running() as house, house.visitor("wanda-sample") as visitor:
        assert visitor.get(f"/clients/{'a' * 26}/break-glass").status_code == 403, "staff are no case managers"


def test_r1_what_is_open_is_told_and_another_kind_opens_by_itself() -> None:
    with running() as house, house.visitor("sam-specimen") as visitor:
        action = f"{client_page(visitor)}/break-glass"
        form = visitor.get(action)
        first = hidden(form, action) | {"code": "danger", "why": "He stands at her door."}
        visitor.post(action, data=first)
        open_now = visitor.get(action)
        assert "It is open to you until" in open_now.text
        assert "For this: She or somebody else is in danger." in open_now.text
        assert 'value="medical"' in open_now.text
        assert 'value="danger"' not in open_now.text
        other = hidden(visitor.get(action), action) | {"code": "danger", "why": "He broke it open."}
        refused = visitor.post(action, data=other)
        assert refused.status_code == 409
        assert "You opened it for this already, with other words" in refused.text
        assert "He broke it open." in refused.text
        changed = hidden(refused, action) | {"code": "medical", "why": "He broke it open."}
        assert visitor.post(action, data=changed).url.path == client_page(visitor)
        both = visitor.get(action)
        assert both.text.count("It is open to you until") == 2
        assert "<form" not in both.text.partition("<main")[2].partition("</main")[0]


def test_r1_what_stays_shut_is_told_to_who_opens_it() -> None:
    """42 CFR 2.51: restricted care opens to medical personnel, in a medical emergency."""
    with running() as house, house.visitor("sam-specimen") as visitor:
        form = f"{client_page(visitor)}/break-glass"
        assert "In a medical emergency you see restricted care" in visitor.get(form).text
        house.twin.gives_medical_care = False
        page = visitor.get(form).text
        assert "violence, how a pregnancy ended, and all restricted care." in page
        assert "said no to sharing" not in page


@pytest.mark.slow
def test_her_page_is_for_everybody(house: House, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": NARROW, "height": 800})
    page = context.new_page()
    page.goto(f"{house.url}/my")
    assert serious(page) == []
    page.get_by_label("Your code").fill(CODE)
    page.get_by_role("button", name="Show me").click()
    page.wait_for_url("**/my/record")
    assert (serious(page), too_wide(page), missed_by_keyboard(page)) == ([], 0, [])
    context.close()


def test_she_asks_whether_it_was_right_and_reads_the_answer(house: House, anybody: httpx.Client) -> None:
    page = anybody.post("/my", data={"code": CODE})
    for each in ("Why did they need my phone?", "Example Doula Network answered on October 20, 2026:"):
        assert each in page.text
    assert "Example Clinic North answers by November 14, 2026." in page.text
    action = "/my/record/ask"
    typed = hidden(page, action)
    empty = anybody.post(action, data=typed)
    assert (empty.status_code, "Write what you would like to know" in empty.text) == (422, True)
    long = anybody.post(action, data=typed | {f"text-{typed['disclosure']}": "Who " + "x" * 2_000})
    assert (long.status_code, "Write it shorter" in long.text, "x" * 2_000 in long.text) == (422, True, True)
    asked = anybody.post(action, data=typed | {f"text-{typed['disclosure']}": "Who was that?"})
    assert (asked.status_code, asked.url.path, "You asked." in asked.text) == (200, "/my/record", True)
    heard = [body for action, body, _ in house.twin.heard if action == "ask_about_disclosure"]
    assert heard[-1] == {"text": "Who was that?"}


def test_who_got_treatment_records_is_a_list_of_its_own_with_names(anybody: httpx.Client) -> None:
    anybody.post("/my", data={"code": CODE})
    page = anybody.get("/my/record?list=part-2")
    assert "restricted health service" not in page.text
    assert "/my/record/paper?list=part-2" in page.text


def test_the_officer_answers_what_waits(house: House) -> None:
    with house.visitor("pia-example") as officer:
        page = officer.get("/")
        assert (page.url.path, "5 things wait for your answer" in page.text) == ("/privacy", True)
        for each in ("Why did they need my phone?", "She came to the emergency room.", "It was right"):
            assert each in page.text
        for each in ("Her details were erased", "Her details have to be kept", "Her details have to be kept no longer"):
            assert f">{each}</h2>" in page.text
        done = "10:00: An operator did it on the machine, for your agency."
        for each in (f"{done} Why: it was about somebody else.", f"{done} Why: a legal case.", f"{done}</p>"):
            assert each in page.text
        assert page.text.count("say nothing of who she is") == 2, "of a hold nothing is on her list"
        assert page.text.count("in words: she reads it") == 2
        assert page.text.count("Nora Example") == 3, "of the two that wait about what was shared, and of the answered"
        action = f"/privacy/{'p' * 26}/answer"
        typed = hidden(page, action)
        wrong = officer.post(action, data=typed | {f"text-{'p' * 26}": "She could not be asked."})
        assert (wrong.status_code, "Say whether this was right" in wrong.text) == (422, True)
        whole = typed | {f"text-{'p' * 26}": "She could not be asked.", f"finding-{'p' * 26}": "appropriate"}
        assert "Your answer is written down." in officer.post(action, data=whole).text
        hers = next(each for each in Reading(page.text).addresses if each.startswith("/privacy/clients/"))
        listed = officer.get(hers).text
        for each in ("Sample County CHW Hub looked at her timeline", "Why: she or somebody else was in danger."):
            assert each in listed
        assert "<p>Name and Phone. She said yes on 14 October 2026.</p>" in listed
        assert "<p>She said yes on 14 October 2026.</p>" in listed, "no stop where no field was given"
        assert "42 CFR 2.24" in officer.get(f"{hers}?list=part-2").text
        heard = [body for action, body, _ in house.twin.heard if action == "answer_inquiry"]
        assert heard[-1] == {"text": "She could not be asked.", "finding": "appropriate"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Another agency looked at her timeline"), ("es", "Otra agencia vio su historia")],
)
def test_d6_an_officer_is_not_told_who_looked_where_that_may_be_a_danger_to_her(
    house: House, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    look = disclosed("timeline", to={"agency": "another", "name": "Another agency"}, by=None)
    monkeypatch.setattr("tests.gateway.upstream_hers.LIST", [look] * 10)
    with house.visitor("pia-example") as officer:
        officer.get(f"/language/{language}")
        hers = next(
            each for each in Reading(officer.get("/privacy").text).addresses if each.startswith("/privacy/clients/")
        )
        assert said in officer.get(hers).text


def test_r10_an_answer_on_a_later_page_is_mended_there_and_the_heading_counts_all(house: House) -> None:
    house.twin.long_queue = True
    with house.visitor("pia-example") as officer:
        first = officer.get("/privacy")
        assert ("5 things wait for your answer" in first.text, "Show what is due later" in first.text) == (True, True)
        later = next(each for each in Reading(first.text).addresses if each.startswith("/privacy?cursor="))
        page = officer.get(later)
        assert "5 things wait for your answer" in page.text
        action, text = f"/privacy/{'p' * 26}/answer", f"text-{'p' * 26}"
        wrong = officer.post(action, data=hidden(page, action) | {text: "She could not be asked."})
        assert wrong.status_code == 422
        assert f'id="{text}"' in wrong.text, "the page on which its form stands"
        assert ">She could not be asked.</textarea>" in wrong.text
        mended = hidden(wrong, action) | {f"finding-{'p' * 26}": "appropriate", text: ""}
        assert f'id="{text}"' in officer.post(action, data=mended).text, "and once more"


def test_staff_who_are_no_officers_have_no_such_page(visitor: httpx.Client) -> None:
    assert visitor.get("/privacy").status_code == 403
