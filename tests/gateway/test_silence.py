"""The line of the work list that says with whom who leads has been out of touch, and where it is done."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast, get_args

import pytest

from services.gateway.pages.views.client import WAITS
from services.gateway.pages.views.work_lines import line_of
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import Words, translations
from services.referrals.application.work import Kind

NORTH = {"agency": "north", "name": "Example Clinic North"}
ITEM: dict[str, Any] = {
    "kind": "episode",
    "id": "0194a000-0000-8000-8000-000000000001",
    "client": {"client": "c-1", "name": "Testa Sample"},
    "waits_for": "silence",
    "domain": "home_visiting",
    "from": NORTH,
    "to": NORTH,
    "state": "silent",
    "sent_at": "2026-10-24T20:00:00Z",
    "due": "2026-11-17T01:00:00Z",
    "overdue": True,
    "claim": None,
}


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "Be in touch with Testa Sample", "No contact for 24 days. You lead home visits."),
        (
            "es",
            "Comuníquese con Testa Sample",
            "Sin contacto desde hace 24 días. Su agencia coordina: visitas al hogar.",
        ),
    ],
)
def test_it_says_for_how_long_and_leads_to_the_form_of_a_contact(language: str, title: str, text: str) -> None:
    visit = SimpleNamespace(
        words=Words(language, translations(language), UTC),
        today=date(2026, 11, 17),
        who=SimpleNamespace(agency="north"),
        handles=SimpleNamespace(of=lambda client: f"h-{client}"),
    )
    line = line_of(cast(Visit, visit), ITEM)
    assert (line.title, line.text, line.path, line.late) == (title, text, "/clients/h-c-1/contact", True)
    assert line.due == datetime(2026, 11, 17, 1, tzinfo=UTC)
    assert not line.opens


@pytest.mark.parametrize("kind", sorted(set(get_args(Kind)) - {"send"}))
def test_every_kind_that_waits_has_words_for_the_page_of_claims(kind: str) -> None:
    assert kind in WAITS


def test_she_is_asked_whether_she_agrees() -> None:
    visit = SimpleNamespace(
        words=Words("en", translations("en"), UTC), today=date(2026, 11, 17), who=SimpleNamespace(agency="north")
    )
    item = ITEM | {
        "kind": "handoff",
        "state": "proposed",
        "waits_for": "client_agrees",
        "to": {"agency": "hub", "name": "H"},
    }
    assert line_of(cast(Visit, visit), item).title == "Ask Testa Sample whether she agrees to the handoff"


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        (
            "en",
            "Ask Testa Sample whether she still agrees",
            "Her agreement ran out on Sat 24 Oct, and what you sent rests on it.",
        ),
        (
            "es",
            "Pregunte a Testa Sample si sigue de acuerdo",
            "Su permiso venció el sáb 24 oct y lo que ustedes enviaron se basa en él.",
        ),
    ],
)
def test_who_agreed_to_what_ran_out_is_asked_anew(language: str, title: str, text: str) -> None:
    visit = SimpleNamespace(
        words=Words(language, translations(language), UTC),
        today=date(2026, 11, 17),
        who=SimpleNamespace(agency="north"),
        handles=SimpleNamespace(of=lambda client: f"h-{client}"),
    )
    item = ITEM | {"kind": "consent", "waits_for": "renew", "state": "expired"}
    line = line_of(cast(Visit, visit), item)
    assert (line.title, line.text, line.path) == (title, text, "/clients/h-c-1/consent")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "You lead for a client of Example Clinic North: ask them who she is"),
        ("es", "Su agencia coordina para una cliente de Example Clinic North: pregunte quién es"),
    ],
)
def test_r19_the_hub_is_told_whom_to_ask(language: str, title: str) -> None:
    words = Words(language, translations(language), UTC)
    visit = SimpleNamespace(words=words, today=date(2026, 11, 17), who=SimpleNamespace(agency="north"))
    item = ITEM | {"client": {"client": "c-1", "name": None}, "state": "left", "left_by": NORTH}
    line = line_of(cast(Visit, visit), item)
    assert line.title == title
    assert line.path == "/directory/agencies/north"
