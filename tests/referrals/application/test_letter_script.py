"""Names of any language on the letter: drawn whole, or said to be missing; never another name, never "??"."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from services.referrals.application.letter_paper import LetterText, drawn
from services.referrals.application.letter_script import GAP, is_whole, marked_up


def page(name: str, language: str = "en", note: str = "Rings twice") -> str:
    text = LetterText(
        language=language, today=date(2026, 11, 2), sender="Example Clinic North", receiver="Sample Pantry",
        service="Food boxes", due=None, agreed_on=None, name=name, facts=(("note", note),), modes=(), forbidden=False,
        code="7QK42M", link="closeknit.invalid/answer/ABCDEFGH",
    )  # fmt: skip
    (only,) = PdfReader(io.BytesIO(drawn(text, "letter"))).pages
    return " ".join(only.extract_text().split())


@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh Mẫu", "Testa Sample-Muestra", "Zoë O’Ejemplo", "Тест Пример"])
def test_a_name_that_a_face_has_stands_whole(name: str) -> None:
    said = page(name)
    assert f"help {name}." in said
    assert "cannot print" not in said


@pytest.mark.parametrize("name", ["样本", "ਨਮੂਨਾ", "عينة", "ตัวอย่าง"])
def test_a_name_that_no_face_has_is_said_to_be_missing(name: str) -> None:
    for language, words in (("en", "Her name is written in a script"), ("es", "Su nombre está en una escritura")):
        said = page(name, language)
        assert words in said
        assert GAP in said
        assert "?" not in said


def test_words_of_a_note_that_no_face_has_leave_the_rest() -> None:
    said = page("Testa Sample", note="Ask for 样本 at <the> door")
    assert f"Ask for {GAP} at <the> door" in said
    assert "Where […] stands" in said
    assert "Her name is written" not in said


def test_marks_that_only_order_text_are_not_drawn() -> None:
    assert marked_up("Ánh \u202emẫu") == 'Ánh <font name="NotoSans">mẫu</font>'
    assert is_whole(None)
