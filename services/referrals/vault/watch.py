"""Owns how a process learns that a data key was destroyed elsewhere: it is told at once, and asks besides."""

import asyncio
from typing import Final
from uuid import UUID

import psycopg

from services.referrals.vault.data_keys import DataKeys
from services.runtime.postgres import conninfo
from services.runtime.postgres.behalf import across
from services.runtime.telemetry import Telemetry, describe

CHANNEL: Final = "destroyed_keys"
ASKS_EVERY: Final = 20.0
PATIENCE: Final = 5.0
"""Seconds. A key that is open is known to stand at least so often; what cannot be asked is forgotten."""
_LISTEN: Final = b"LISTEN " + CHANNEL.encode()


class Watch:
    """Drops the open keys that were destroyed: by what the database tells, and, as a telling can be lost, by asking.

    While it cannot be asked every key is forgotten, so that whoever needs one asks for it.
    """

    def __init__(self, dsn: str, keys: DataKeys, telemetry: Telemetry, *, asks_every: float = ASKS_EVERY) -> None:
        self._dsn = conninfo(dsn, "referrals key watch")
        self._keys = keys
        self._telemetry = telemetry
        self._asks_every = asks_every

    async def follow(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as connection:
                    await connection.execute(_LISTEN)
                    while True:
                        await self.ask()
                        async for told in connection.notifies(timeout=self._asks_every):
                            self._keys.drop([UUID(told.payload)])
            except Exception as error:
                self._keys.drop_all()
                self._telemetry.log.warning("key watch waits", **describe(error))
                await asyncio.sleep(1.0)

    async def ask(self) -> None:
        """Which open keys still stand? Raises TimeoutError, and what an outage raises."""
        async with asyncio.timeout(PATIENCE):
            with across("keys"):
                await self._keys.drop_destroyed()
