"""docs/measures.es.md says what the definitions say, in Spanish, and nothing of it in English."""

import gettext

import pytest

from deploy import spanish_measures_page
from deploy.spanish_measures_page import text, untranslated
from services.measures.definitions import CATALOGUE


def test_every_definition_is_there_and_all_of_it_is_in_spanish() -> None:
    page = text()
    assert [each.id for each in CATALOGUE.values() if f"`{each.id}`, versión {each.version}." not in page] == []
    assert untranslated() == []


def test_what_has_no_translation_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spanish_measures_page, "translations", lambda _: gettext.NullTranslations())
    assert len(untranslated()) > len(CATALOGUE)


def test_the_page_is_what_is_decided(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert spanish_measures_page.main(["--check"]) == 0
    monkeypatch.setattr(spanish_measures_page, "text", lambda: "")
    assert spanish_measures_page.main(["--check"]) == 1
    assert "python -m deploy.spanish_measures_page" in capsys.readouterr().out
