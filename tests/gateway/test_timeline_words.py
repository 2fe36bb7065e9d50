"""Every kind of stored event has words on a timeline, or is on the list of those that no timeline shows."""

from datetime import UTC, date, datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.gateway.pages.views import history
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import Words, translations
from services.referrals.application.timeline import NOT_TOLD
from services.referrals.domain.catalogue import FACTS
from services.referrals.domain.fact import Fact
from tests.stored_facts import STORED

NOW = datetime(2026, 11, 17, 20, 0, tzinfo=UTC)
TODAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 20, tzinfo=UTC)
NOTHING_SAID = {"en": "Something happened", "es": "Algo ocurrió"}

# Of an agency or a service, not of a client: on no timeline of anybody.
OF_NOBODY = {type_ for type_ in FACTS if type_.partition(".")[0] in {"agency", "capacity", "check", "service"}}
# Told as something else, or left out, before words are asked for.
TOLD_OTHERWISE = {"episode.joined.v1", "episode.parted.v1", "referral.taken_back.v1", "contact.taken_back.v1"}
SILENT = OF_NOBODY | TOLD_OTHERWISE | {kind.TYPE for kind in NOT_TOLD}


def shown(type_: str, detail: dict[str, Any], language: str) -> history.Entry:
    words = Words(language, translations(language), UTC)
    visit = cast(Visit, SimpleNamespace(words=words, today=TODAY, now=NOW))
    told = {"type": type_, "at": "2026-11-02T20:00:00Z", "agency": {"agency": "a", "name": "A"}, "detail": detail}
    [entry] = history.entries(visit, [told], {})
    return entry


def title(type_: str, detail: dict[str, Any], language: str = "en") -> str:
    return shown(type_, detail, language).title


def detail_of(fact: Fact) -> dict[str, Any]:
    said = fact.model_dump(mode="json", exclude_none=True)
    return {name: value for name, value in said.items() if not isinstance(value, dict)}


def code_of(fact: type[Fact]) -> type[StrEnum] | None:
    """Which codes its reason may be, where it has one that is not typed."""
    said = getattr(STORED[fact], "reason", None)
    return type(said) if isinstance(said, StrEnum) else None


@pytest.mark.parametrize("type_", sorted(set(FACTS) - SILENT))
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_kind_has_words(type_: str, language: str) -> None:
    said = title(type_, detail_of(STORED[FACTS[type_]]), language)
    assert said
    assert said not in NOTHING_SAID.values()
    assert type_.partition(".v")[0] not in said


REASONED = {type_: kind for type_, fact in FACTS.items() if (kind := code_of(fact)) is not None}


@pytest.mark.parametrize(("type_", "code"), [(type_, code) for type_, kind in REASONED.items() for code in kind])
@pytest.mark.parametrize(("language", "other"), [("en", "Another reason"), ("es", "Otro motivo")])
def test_every_reason_has_words_of_its_own(type_: str, code: StrEnum, language: str, other: str) -> None:
    said = shown(type_, {"reason": code.value}, language).text
    assert said.startswith("A. ")
    assert (said == f"A. {other}") == (code.value == "other"), said


@pytest.mark.parametrize(
    ("type_", "code", "language", "said"),
    [
        ("client.hold_placed.v1", "legal_case", "en", "A. Why: a legal case"),
        ("client.hold_placed.v1", "legal_case", "es", "A. Motivo: un caso legal"),
        ("client.details_erased.v1", "client_request", "en", "A. Why: she asked for it"),
        ("client.details_erased.v1", "client_request", "es", "A. Motivo: ella lo pidió"),
        ("safecontact.planned.v1", "n" * 26, "en", "A"),
    ],
)
def test_a_hold_an_erasure_and_a_plan_say_no_other_reason(type_: str, code: str, language: str, said: str) -> None:
    assert shown(type_, {"reason": code}, language).text == said


def test_what_has_no_words_is_seen() -> None:
    assert title("weather.changed.v1", {}) == NOTHING_SAID["en"]


def test_the_silent_are_stored_kinds() -> None:
    assert set(FACTS) >= SILENT


def test_r8_a_timeline_names_whom_a_handoff_was_offered_to() -> None:
    who = SimpleNamespace(agency="hub")
    names = {"hub": "The Hub"}
    visit = cast(Visit, SimpleNamespace(words=Words("en", translations("en"), UTC), today=TODAY, now=NOW, who=who,
                                        agency_name=names.get))  # fmt: skip

    def told(event: str, agency: str, **detail: Any) -> dict[str, Any]:
        subject = {"kind": "handoff", "id": f"h-{agency}"}
        return {"type": f"handoff.{event}.v1", "at": "2026-11-02T20:00:00Z", "subject": subject, "detail": detail,
                "agency": {"agency": agency, "name": agency}}  # fmt: skip

    ours = [told("proposed", "hub", to={"agency": "d", "name": "The Doulas"}), told("offered", "hub")]
    assert "Handoff offered to The Doulas" in [each.title for each in history.entries(visit, ours)]
    (theirs,) = history.entries(visit, [told("offered", "clinic")])
    assert theirs.title == "Handoff offered to The Hub"
    (unknown,) = history.entries(visit, [told("offered", "hub")])
    assert unknown.title == "Handoff offered to another agency"


@pytest.mark.parametrize(
    ("language", "herself", "for_her"),
    [
        ("en", "She took back her agreement herself, on her own page", "She took back her agreement"),
        ("es", "Ella misma retiró su permiso, en su propia página", "Ella retiró su permiso"),
    ],
)
def test_it_is_she_who_took_an_agreement_back_and_no_agency(language: str, herself: str, for_her: str) -> None:
    words = Words(language, translations(language), UTC)
    visit = cast(Visit, SimpleNamespace(words=words, today=TODAY, now=NOW))
    told = {"type": "consent.revoked.v1", "at": "2026-11-02T20:00:00Z", "by": None, "recorded_at": None,
            "agency": {"agency": "hub", "name": "The Hub"}}  # fmt: skip
    (own,) = history.entries(visit, [told | {"detail": {"on": "2026-11-02"}}])
    assert (own.title, own.text) == (herself, "")
    (staff,) = history.entries(visit, [told | {"detail": {"on": "2026-11-02", "how": "spoken"}}])
    assert (staff.title, staff.text) == (for_her, "The Hub")


@pytest.mark.parametrize("dating", [True, False])
def test_r14_a_due_date_in_error_is_struck_out_and_named(dating: bool) -> None:
    visit = cast(Visit, SimpleNamespace(words=Words("en", translations("en"), UTC), today=TODAY, now=NOW))
    by: dict[str, Any] = {"agency": {"agency": "a", "name": "A"}, "recorded_at": None}
    told = [
        {"event": "e1", "type": "episode.dated.v1", "at": "2026-11-02T20:00:00Z", "detail": {"edd": "2027-05-01"}},
        {"event": "e2", "type": "episode.dated.v1", "at": "2026-11-03T20:00:00Z", "detail": {"edd": "2027-06-01"}},
        {"event": "e3", "type": "episode.entered_in_error.v1", "at": "2026-11-04T20:00:00Z",
         "detail": {"event": "e2", "dating": dating}},
    ]  # fmt: skip
    last, second, first = history.entries(visit, [each | by for each in told])
    assert (first.in_error, second.in_error, last.in_error) == (False, dating, False)
    said = "Entered in error: due date: 1 June 2027" if dating else "The pregnancy was entered in error"
    assert last.title == said
