"""The practice data are good enough to look at: every view of a release shows some group, and hides another (R24)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

import pytest

from contracts.initiative import Initiative, load_initiatives
from deploy.simulator.county import County
from deploy.simulator.history import Plan, recorded_of_each
from deploy.simulator.records import Recorded
from deploy.simulator.seed import SIZES, Size
from services.measures.domain.journey import fold
from services.measures.domain.measure import AsOf, By, Definition
from services.measures.domain.observed import Observed
from services.measures.domain.path import Moment
from services.measures.releases import lattice, views
from services.measures.releases.cells import Counted
from services.measures.releases.document import Measured
from services.measures.releases.sheets import shown
from services.measures.releases.tables import tallied
from services.referrals.domain.catalogue import StoredFact
from services.referrals.publishing.events import contract_event, restricted
from tests.prove.tally import Tally

INITIATIVES = load_initiatives(Path(__file__).parents[3] / "deploy" / "initiatives")
YEAR = "2025"
COUNTY, UNTIL = SIZES["county"], datetime(2026, 11, 17, 8, tzinfo=UTC)
A_FEW, SOON = Size(clients=450, months=15), datetime(2026, 5, 5, 7, tzinfo=UTC)
"""Nearly all of them of that year, of which every window is over."""
FEW = {"need_met", "missed_visits", "clients_missing_visits"}
"""Of these a small history has too few to show any."""
SENSITIVE = {"preterm_birth", "depression_screened_prenatal"}
"""Of the sensitive measures, which have a row for whatever there is, those that are looked at in every run."""


def released(
    initiative: Initiative, size: Size, until: datetime, wanted: Callable[[Definition], bool] = lambda _: True
) -> Sequence[Measured]:
    """What a release of a year has, counted of a made-up history without a database between."""
    span = lattice.named(initiative, YEAR)
    ripe = (each for each in views.listed(initiative) if lattice.matures_on(span, each.window) <= until)
    listed = [each for each in ripe if wanted(each)]
    over = Counted(span.period, views.frame(initiative, span), AsOf(until, ZoneInfo(initiative.zone)))
    plan = Plan(County.of_months(initiative, size.months, until), size.clients)
    lives = ((str(number), fold(observed(life))) for number, life in enumerate(recorded_of_each(plan, seed=1)))
    counted = tallied(views.catalogue(initiative, span, listed), lives, over)
    return shown(counted, ())


def observed(life: Iterable[Recorded]) -> Iterator[Observed]:
    """What is published of one client, as measures read it."""
    for position, event in enumerate(event for one in life for event in one.events):
        fact = cast(StoredFact, event.fact)
        published = contract_event(fact, event.stream, str)
        if published is not None and event.recorded_at:
            envelope = event.envelope
            moment = Moment(envelope.occurred_at, position)
            is_restricted = bool(restricted(fact))
            yield Observed(
                published, moment, envelope.agency, envelope.event_id, event.recorded_at, restricted=is_restricted
            )


def quick(measure: Definition) -> bool:
    """Whether it is looked at in every run."""
    return not measure.sensitive or measure.id in SENSITIVE


class Seen(NamedTuple):
    """How many groups a view shows and hides; "no one to count" is neither."""

    measure: str
    shown: int
    hidden: int


def seen(measured: Measured) -> Seen:
    """A view, without its total."""
    rows = [row for by, table in measured.cells.items() if by is not By.NONE for row in table.values()]
    shown = sum(row.numerator is not None and bool(row.numerator or row.denominator) for row in rows)
    return Seen(measured.definition.id, shown, sum(row.numerator is None for row in rows))


def of_a_county(slug: str) -> Sequence[Seen]:
    """What the county seed comes to."""
    return [seen(each) for each in released(INITIATIVES[slug], COUNTY, UNTIL)]


@pytest.mark.proof
@pytest.mark.slow
def test_every_view_shows_some_group_and_hides_another(sized: Callable[[int, int], int]) -> None:
    tally = Tally("county-views")
    if sized(0, 1):
        with ProcessPoolExecutor(len(INITIATIVES), mp_context=get_context("fork")) as pool:
            found = dict(zip(INITIATIVES, pool.map(of_a_county, INITIATIVES), strict=True))
    else:
        few = released(INITIATIVES["fresno-ptbi"], A_FEW, SOON, quick)
        found = {"fresno-ptbi": [each for each in map(seen, few) if each.measure not in FEW]}
    for slug, views_of_it in found.items():
        for measure, open_, hidden in views_of_it:
            tally.check(open_ > 0, f"{slug} {measure}: no group is shown")
            tally.check(hidden > 0, f"{slug} {measure}: no group is hidden")
    tally.close()


def test_a_handful_of_clients_hides_all() -> None:
    """The look itself can fail: of a few clients every view hides all that it has."""
    measured = released(INITIATIVES["fresno-ptbi"], Size(clients=8, months=15), SOON, quick)
    assert sum(seen(each).hidden for each in measured) > len(measured)
    assert not any(seen(each).shown for each in measured)
