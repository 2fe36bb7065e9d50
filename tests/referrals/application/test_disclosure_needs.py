"""The words of her printed list: every need has one, and it is that of her page, in both languages."""

import pytest

from contracts.vocabulary import Category
from services.gateway.pages.terms import CATEGORIES
from services.gateway.pages.words import translations
from services.referrals.application.disclosure_needs import NEEDS


@pytest.mark.parametrize("language", NEEDS)
def test_a_need_is_called_on_paper_as_on_her_page(language: str) -> None:
    page = {each: translations(language).gettext(CATEGORIES[each]) for each in Category}
    assert NEEDS[language] == page
