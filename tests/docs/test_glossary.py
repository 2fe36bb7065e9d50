"""The glossary is true: every name in it exists, and no state, kind or class of ours is left out."""

import importlib
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from contracts.vocabulary import HandoffKind
from services.measures.domain.measure import Kind
from services.referrals.domain.appointment import AppointmentStatus
from services.referrals.domain.contact import ContactStatus
from services.referrals.domain.episode import EpisodeStatus
from services.referrals.domain.handoff import HandoffStatus
from services.referrals.domain.referral import ReferralStatus

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
NAME = re.compile(r"`((?:services|contracts|deploy)(?:\.\w+)+)`")


def unknown_names(text: str) -> Iterator[str]:
    """Dotted names in back-quotes that nothing in the code answers to."""
    for name in NAME.findall(text):
        module, _, attribute = name.rpartition(".")
        try:
            found = hasattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError:
            found = False
        if not found:
            yield name


def unlisted(kind: type[StrEnum], text: str) -> set[str]:
    return {member.value for member in kind if f"`{member.value}`" not in text}


def section(title: str) -> str:
    return GLOSSARY.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_every_name_exists() -> None:
    assert len(NAME.findall(GLOSSARY)) > 40
    assert not list(unknown_names(GLOSSARY))


def test_a_name_that_is_gone_is_noticed() -> None:
    assert list(unknown_names("`services.referrals.domain.client.Patient`, `services.cases.Case`")) == [
        "services.referrals.domain.client.Patient",
        "services.cases.Case",
    ]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (ReferralStatus, "Where a referral stands"),
        (EpisodeStatus, "Where a pregnancy stands"),
        (AppointmentStatus, "Where an appointment stands"),
        (HandoffStatus, "Where a handoff stands"),
        (ContactStatus, "Where a support contact stands"),
        (HandoffKind, "What happens to a client"),
        (Kind, "Figures"),
    ],
)
def test_every_state_is_listed(kind: type[StrEnum], title: str) -> None:
    assert not unlisted(kind, section(title))


def test_a_state_that_is_left_out_is_noticed() -> None:
    assert unlisted(ReferralStatus, section("Where a referral stands").replace("`waitlisted`", "")) == {"waitlisted"}


def test_every_word_is_explained_once() -> None:
    words = [
        line.split("|")[1].strip() for line in GLOSSARY.splitlines() if line.startswith("| ") and "`services" in line
    ]
    assert len(words) == len(set(words))
