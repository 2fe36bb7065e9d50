"""Every measure of lives (pregnancies, needs, screenings, answers) equals a naive reading of its words, in random ones.

`make prove-measures` asks for many more worlds than the suite does.
"""

from __future__ import annotations

import importlib.util
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.measures.definitions import EVERY
from services.measures.domain import measure
from services.measures.domain.exposure import Exposure
from services.measures.domain.figure import cells
from services.measures.domain.journey import Journey, Observed, fold
from services.measures.domain.measure import AsOf, By, Definition
from services.measures.domain.period import Period
from tests.measures.lives import DAY, world
from tests.measures.naive.lives import reading
from tests.measures.naive.lives.reading import Asked, Unit
from tests.measures.published import START, Log
from tests.prove.tally import Tally

ZONE = ZoneInfo("America/Los_Angeles")
Counts = Counter[tuple[str, float | None]]


def twin(definition: Definition) -> ModuleType | None:
    """The naive module of a definition: of its id, or of its id and version."""
    for name in (definition.name, definition.id):
        if importlib.util.find_spec(f"tests.measures.naive.lives.{name}"):
            return importlib.import_module(f"tests.measures.naive.lives.{name}")
    return None


TWINS = [(definition, module) for definition in EVERY if (module := twin(definition))]


def asked_of(seed: int) -> Asked:
    """A cutoff and a period of a world, often such that something lies just on the edge."""
    dice = random.Random(seed)
    edge = dice.choice([timedelta(), timedelta(seconds=1), timedelta(hours=8)])
    cutoff = START + dice.choice([100, 150, 200, 300, 400, 900]) * DAY + edge
    since = START + dice.choice([-500, 0, 40, 90]) * DAY
    return Asked(cutoff, ZONE, since, since + dice.choice([60, 120, 2_000]) * DAY)


def naively(module: ModuleType, log: Log, asked: Asked, *, sensitive: bool) -> Counts:
    """What the naive reading counts: how many units of each standing, with their numbers."""
    found: Counts = Counter()
    units: Callable[[reading.Her, Asked], Sequence[Unit]] = module.units
    for her in reading.clients(log, asked, sensitive=sensitive):
        for at, standing, size in units(her, asked):
            if asked.since <= at < asked.until:
                found["excluded" if not her.is_counted() else standing, size if her.is_counted() else None] += 1
    return found


def lived(log: Log, asked: Asked) -> list[Journey]:
    """The journeys of a world as known at the cutoff."""
    known: dict[str, list[Observed]] = {}
    for fact in log.facts:
        if fact.headers.recorded_time <= asked.cutoff:
            known.setdefault(fact.headers.subject, []).append(fact.observed)
    return [fold(events) for events in known.values()]


def defined(definition: Definition, log: Log, asked: Asked) -> Counts:
    """What the definition counts."""
    found: Counts = Counter()
    for journey in lived(log, asked):
        period, as_of = Period(asked.since, asked.until), AsOf(asked.cutoff, asked.zone)
        for _, _, units in cells(definition, journey, period, as_of, (By.NONE,)):
            for unit in units:
                size = number(unit) if unit.standing == "met" else None
                found[str(unit.standing), size] += 1
    return found


def number(unit: measure.Unit) -> float | None:
    """The number of a unit; of a rate, what happened and a thousandth a day."""
    if isinstance(unit.size, Exposure):
        return unit.size.events + unit.size.days / 1_000
    return float(unit.size) if isinstance(unit.size, int | float) else None


@pytest.mark.proof
@pytest.mark.parametrize(("definition", "module"), TWINS, ids=[definition.name for definition, _ in TWINS])
def test_a_measure_equals_its_words_read_naively(
    definition: Definition, module: ModuleType, sized: Callable[[int, int], int]
) -> None:
    tally = Tally(f"naive-{definition.name}")

    @settings(max_examples=sized(20, 600), deadline=None)
    @given(seed=st.integers(0, 2**40))
    def of_a_world(seed: int) -> None:
        log, asked = world(seed), asked_of(seed)
        ours, naive = defined(definition, log, asked), naively(module, log, asked, sensitive=definition.sensitive)
        assert ours == naive, f"world {seed}: {ours} is not {naive}"
        tally.check(right=True, otherwise="")

    try:
        of_a_world()
    except AssertionError as error:
        tally.check(right=False, otherwise=str(error))
    tally.close()


def test_worlds_have_something_for_every_rule_of_every_measure() -> None:
    """Or the twins would agree on nothing."""
    rules: Counter[str] = Counter()
    for seed in range(300):
        log, asked = world(seed), asked_of(seed)
        for journey in lived(log, asked):
            for definition, _ in TWINS:
                for _, _, units in cells(definition, journey, Period(), AsOf(asked.cutoff, ZONE), (By.NONE,)):
                    rules.update(f"{definition.name} {unit.rule.code}" for unit in units)
    never = {  # a log says when it was recorded, and knows no younger way
        *("recorded_in_time_v1 unknown", "days_until_recorded_v1 unknown"),
        "contact_modes_v1 other",
    }
    wanted = {f"{definition.name} {rule.code}" for definition, _ in TWINS for rule in definition.rules}
    assert wanted - rules.keys() == never


def test_a_measure_that_counts_otherwise_is_seen() -> None:
    """A day more in a window is noticed in a few hundred worlds."""
    definition, module = next(each for each in TWINS if each[0].id == "first_trimester_clinical")
    other = next(definition for definition, _ in TWINS if definition.id == "first_trimester_hedis")
    seeds = range(300)
    assert any(
        defined(other, world(seed), asked_of(seed)) != naively(module, world(seed), asked_of(seed), sensitive=False)
        for seed in seeds
    )
    assert definition.rules != other.rules
