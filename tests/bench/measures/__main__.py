"""All measures in all views of one quarter, over a million events: anew, and by what the close before it has kept.

The main module of a package, as processes that are spawned read any other main module anew.
"""

import argparse
import resource
import time
from datetime import datetime
from typing import Final

import psycopg

from contracts.initiative import Initiative, load_initiatives
from services.measures.definitions import CATALOGUE
from services.measures.releases import views
from services.measures.releases.build import Plan, closed, document, planned
from services.measures.releases.document import Document
from services.measures.releases.lattice import matures_on, named
from services.measures.settings import MeasuresSettings
from services.measures.store import journeys
from tests.bench.ground import calibration, ground, say
from tests.bench.measures.county import county, load
from tests.measures.conftest import INITIATIVES, LARGE
from tests.measures.published import Log

BEFORE: Final = "2028-Q3"
QUARTER: Final = "2028-Q4"


def whole() -> Initiative:
    """The initiative with every measure on a scorecard."""
    found = load_initiatives(INITIATIVES)[LARGE]
    group = found.working_groups[0].model_copy(update={"measures": tuple(CATALOGUE)})
    return found.model_copy(update={"working_groups": (group,), "restricted_topic": True})


def plan_of(initiative: Initiative, quarter: str) -> Plan:
    """Every view of a quarter."""
    return planned(initiative, named(initiative, quarter), views.listed(initiative))


def when_over(initiative: Initiative, quarter: str) -> datetime:
    """The first moment at which no measure of a quarter is pending: it is closed as known then."""
    return max(matures_on(named(initiative, quarter), each.window) for each in views.listed(initiative))


def full(settings: MeasuresSettings, initiative: Initiative) -> tuple[float, Document]:
    """Everything anew, as `release reproduce` does it."""
    began, cpu = time.perf_counter(), cpu_seconds()
    with journeys.reading(settings.measures_dsn) as reading:
        on = journeys.basis(
            reading, LARGE, when_over(initiative, QUARTER), initiative.measurement_consent, restricted=True
        )
        say(f"basis {time.perf_counter() - began:.1f} s")
        found = document(settings, reading, on, plan_of(initiative, QUARTER))
    took = time.perf_counter() - began
    say(f"{QUARTER} anew in {took:.1f} s ({cpu_seconds() - cpu:.1f} of processor time without the database's)")
    return took, found


def cpu_seconds() -> float:
    """Of this process and of those that it has ended."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


def close(settings: MeasuresSettings, initiative: Initiative, quarter: str) -> tuple[float, Document]:
    """By what the last close has kept, and keeping for the next."""
    began, cpu = time.perf_counter(), cpu_seconds()
    of = journeys.Basis(LARGE, when_over(initiative, quarter), rule=initiative.measurement_consent, restricted=True)
    with (
        journeys.reading(settings.measures_dsn) as reading,
        psycopg.connect(settings.measures_dsn, autocommit=True) as keeping,
    ):
        found = closed(settings, (reading, keeping), of, plan_of(initiative, quarter))
        took, spent = time.perf_counter() - began, cpu_seconds() - cpu
        looked = keeping.execute("SELECT count(*) FROM kept_units WHERE cutoff = %s", [of.cutoff]).fetchone() or (0,)
    words = f"{spent:.1f} of processor time without the database's), {looked[0]} looked at"
    say(f"{quarter} closed in {took:.1f} s ({words}")
    return took, found


def main() -> None:
    """The last line says seconds; a close that differs from the full way ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    initiative = whole()
    with ground() as on:
        settings = MeasuresSettings(environment="development", measures_dsn=on.dsn("MEASURES_DSN"))
        facts = county(Log(LARGE))
        began = time.perf_counter()
        clients = load(on.server.dsn("measures"), facts, options.events)
        say(f"{options.events} events of {clients} clients, {len(views.listed(initiative))} measures,"
            f" loaded in {time.perf_counter() - began:.1f} s; {calibration(on.folder)}")  # fmt: skip
        close(settings, initiative, BEFORE)
        seconds, short = close(settings, initiative, QUARTER)
        say(calibration(on.folder))
        whole_seconds, long = full(settings, initiative)
        say(f"{sum(len(rows) for each in long.measures for rows in each.cells.values())} rows")
        if short.bytes() != long.bytes():
            raise SystemExit("the close of the quarter is not what the full way gives")
        say(f"bench-measures full_s={whole_seconds:.1f} close_s={seconds:.1f}")


if __name__ == "__main__":
    main()
