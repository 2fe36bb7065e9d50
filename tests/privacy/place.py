"""Owns where a run happens, what time it is there, and what a test may put between its parts."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
from starlette.types import ASGIApp

from services.referrals.relay import Publisher
from services.runtime.telemetry import Telemetry
from tests.fix_servers import Databases

if TYPE_CHECKING:
    from tests.privacy.house import House
    from tests.privacy.journey import Journey

BY_FUNCTION: Final = ("append_commits(jsonb, text)", "append_history(jsonb)", "sweep_idempotency()")
FIXED_SCHEMA: Final = """
CREATE SCHEMA fixed;
GRANT USAGE ON SCHEMA fixed TO PUBLIC;
CREATE FUNCTION fixed.clock_timestamp() RETURNS timestamptz LANGUAGE sql IMMUTABLE
RETURN timestamptz '{at}';
"""


@dataclass
class Place:
    """Where a run happens: fresh databases, its own folder, the keys of both, the time that both have."""

    databases: Databases
    folder: Path
    keys: Path
    kafka: str
    at: datetime
    statements: Path
    logged_from: int = 0


class Seams:
    """What a test may put between the parts: nothing, unless it plants a leak."""

    def app(self, app: ASGIApp) -> ASGIApp:
        """Around the application of referrals."""
        return app

    def telemetry(self, telemetry: Telemetry) -> Telemetry:
        """Around what referrals tells of itself."""
        return telemetry

    def publisher(self, publisher: Publisher) -> Publisher:
        """Around what makes records of events."""
        return publisher

    def __init__(self) -> None:
        self.owners: dict[bytes, int] = {}

    def owner_of(self, id: bytes) -> int | None:
        """Whose journey brought an id into the store."""
        return self.owners.get(id)

    def begins(self, journey: "Journey") -> None:
        """A journey begins."""

    def ended(self, journey: "Journey") -> None:
        """All of a journey was asked."""

    def over(self, house: "House") -> None:
        """All of a run is written."""


def fix_database_clock(place: Place) -> None:
    """The clock of both databases stands at the run's own time, for whatever they run from now on."""
    for name in ("referrals", "measures"):
        with psycopg.connect(place.databases.dsn(name, "closeknit_owner"), autocommit=True) as owner:
            owner.execute(FIXED_SCHEMA.format(at=place.at.isoformat()).encode())
            path = "fixed, pg_catalog, public"
            row = owner.execute("SELECT current_database()").fetchone()
            assert row is not None
            owner.execute(f"ALTER DATABASE {row[0]} SET search_path = {path}".encode())
            for function in BY_FUNCTION if name == "referrals" else ():
                owner.execute(f"ALTER FUNCTION public.{function} SET search_path = {path}, pg_temp".encode())
