"""Files on the pages of a referral and a contact: added, listed, opened; what is wrong is said at the field."""

import re

import httpx
import pytest

from services.gateway.pages.views.files import WRONG
from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_client_forms import planned_long_ago
from tests.gateway.test_pages import client_page
from tests.gateway.test_steps import did, press
from tests.gateway.upstream_needs import written
from tests.gateway.upstream_twin import problem
from tests.papers import JPEG, PNG, pdf

AS_FORM = {"content-type": "multipart/form-data; boundary=x"}


def add(visitor: httpx.Client, page: httpx.Response, action: str, name: str, content: bytes) -> httpx.Response:
    """As a browser sends it: the fields, then the file; a field without a file is a part without a name."""
    fields = {field: (None, text) for field, text in hidden(page, action).items()}
    return visitor.post(action, files={**fields, "file": (name, content)})


def form_of(page: httpx.Response, action: str, name: str, beginning: bytes) -> bytes:
    """The beginning of a form, byte by byte; its end where there is no file."""
    head = "".join(f'--x\r\ncontent-disposition: form-data; name="{field}"\r\n\r\n{text}\r\n'
                   for field, text in hidden(page, action).items())  # fmt: skip
    head += f'--x\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + beginning + (b"" if name else b"\r\n--x--\r\n")


def opened(house: House, visitor: httpx.Client) -> tuple[str, httpx.Response]:
    path = f"/referrals/{house.twin.referral}"
    return path, press(visitor, visitor.get("/work"), f"{path}/open")


@pytest.mark.parametrize(("name", "content", "kind"), [
    ("Überweisung für N.pdf", pdf(), "application/pdf"),
    ("card.png", PNG, "image/png"),
    ("card.jpg", JPEG, "image/jpeg"),
])  # fmt: skip
def test_a_file_is_added_listed_and_opened(
    house: House, visitor: httpx.Client, name: str, content: bytes, kind: str
) -> None:
    path, page = opened(house, visitor)
    assert "No file was added." in page.text
    page = add(visitor, page, f"{path}/files", name, content)
    assert ("The file is added." in page.text, name in page.text) == (True, True)
    assert "Added by Sample County CHW Hub" in page.text
    assert did(house)[-1][1]["referral"] == house.twin.referral
    link = re.search(rf'href="({path}/files/[a-z2-7]{{26}})"', page.text)
    assert link is not None
    answer = visitor.get(link[1])
    assert (answer.content, answer.headers["content-type"]) == (content, kind)
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert visitor.get(f"{path}/files/{'a' * 26}").status_code == 404


@pytest.mark.parametrize(("name", "content", "words"), [
    ("", b"", "Choose a file"),
    ("letter.pdf", b"", WRONG["file-empty"]),
    ("letter.docx", b"PK", WRONG["file-type-unknown"]),
    ("letter.pdf", pdf(b"<</JavaScript 1>>"), WRONG["file-with-script"]),
    ("letter.pdf", pdf(fill=11 * 2**20), WRONG["too-large"]),
])  # fmt: skip
def test_what_is_wrong_with_it_is_said_at_the_field(
    house: House, visitor: httpx.Client, name: str, content: bytes, words: str
) -> None:
    path, page = opened(house, visitor)
    page = add(visitor, page, f"{path}/files", name, content)
    assert page.status_code == 422
    assert f'<a href="#file">{words}</a>' in page.text
    assert re.search(r'<p class="error" id="file-error">.*?' + re.escape(words), page.text)
    assert house.twin.files == []


@pytest.mark.parametrize("slug", sorted(WRONG))
def test_every_refusal_has_its_words(house: House, visitor: httpx.Client, slug: str) -> None:
    path, page = opened(house, visitor)
    house.twin.breaks["create_note"] = lambda: problem(422, slug)
    assert WRONG[slug] in add(visitor, page, f"{path}/files", "letter.pdf", pdf()).text


def test_more_than_is_taken_breaks_off_though_nothing_said_so_before(house: House, visitor: httpx.Client) -> None:
    path, page = opened(house, visitor)
    pieces = [form_of(page, f"{path}/files", "a.png", PNG), *[bytes(2**20)] * 11]
    answer = visitor.post(f"{path}/files", content=iter(pieces), headers=AS_FORM)
    assert WRONG["too-large"] in answer.text
    assert house.twin.files == []


def test_a_browser_without_a_file_sends_a_part_with_an_empty_name(house: House, visitor: httpx.Client) -> None:
    path, page = opened(house, visitor)
    answer = visitor.post(f"{path}/files", content=form_of(page, f"{path}/files", "", b""), headers=AS_FORM)
    assert (answer.status_code, "Choose a file" in answer.text) == (422, True)


def test_a_form_from_elsewhere_brings_no_file(house: House, visitor: httpx.Client) -> None:
    path, _ = opened(house, visitor)
    answer = visitor.post(f"{path}/files", files={"csrf": (None, "guessed"), "file": ("card.png", PNG)})
    assert (answer.status_code, house.twin.files) == (403, [])
    other = f"/referrals/{house.twin.referral}/accept"
    assert visitor.post(other, files={"csrf": (None, "x"), "file": ("card.png", PNG)}).status_code == 413
    answer = visitor.post(f"{path}/files", content=b"nonsense", headers=AS_FORM)
    assert answer.status_code == 400


def test_a_contact_has_files_of_its_own(house: House, visitor: httpx.Client) -> None:
    client = client_page(visitor).removeprefix("/clients/")
    made = written(house.twin, house.twin.nora)
    link = re.search(r'href="(/contacts/[a-z2-7]{26})"', visitor.get(f"/clients/{client}").text)
    assert link is not None
    page = add(visitor, visitor.get(link[1]), f"{link[1]}/files", "note.png", PNG)
    assert ("The file is added." in page.text, "note.png" in page.text) == (True, True)
    assert house.twin.files[0]["contact"] == made["contact"]
    page = add(visitor, page, f"{link[1]}/files", "note.txt", b"words")
    assert WRONG["file-type-unknown"] in page.text
    found = re.search(rf'href="({link[1]}/files/[a-z2-7]{{26}})"', page.text)
    assert found is not None
    assert visitor.get(found[1]).content == PNG


MET = {"mode": "phone", "contact_outcome": "completed", "day": "2026-11-20", "contact_note": "She rang back."}


def record(
    visitor: httpx.Client, path: str, name: str, content: bytes, *, form: str = "", **said: str
) -> httpx.Response:
    """The form of a contact as a browser sends it: hidden and typed fields, then the file."""
    page = visitor.get(form or path)
    assert f'enctype="multipart/form-data" action="{path}"' in page.text
    fields = {field: (None, text) for field, text in {**hidden(page, path), **MET, **said}.items()}
    return visitor.post(path, files={**fields, "file": (name, content)})


def recorded(house: House) -> list[str]:
    return [action for action, _ in did(house) if action in {"record_contact", "create_note"}]


def test_a_file_comes_with_the_form_of_a_contact(house: House, visitor: httpx.Client) -> None:
    path = f"{client_page(visitor)}/contact"
    page = record(visitor, path, "note.png", PNG)
    assert ("The contact is written down." in page.text, recorded(house)) == (True, ["record_contact", "create_note"])
    (file,) = house.twin.files
    assert (file["contact"], file["content"]) == (house.twin.recorded[0]["contact"], PNG)
    assert house.twin.contacts[0]["note"] == "She rang back."


def test_the_forms_on_a_referral_and_a_handoff_take_one_too(house: House, visitor: httpx.Client) -> None:
    path, _ = opened(house, visitor)
    press(visitor, visitor.get(path), f"{path}/accept")
    handoff = f"/handoffs/{house.twin.handoff}"
    house.twin.handoffs[house.twin.handoff] |= {"state": "accepted"}
    for of in (path, handoff):
        page = record(visitor, f"{of}/contact", "note.png", PNG, form=of)
        assert "The contact is written down." in page.text
    assert [each["contact"] for each in house.twin.files] == [each["contact"] for each in house.twin.recorded]
    assert len(house.twin.files) == 2


@pytest.mark.parametrize("chosen", [True, False])
def test_without_a_file_or_a_script_a_contact_is_recorded_alone(
    house: House, visitor: httpx.Client, chosen: bool
) -> None:
    path = f"{client_page(visitor)}/contact"
    page = record(visitor, path, "", b"") if chosen else press(visitor, visitor.get(path), path, **MET)
    assert ("The contact is written down." in page.text, recorded(house)) == (True, ["record_contact"])


@pytest.mark.parametrize(("name", "content", "words"), [
    ("note.txt", b"words", WRONG["file-type-unknown"]),
    ("letter.pdf", pdf(b"<</JavaScript 1>>"), WRONG["file-with-script"]),
    ("letter.pdf", b"", WRONG["file-empty"]),
    ("letter.pdf", pdf(fill=11 * 2**20), WRONG["too-large"]),
])  # fmt: skip
def test_what_is_wrong_with_it_is_said_at_its_field_and_the_contact_is_there_once(
    house: House, visitor: httpx.Client, name: str, content: bytes, words: str
) -> None:
    page = record(visitor, f"{client_page(visitor)}/contact", name, content)
    assert (page.status_code, f'<a href="#file">{words}</a>' in page.text) == (422, True)
    assert "The contact is written down. Its file is not: choose another below." in page.text
    action = re.search(r'action="(/contacts/[a-z2-7]{26}/files)"', page.text)
    assert action is not None
    page = add(visitor, page, action[1], "note.png", PNG)
    assert ("The file is added." in page.text, len(house.twin.recorded), len(house.twin.files)) == (True, 1, 1)


@pytest.mark.parametrize(("language", "words"), [("en", "Choose the file once more"), ("es", "Elija el archivo otra")])
def test_a_form_with_something_missing_keeps_what_was_typed_and_asks_for_the_file_again(
    house: House, visitor: httpx.Client, language: str, words: str
) -> None:
    visitor.get(f"/language/{language}")
    path = f"{client_page(visitor)}/contact"
    page = record(visitor, path, "note.png", PNG, mode="")
    assert (page.status_code, recorded(house), house.twin.files) == (422, [], [])
    for kept in ('<a href="#mode">', f'<a href="#contact_file">{words}', "She rang back.", 'value="2026-11-20"'):
        assert kept in page.text
    assert "#contact_file" not in record(visitor, path, "", b"", mode="").text


def promised(house: House, visitor: httpx.Client) -> tuple[str, str, dict[str, str]]:
    """The page of her plan, where it goes, and the fields of what was promised for yesterday."""
    her = client_page(visitor)
    press(visitor, visitor.get(f"{her}/plan"), f"{her}/plan", mode="phone", day="2099-01-05")
    planned_long_ago(house)
    page = visitor.get(f"{her}/plan")
    return f"{her}/plan", f"{her}/plan/record", hidden(page, f"{her}/plan/record")


def test_a_contact_that_was_promised_takes_one_too_with_a_note(house: House, visitor: httpx.Client) -> None:
    plan, path, fields = promised(house, visitor)
    page = record(visitor, path, "note.png", PNG, form=plan, **fields)
    assert ("The contact is written down." in page.text, Reading(page.text).wrong) == (True, [])
    (file,) = house.twin.files
    assert (file["contact"], house.twin.recorded[0]["note"]) == (house.twin.recorded[0]["contact"], "She rang back.")


def test_a_promised_contact_with_a_file_that_is_none_is_there_once(house: House, visitor: httpx.Client) -> None:
    plan, path, fields = promised(house, visitor)
    page = record(visitor, path, "note.txt", b"words", form=plan, **fields)
    assert (page.status_code, WRONG["file-type-unknown"] in page.text) == (422, True)
    assert "The contact is written down. Its file is not: choose another below." in page.text
    assert (len(house.twin.recorded), house.twin.files) == (1, [])


def test_a_promised_contact_with_something_missing_keeps_what_was_typed_and_asks_for_the_file_again(
    house: House, visitor: httpx.Client
) -> None:
    plan, path, fields = promised(house, visitor)
    page = record(visitor, path, "note.png", PNG, form=plan, **fields | {"contact_outcome": "nonsense"})
    assert (page.status_code, Reading(page.text).wrong, house.twin.files) == (422, [], [])
    for kept in ('<a href="#contact_file">Choose the file once more', "She rang back.", 'id="contact_file"'):
        assert kept in page.text
    without = visitor.post(path, data={**fields, "contact_outcome": "completed"})
    assert "The contact is written down." in without.text
