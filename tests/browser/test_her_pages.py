"""The whole system at a real browser, without a script: a client sees who saw her record, by a code that works once."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, ViewportSize, expect

from tests.browser.person import CLINIC, DOULA, Person, without_a_script
from tests.fix_line import Line

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def plain(context: BrowserContext) -> Iterator[BrowserContext]:
    expect.set_options(timeout=30_000)
    made = without_a_script(context)
    yield made
    made.close()


def test_she_sees_who_saw_her_record(line: Line, plain: BrowserContext, context: BrowserContext) -> None:
    clinic = Person.signed_in(line.url, plain.new_page(), CLINIC)
    family = f"Specimen-{uuid4().hex[:8]}"
    path = clinic.sends(family, f"M-{uuid4().hex[:8]}")
    other = without_a_script(context)
    doula = Person.signed_in(line.url, other.new_page(), DOULA)
    doula.go(path)
    doula.page.get_by_role("button", name="Open it: Example Clinic North sees that you have").click()
    doula.sees(family)
    clinic.go(path)
    clinic.page.get_by_role("link", name=re.compile(family)).first.click()
    code = clinic.gives_her_a_code()
    hers = without_a_script(context)
    page = hers.new_page()
    page.set_viewport_size(PHONE)
    Person(line.url, page).comes_in(code)
    expect(page.get_by_text("Example Doula Network saw your name")).to_be_visible()
    assert family not in page.content(), "a phone lies about: her name is not on it"
    assert "/my/record" in page.url
    page.get_by_role("link", name="español").click()
    expect(page.get_by_role("heading", name="Quién vio su expediente")).to_be_visible()
    page.goto(f"{line.url}/work")
    assert "/sign-in" in page.url, "her sign-in is none of a member of staff"
    page.goto(f"{line.url}/my/record")
    page.get_by_role("button", name="Cerrar sesión").click()
    page.get_by_label("Su código").fill(code)
    page.get_by_role("button", name="Mostrar").click()
    expect(page.get_by_text("Este código no abre nada").first).to_be_visible()
    hers.close()
    other.close()
