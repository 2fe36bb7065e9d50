"""Invented clients are obviously invented, whatever the seed, and the same seed makes the same person."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from contracts.initiative import Initiative, load_initiatives
from deploy.simulator.people import FAMILY, GIVEN, MAKEUPS, invent

INITIATIVES = load_initiatives(Path(__file__).parents[3] / "deploy" / "initiatives")
TODAY = date(2026, 11, 17)
SAYS_SO = (
    "example", "sample", "notreal", "muster", "exempel", "specimen", "test", "ficti", "madeup", "pretend", "dummy",
    "nosuch", "ejempl", "muestra", "invent", "supuesta", "prueba", "pivtxwv", "piv txwv", "fa'ata", "faata",
)  # fmt: skip


def says_so(name: str) -> bool:
    return any(word in name.lower() for word in SAYS_SO)


@pytest.mark.parametrize("initiative", INITIATIVES.values(), ids=INITIATIVES)
def test_nobody_could_be_taken_for_a_real_person(initiative: Initiative) -> None:
    chance = Random(7)
    people = [invent(initiative, TODAY, chance) for _ in range(2_000)]
    assert all(says_so(person.family) for person in people)
    assert all(person.phone is None or "55501" in person.phone for person in people)
    assert all(16 <= (TODAY - person.birth_date).days / 365.2 <= 45 for person in people)
    assert {person.language for person in people} == set(MAKEUPS[initiative.slug].languages)
    assert any(person.phone is None for person in people)


def test_an_ordinary_name_would_be_noticed() -> None:
    assert not says_so("Garcia")


def test_spellings_that_agencies_meet_are_there() -> None:
    names = " ".join(name for names in (*GIVEN.values(), *FAMILY.values()) for name in names)
    assert {"í", "ó", "Ú", "'", "-", " "} <= set(names)


def test_the_same_seed_makes_the_same_person() -> None:
    fresno = INITIATIVES["fresno-ptbi"]
    first, again, other = (invent(fresno, TODAY, Random(seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other
