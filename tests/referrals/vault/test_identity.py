from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.referrals.domain.vocabulary import GivenField
from services.referrals.vault.identity import Address, Identity, Name, folded, folded_number, phone_digits
from tests.fix_vault import mara, named

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = st.builds(Name, given=TEXT.filter(str.strip), family=st.none() | TEXT)
IDENTITIES = st.builds(
    Identity,
    names=st.lists(NAMES, min_size=1, max_size=3).map(tuple),
    birth_date=st.none() | st.dates(),
    phones=st.lists(TEXT.filter(bool), max_size=3).map(tuple),
    address=st.none() | st.builds(Address, line=TEXT.filter(bool)),
    language=st.none() | st.just("es"),
    medi_cal_cin=st.none() | TEXT.filter(bool),
    mrn=st.none() | TEXT.filter(bool),
)


@given(IDENTITIES)
def test_an_identity_comes_back_from_its_document(identity: Identity) -> None:
    again = Identity.of(identity.document())
    assert again.document() == identity.document()
    assert again.fields() == identity.fields()
    assert again.mrn == identity.mrn


def test_fields_are_those_that_a_client_can_agree_to_give() -> None:
    assert mara(mrn="MRN-1").fields() == {
        "name": [{"given": "Mara", "family": "Example"}],
        "birth_date": "1996-02-29",
        "phones": ["(559) 555-0142"],
        "address": {"line": "12 Sample Street", "city": "Fresno", "zip": "93706"},
        "language": "es",
        "medi_cal_cin": "91234567A",
    }
    # A due date follows from events and a note lies by itself; the rest is hers to give.
    assert set(mara().fields()) == {field.value for field in GivenField} - {"due_date", "note"}
    assert named("Testa").fields() == {"name": [{"given": "Testa"}]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mara Example", ("mara", "example")),
        ("  MARA\tEXAMPLE ", ("mara", "example")),
        ("María-José Núñez", ("maria", "jose", "nunez")),
        ("O'Example D’Sample", ("oexample", "dsample")),
        ("Søren Łukasz Straße", ("soren", "lukasz", "strasse")),
        ("İstanbul Ișıl", ("istanbul", "isil")),
        ("李 小龍", ("李", "小龍")),
        ("🙂", ("🙂",)),
        ("Mara\x00Example", ("mara", "example")),
        ("\u0301", ("\u0301",)),
        (" ", ()),
    ],
)
def test_words_of_a_name(text: str, words: tuple[str, ...]) -> None:
    assert folded(text) == words


@given(TEXT)
def test_folding_again_changes_nothing_and_loses_no_name(text: str) -> None:
    once = folded(text)
    assert bool(once) == bool(text.split())
    assert all(word.strip() for word in once)


@pytest.mark.parametrize(
    "text",
    [
        "(559) 555-0142",
        "559.555.0142",
        "+1 559 555 0142",
        "15595550142",
        "559 555 0142 ext. 77",
        "+15595550142;ext=77",
        "559 555 0142x77",
        "Max 5595550142",
    ],
)
def test_a_phone_number_is_its_digits(text: str) -> None:
    assert phone_digits(text) == "5595550142"


def test_a_number_is_the_same_however_it_is_spaced() -> None:
    assert folded_number(" mrn 0042 ") == folded_number("MRN0042") != folded_number("MRN-0042")


def test_a_like_name_is_one_that_holds_the_other() -> None:
    known = Identity(names=(Name(given="Mara Lucía", family="Example-Sample"), Name(given="Mari")))
    assert known.is_named_like(named("MARA", "Example"))
    assert known.is_named_like(named("Mari", "Muestra"))
    assert named("Mara", "Example").is_named_like(known)
    assert not known.is_named_like(named("Nora", "Example"))
    assert not named("🙂").is_named_like(named("Mara"))


def test_a_name_is_needed_and_an_error_does_not_repeat_what_was_typed() -> None:
    nameless: list[list[dict[str, str]]] = [[], [{"given": " ", "family": ""}], [{}]]
    for names in nameless:
        with pytest.raises(ValidationError):
            Identity.model_validate({"names": names})
    with pytest.raises(ValidationError) as caught:
        Identity.model_validate(
            {"names": [{"given": "Mara", "middle": "Muestra"}], "birth_date": "29 Feb 1996 Muestra"}
        )
    assert "Muestra" not in str(caught.value)
    assert mara().birth_date == date(1996, 2, 29)
