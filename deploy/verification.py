"""Owns the proof of a whole system: event store, Kafka, measures, work lists and releases say the same."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import psycopg

from contracts.initiative import load_initiatives
from services.measures.main import log_key
from services.measures.releases import ledger
from services.measures.releases.build import reproduce
from services.measures.settings import MeasuresSettings
from services.measures.store import journeys, progress, published
from services.referrals.directory import Directory
from services.referrals.main import build_comparison, open_log_keys
from services.referrals.relay import Compared, Measured
from services.referrals.settings import RelaySettings
from services.referrals.store.mapper import FactMapper
from services.referrals.store.rebuild import work_index_differences
from services.runtime.postgres import conninfo

CATCH_UP_S = 60.0
MOST_RELEASES = 10_000


@dataclass(frozen=True)
class Verified:
    """What was compared, and the first difference in words, None where there is none."""

    compared: Compared
    difference: str | None


def verify(
    environ: Mapping[str, str], told: Callable[[int, int], None] = lambda done, whole: None, *, deep: bool = False
) -> Verified:
    """Compare everything up to where the event store ends now. `deep` also builds every release anew.

    The work lists are compared where the owner of the event store is in the settings. Raises SettingsProblem,
    KeyProblem, BadInitiative, KafkaProblem, psycopg.OperationalError.
    """
    measures = MeasuresSettings.from_env(environ)
    with psycopg.connect(conninfo(measures.measures_dsn, "closeknit verify"), autocommit=True) as connection:
        progress.await_read(connection, measures.broker, CATCH_UP_S)
        parked = published.parked_places(connection)
    settings, read = RelaySettings.from_env(environ), log_key(environ)
    compared = build_comparison(settings, read).run(lambda _: measured(measures), parked, deep=deep, told=told)
    difference = str(compared.difference) if compared.difference is not None else None
    for key in open_log_keys(settings.referrals_dsn):
        if difference is None and key != read:
            other = build_comparison(settings, key).run(told=told).difference
            difference = str(other) if other is not None else None
    return Verified(compared, difference or of_work_lists(environ) or (of_releases(measures) if deep else None))


def measured(settings: MeasuresSettings) -> Iterator[Measured]:
    """Every fact of measures, as of one moment, in the order of positions."""
    with journeys.reading(settings.measures_dsn) as connection:
        for row in published.rows(connection):
            yield Measured(*row)


def of_work_lists(environ: Mapping[str, str]) -> str | None:
    owner = environ.get("CLOSEKNIT_REFERRALS_OWNER_DSN")
    if not owner:
        return None
    directory = Directory.read(RelaySettings.from_env(environ).initiatives)
    with psycopg.connect(conninfo(owner, "closeknit verify", task="rebuild"), autocommit=True) as connection:
        count = work_index_differences(connection, FactMapper(), directory.due)
    return f"work lists: {count} rows are not what the events say" if count else None


def of_releases(settings: MeasuresSettings) -> str | None:
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit verify"), autocommit=True) as connection:
        slugs = load_initiatives(settings.initiatives)
        releases = [one.id for slug in slugs for one in ledger.of_initiative(connection, slug, None, MOST_RELEASES)]
    for release in releases:
        written, again = reproduce(settings, release)
        if written != again:
            return f"release {release}: built anew it is not what was written"
    return None
