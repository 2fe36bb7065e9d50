"""The whole system at a real browser, without a script: a file goes to the receiver, and what is harmful stays out."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from services.gateway.pages.views.files import WRONG
from tests.browser.person import CLINIC, DOULA, Person, without_a_script
from tests.fix_line import Line
from tests.papers import HARMFUL, PNG, pdf

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

NINE = 9 * 2**20


@pytest.fixture
def plain(context: BrowserContext) -> Iterator[BrowserContext]:
    context.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    made = without_a_script(context)
    yield made
    made.close()


def add(page: Page, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    if not page.get_by_label("File", exact=True).is_visible():
        page.locator("#files summary").click()
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Add the file").click()


def test_a_file_reaches_the_receiver_and_what_is_harmful_nobody(
    line: Line, plain: BrowserContext, context: BrowserContext, tmp_path: Path
) -> None:
    clinic = Person.signed_in(line.url, plain.new_page(), CLINIC)
    path = clinic.sends(f"Specimen-{uuid4().hex[:8]}", f"M-{uuid4().hex[:8]}")
    large = pdf(fill=NINE)
    for name, content, slug in (
        ("letter.docx", b"PK\x03\x04" + bytes(NINE), "file-type-unknown"),
        ("letter.pdf", PNG + bytes(NINE), "file-not-as-named"),
        ("letter.pdf", HARMFUL["a script that runs when it is opened"], "file-with-script"),
        ("letter.pdf", b"", "file-empty"),
        ("letter.pdf", pdf(fill=50_000_000), "too-large"),
    ):
        add(clinic.page, tmp_path / name, content)
        expect(clinic.page.locator("#file-error")).to_contain_text(WRONG[slug])
    clinic.sees("No file was added.")
    add(clinic.page, tmp_path / "Überweisung für L.pdf", large)
    clinic.sees("The file is added.")
    other = without_a_script(context)
    doula = Person.signed_in(line.url, other.new_page(), DOULA)
    doula.go(path)
    assert "Überweisung" not in doula.page.content(), "R11: nothing is shown before it is opened"
    doula.page.get_by_role("button", name="Open it: Example Clinic North sees that you have").click()
    with doula.page.expect_download() as coming:
        doula.page.get_by_role("link", name="Überweisung für L.pdf").click()
    coming.value.save_as(tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").read_bytes() == large
    assert coming.value.suggested_filename == "Überweisung für L.pdf"
    other.close()
