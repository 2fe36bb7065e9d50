"""Languages: no text without its words, dates as people write them, every code with a name."""

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from contracts.initiative import load_initiatives
from contracts.vocabulary import Category
from contracts.vocabulary import __path__ as vocabulary_path
from contracts.vocabulary.need_words import NEED_WORDS
from services.gateway.pages import catalogue, terms
from services.gateway.pages.words import CATALOGUES, LANGUAGES, ORIGIN, Words, preferred, spoken, translations
from services.referrals.domain.referral.cancelling import OF_A_SENDER
from tests.gateway.house import INITIATIVES

PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
TODAY = date(2026, 11, 17)


def words(language: str) -> Words:
    return Words(language, translations(language), ZoneInfo("America/Los_Angeles"))


@pytest.mark.parametrize("language", catalogue.languages())
def test_no_text_is_untranslated(language: str) -> None:
    assert list(catalogue.untranslated(language)) == []
    assert list(catalogue.left_over(language)) == []


@pytest.mark.parametrize("language", catalogue.languages())
def test_a_catalogue_says_everything_once_and_in_order(language: str) -> None:
    committed = (CATALOGUES / f"{language}.po").read_bytes()
    assert committed == catalogue.updated(language), "python -m services.gateway.pages.catalogue writes it anew"


def test_every_language_but_the_first_has_a_catalogue() -> None:
    assert catalogue.languages() == sorted(set(LANGUAGES) - {ORIGIN})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_need_is_called_on_a_page_as_on_paper(language: str) -> None:
    """Whatever else a page says in the same English words."""
    said = {each: words(language).say(terms.CATEGORIES[each]) for each in Category}
    assert said == NEED_WORDS[language], "each need has its words, and nothing else has"


def test_only_languages_of_the_pages_call_needs() -> None:
    assert NEED_WORDS.keys() == LANGUAGES.keys()


@pytest.mark.parametrize(("code", "name"), [("vi", "Tiếng Việt"), ("hmn", "Hmoob")])
def test_another_language_is_a_catalogue_and_nothing_else(tmp_path: Path, code: str, name: str) -> None:
    said = {"": f"Language: {code}\\n", "Overdue": "(late)", "d MMM y": "y, d MMM"}
    text = "\n\n".join(f'msgid "{known}"\nmsgstr "{words}"' for known, words in said.items())
    (tmp_path / f"{code}.po").write_text(text)
    assert spoken(tmp_path) == {"en": "English", code: name}
    other = Words(code, translations(code, tmp_path), ZoneInfo("America/Los_Angeles"))
    assert other.say("Overdue") == "(late)"
    assert other.day(date(2024, 2, 29), TODAY).startswith("2024, 29 ")
    assert other.say("Sign out") == "Sign out", "what it does not say yet is said in English"


def test_a_missing_word_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    known = catalogue.kept("es")
    gone = known.get("Sign out")
    assert gone is not None
    gone.string = ""
    known.add("Nobody says this", "Nadie dice esto")
    known.delete("Overdue")
    monkeypatch.setattr(catalogue, "kept", lambda _: known)
    assert set(catalogue.untranslated("es")) == {"Sign out", "Overdue"}
    assert list(catalogue.left_over("es")) == ["Nobody says this"]


@pytest.mark.parametrize("language", catalogue.languages())
def test_words_keep_the_places_of_their_values(language: str) -> None:
    for message in catalogue.kept(language):
        texts = message.id if isinstance(message.id, tuple | list) else (message.id,)
        said = message.string if isinstance(message.string, tuple | list) else (message.string,)
        for text, words_of_it in zip(texts, said, strict=True):
            assert set(PLACE.findall(str(text))) == set(PLACE.findall(str(words_of_it))), text


def test_no_sentence_begins_where_another_has_no_room() -> None:
    glued = re.compile(r"[a-záéíóúñ]\.[A-ZÁÉÍÓÚ¿¡]")
    said = [*(str(message.string) for message in catalogue.kept("es")), *(str(each.id) for each in catalogue.found())]
    assert [text for text in said if glued.search(text)] == []
    assert glued.search("Está abierto.Está abierto.")


def test_spanish_speaks_with_usted() -> None:
    familiar = re.compile(r"(?i)\b(tú|tus?|te|ti|contigo|puedes|tienes|eres|quieres|haz|pulsa|elige|escribe)\b")
    said = " ".join([*(str(message.string) for message in catalogue.kept("es")), *NEED_WORDS["es"].values()])
    assert familiar.findall(said) == []
    assert familiar.findall("Elige tu agencia") == ["Elige", "tu"]


def test_words_that_we_avoid_stand_nowhere() -> None:
    avoided = re.compile(
        r"(?i)\b(patient|beneficiary|provider|non-compliant|no-show|high-risk|minority|ticket|submit|invalid"
        r"|successfully|click here|dashboard|stakeholder|please|sorry)\b|!"
    )
    said = [*(str(message.id) for message in catalogue.found() if message.id), *NEED_WORDS[ORIGIN].values()]
    assert [text for text in said if avoided.search(text)] == []
    assert avoided.search("Click here to submit!")


@pytest.mark.parametrize(
    ("language", "style", "written"),
    [
        ("en", None, "Tue 24 Nov"),
        ("es", None, "mar 24 nov"),
        ("en", "long", "Tuesday, 24 November"),
        ("es", "long", "martes 24 de noviembre"),
        ("en", "whole", "24 November 2026"),
        ("es", "whole", "24 de noviembre de 2026"),
        ("es", "month", "Noviembre de 2026"),
        ("es", "in_month", "noviembre de 2026"),
        ("en", "told", "November 24"),
        ("es", "told", "24 de noviembre"),
        ("en", "dated", "November 24, 2026"),
        ("es", "dated", "24 de noviembre de 2026"),
    ],
)
def test_a_date_as_people_write_it(language: str, style: str | None, written: str) -> None:
    assert words(language).day(date(2026, 11, 24), TODAY, style) == written


def test_a_far_date_has_its_year() -> None:
    assert words("en").day(date(2025, 1, 3), TODAY) == "3 Jan 2025"


@pytest.mark.parametrize(("language", "written"), [("en", "28 January 2025"), ("es", "28 de enero de 2025")])
def test_a_far_date_has_its_year_in_the_long_style_too(language: str, written: str) -> None:
    assert words(language).day(date(2025, 1, 28), TODAY, "long") == written
    assert words("en").day(date(2025, 1, 28), TODAY, "told") == "January 28, 2025"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+15595550181", "559 555 0181"),
        ("+15595550181 x12", "559 555 0181 x12"),
        ("+525555550181", "+525555550181"),
        ("+155955501812", "+155955501812"),
        ("559 555 0181", "559 555 0181"),
        ("", ""),
    ],
)
def test_a_phone_number_as_people_say_it(number: str, said: str) -> None:
    assert words("en").phone(number) == said


def test_a_time_is_the_local_one() -> None:
    at = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)
    assert words("en").time(at) == "17:30"
    clock = [words("en").clock(at + timedelta(hours=hours)) for hours in (-5, 0, 7, 15)]
    assert clock == ["12:30 pm", "5:30 pm", "12:30 am", "8:30 am"]
    assert words("es").clock(at) == "5:30 p. m."
    assert words("en").day(at, TODAY) == "Tue 17 Nov"


def test_numbers_and_lists() -> None:
    assert (words("en").number(1234), words("es").number(1234)) == ("1,234", "1,234")
    assert words("es").listed(["a", "b", "c"]) == "a, b y c"
    assert words("es").count("%(number)s day late", "%(number)s days late", 1) == "1 día de retraso"
    assert words("es").count("%(number)s day late", "%(number)s days late", 3) == "3 días de retraso"


def test_languages_have_names() -> None:
    assert words("en").language_name("es") == "Spanish"
    assert words("es").language_name("hmn", inside=True) == "hmong"
    assert words("en").language_name("mix") == "Mixteco"
    assert words("en").language_name("qqq") == "Qqq"


def test_what_was_chosen_wins_over_the_person_and_the_person_over_the_browser() -> None:
    assert preferred("es", "en", "en") == "es"
    assert preferred(None, "es-MX", "en") == "es"
    assert preferred(None, "ES_us", "en") == "es"
    assert preferred("de", None, "es,en;q=0.1") == "es"
    assert preferred(None, "hmn", "es") == "es"
    assert preferred(None, None, None) == "en"


@pytest.mark.parametrize("language", catalogue.languages())
def test_every_initiative_says_what_it_is_in_every_language(language: str) -> None:
    for initiative in load_initiatives(INITIATIVES).values():
        assert language in initiative.languages, initiative.slug


def vocabulary() -> dict[str, type[StrEnum]]:
    """The code lists that services share, by name."""
    import contracts.vocabulary as shared

    assert vocabulary_path
    found: dict[str, type[StrEnum]] = {}
    for name in dir(shared):
        kind = getattr(shared, name)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            found[name] = kind
    return found


NAMED = {
    "Category": terms.CATEGORIES,
    "ContactMode": terms.CONTACT_MODES,
    "ContactOutcome": terms.CONTACT_OUTCOMES,
    "HandoffKind": terms.HANDOFF_KINDS,
    "ResponsibilityDomain": terms.DOMAINS,
    "Basis": terms.BASES,
    "Outcome": terms.OUTCOMES,
    "Reason": terms.REASONS,
    "ConsentForm": terms.FORMS,
    "ConsentAuthority": terms.AUTHORITIES,
    "InformationKind": terms.INFORMATION_KINDS,
    "Measurement": terms.MEASUREMENTS,
    "PopulationMeasure": terms.POPULATION,
}


@pytest.mark.parametrize("name", NAMED)
def test_every_code_has_a_name(name: str) -> None:
    codes = {code.value for code in vocabulary()[name]}
    assert codes <= set(NAMED[name])


def test_a_sender_is_offered_just_the_reasons_that_it_may_give() -> None:
    assert set(terms.SENDER_REASONS) == OF_A_SENDER


def test_the_lists_to_choose_from_are_known() -> None:
    reasons = {code.value for code in vocabulary()["Reason"]}
    offered = {code for _, codes in terms.REASON_GROUPS for code in codes} | set(terms.HANDOFF_REASONS)
    assert offered <= reasons
    assert "unable_to_reach" not in offered
