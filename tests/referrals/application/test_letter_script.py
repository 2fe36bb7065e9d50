"""Names of any language on the letter: drawn whole, or said to be missing; never another name, never "??"."""

import io
from datetime import date
from importlib.resources import files
from pathlib import Path
from shutil import copy

import pytest
from pypdf import PdfReader
from reportlab.lib.styles import ParagraphStyle

from services.referrals.application.letter_faces import OWN, Face, Faces, faces
from services.referrals.application.letter_lines import Lines, as_seen, lines_of
from services.referrals.application.letter_paper import LetterText, drawn
from services.referrals.application.letter_script import GAP, is_whole, marked_up

SHAPED = {
    "NotoSansArabic": "مريم عينة المثال",
    "NotoSansKhmer": "គំរូ ឧទាហរណ៍",
    "NotoSansThai": "นางสาวตัวอย่าง ทดสอบ",
}
PLAIN = ParagraphStyle("plain", fontName=OWN, fontSize=10, leading=14)


def paper(name: str, language: str = "en", note: str = "Rings twice", known: Faces | None = None) -> bytes:
    text = LetterText(
        language=language, today=date(2026, 11, 2), sender="Example Clinic North", receiver="Sample Pantry",
        service="Food boxes", due=None, agreed_on=None, name=name, facts=(("note", note),), modes=(), forbidden=False,
        code="7QK42M", link="closeknit.invalid/answer/ABCDEFGH",
    )  # fmt: skip
    return drawn(text, "letter", known or faces())


def page(name: str, language: str = "en", note: str = "Rings twice") -> str:
    (only,) = PdfReader(io.BytesIO(paper(name, language, note))).pages
    return " ".join(only.extract_text().split())


def put_in(pdf: bytes) -> str:
    """The names of the faces that a page brings along."""
    (only,) = PdfReader(io.BytesIO(pdf)).pages
    fonts = only["/Resources"]["/Font"]  # type: ignore[index]  # a page of ours has both
    return " ".join(str(each.get_object()["/BaseFont"]) for each in fonts.values())


@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh Mẫu", "Testa Sample-Muestra", "Zoë O’Ejemplo", "Тест Пример"])
def test_a_name_that_a_face_has_stands_whole(name: str) -> None:
    said = page(name)
    assert f"help {name}." in said
    assert "cannot print" not in said
    assert "Her name" not in said


@pytest.mark.parametrize("name", ["样本", "ਨਮੂਨਾ", "ຕົວຢ່າງ", "견본"])
def test_a_name_that_no_face_has_is_said_to_be_missing(name: str) -> None:
    for language, words in (("en", "Her name is written in a script"), ("es", "Su nombre está en una escritura")):
        said = page(name, language)
        assert words in said
        assert GAP in said
        assert "?" not in said


@pytest.mark.parametrize(("face", "name"), SHAPED.items())
@pytest.mark.parametrize(
    ("language", "below", "label"),
    [("en", "our client whose name stands below", "Her name"), ("es", "cuyo nombre está abajo", "Su nombre")],
)
def test_a_name_whose_signs_join_has_a_line_of_its_own(
    face: str, name: str, language: str, below: str, label: str
) -> None:
    said = page(name, language, note=name)
    assert below in said
    assert label in said
    assert not {GAP, "?"} & set(said)
    assert "script" not in said
    assert face in put_in(paper(name, language))
    assert face not in put_in(paper("Testa Sample", language))
    assert paper(name) == paper(name), "the same letter twice is the same file"


def test_words_of_a_note_that_no_face_has_leave_the_rest() -> None:
    for note in ("Ask for 样本 at <the> door", "Ask for 样本 at <the> door, مريم"):
        said = page("Testa Sample", note=note)
        assert f"Ask for {GAP} at <the> door" in said
        assert "Where […] stands" in said
        assert "Her name is written" not in said


def test_marks_that_only_order_text_are_not_drawn() -> None:
    assert marked_up("Ánh \u202emẫu", faces()) == 'Ánh <font name="NotoSans">mẫu</font>'
    assert is_whole(None, faces())


@pytest.mark.parametrize(
    ("line", "backwards", "seen"),
    [
        ("one two three", False, "one two three"),
        ("אחת שתים שלוש", True, "שלוש שתים אחת"),
        ("ask אחת שתים please", False, "ask שתים אחת please"),
        ("אחת two three שלוש", True, "שלוש two three אחת"),
        ("אחת 559 555 0100 שלוש", True, "שלוש 559 555 0100 אחת"),
        ("(אחת) two, שלוש", True, "שלוש two, (אחת)"),
    ],
)
def test_words_stand_as_they_are_read(line: str, backwards: bool, seen: str) -> None:
    assert as_seen(line.split(), backwards=backwards) == seen.split()


@pytest.mark.parametrize("name", SHAPED.values())
def test_a_long_text_is_broken_and_nothing_of_it_is_lost(name: str) -> None:
    text = " ".join([name] * 12) + " " + "ทดสอบที่น้ำ" * 20
    lines = lines_of(text, PLAIN, 200, faces())
    assert isinstance(lines, Lines)
    across, high = lines.wrap(200, 700)
    assert (across, high) >= (200, 5 * 10)
    told = [word for line in lines.lines for word in line]
    assert "".join(told) == text.replace(" ", "")
    assert not [word for word in told if word[0] in "\u0e31\u0e34\u0e35\u0e48\u0e49\u17d2"], "no mark begins a line"


def test_an_operator_adds_a_face_for_a_script_of_their_own(tmp_path: Path) -> None:
    (thai,) = (each for each in (files("fontpkg_noto_sans_thai") / "files").iterdir() if each.name.endswith(".ttf"))
    copy(str(thai), tmp_path / "County Face.ttf")
    (tmp_path / "README").touch()
    added = faces(tmp_path).known[-1]
    assert (added.name, added.shaped) == ("County Face", True)
    alone = Faces((Face(OWN), added))
    assert "NotoSansThai" in put_in(paper(SHAPED["NotoSansThai"], known=alone))
    assert not is_whole(SHAPED["NotoSansArabic"], alone)
    with pytest.raises(FileNotFoundError):
        faces(tmp_path / "nowhere")
