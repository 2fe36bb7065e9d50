"""Owns seeding a system with a made-up history: how much there is in which size, and until when it goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import psycopg

from contracts.initiative import Initiative
from deploy.local.issuer import NotInProduction
from deploy.simulator.county import County
from deploy.simulator.history import Plan, Tally, recorded
from deploy.simulator.load import Loader
from deploy.simulator.officers import with_inquiries
from services.referrals.directory import Directory
from services.referrals.store.firing_lock import FIRING
from services.referrals.vault.vault import open_vault
from services.runtime.clock import SystemClock
from services.runtime.garbage import collecting_later
from services.runtime.postgres import conninfo, pool
from services.runtime.settings import RuntimeSettings, secret

APPLICATION = "closeknit simulate"


class SimulatorSettings(RuntimeSettings):
    """What a simulation of history reads from the environment."""

    referrals_history_dsn: str = secret()
    identity_dsn: str = secret()
    keys: Path
    initiatives: Path = Path("deploy/initiatives")


@dataclass(frozen=True, slots=True)
class Size:
    """How much history each initiative gets."""

    clients: int
    months: int


SIZES: Mapping[str, Size] = {"small": Size(clients=1_050, months=24), "county": Size(clients=12_000, months=54)}


async def seed(
    initiatives: Sequence[str],
    size: Size,
    *,
    number: int,
    environ: Mapping[str, str],
    until: date | None = None,
    told: Callable[[int, int], None] = lambda done, total: None,
    hashing: bool = False,
) -> Tally:
    """Load a history of these initiatives, which ends when the local day `until` (default today) begins.

    `told` hears of clients so far and in all. The same numbers and day give the same events; again adds nothing.
    Raises NotInProduction, SettingsProblem, BadInitiative, NotInDirectory, KeyProblem, AlreadyOtherwise.
    """
    settings = SimulatorSettings.from_env(environ)
    if settings.in_production:
        raise NotInProduction("a made-up history exists only where CLOSEKNIT_ENVIRONMENT=development")
    directory, clock = Directory.read(settings.initiatives), SystemClock()
    chosen = [directory.initiative(slug) for slug in initiatives]
    plans = [Plan(_county(each, size.months, until, clock.now()), size.clients) for each in chosen]
    total = size.clients * len(plans)
    async with pool(settings.identity_dsn, APPLICATION, task="import") as connections:
        vault = open_vault(connections, settings.keys, clock)
        dsn = conninfo(settings.referrals_history_dsn, APPLICATION)
        with psycopg.connect(dsn, autocommit=True) as connection, collecting_later():
            # What the clock does to these clients comes after their history, never in the middle of it.
            connection.execute("SELECT pg_advisory_lock(%s)", [FIRING])
            loader = Loader(vault, connection, directory)
            history = with_inquiries(recorded(plans, number), [plan.county for plan in plans])
            return await loader.load(history, lambda clients: told(clients, total), hashing=hashing)


def _county(initiative: Initiative, months: int, until: date | None, now: datetime) -> County:
    day = until or now.astimezone(initiative.timezone).date()
    midnight = datetime.combine(day, time(), initiative.timezone)
    return County.of_months(initiative, months, min(midnight, now))
