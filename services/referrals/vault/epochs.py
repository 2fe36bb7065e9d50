"""Owns the months of key-encryption keys: moving data keys out of those that are over, and destroying what is empty."""

from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from services.referrals.domain.frozen import frozen
from services.referrals.vault.check_values import CheckedKeys
from services.referrals.vault.data_keys import DataKeys
from services.referrals.vault.wrapping import KeyWrapping
from services.runtime.clock import Clock
from services.runtime.postgres import AsyncPool

KEPT: Final = timedelta(days=35)
"""So long after its month a key-encryption key stays, as backups of that month may be wanted; then they are dead."""

_USED: Final = "SELECT epoch, count(*) FROM data_keys WHERE shredded_at IS NULL GROUP BY epoch"


class EpochInUse(Exception):
    """A month's key that is not destroyed, there or gone: it is the current one's, or live data keys lie under it."""


@frozen
class Epoch:
    """A month: how many live data keys lie under its key, whether that is there, and from when (UTC) it may go.

    `fault`: the key is needed and is not there, or another is there in its place.
    """

    name: str
    live: int
    present: bool
    current: bool
    until: datetime
    fault: Literal["gone", "another"] | None


@frozen
class Turned:
    """What a turn did: how many data keys moved, and which months' keys were destroyed."""

    moved: int
    destroyed: tuple[str, ...]


def ends(epoch: str) -> datetime:
    """When a month is over (UTC)."""
    year, month = map(int, epoch.split("-"))
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


class Epochs:
    """The months as the table of data keys and the key service know them."""

    def __init__(
        self, pool: AsyncPool, keys: DataKeys, checked: CheckedKeys, wrapping: KeyWrapping, clock: Clock
    ) -> None:
        self._pool = pool
        self._keys = keys
        self._checked = checked
        self._wrapping = wrapping
        self._clock = clock

    async def known(self) -> list[Epoch]:
        """Every month of which there is a key or a data key, the oldest first."""
        meta = await self._wrapping.public_meta()
        async with self._pool.connection() as connection:
            used: dict[str, int] = dict(await (await connection.execute(_USED)).fetchall())
        epochs = []
        for name in sorted({*meta.epochs, *used, meta.current}):
            live, present, current = used.get(name, 0), name in meta.epochs, name == meta.current
            fault: Literal["gone", "another"] | None = None
            if not present and (live or (current and await self._checked.begun(name))):
                fault = "gone"
            elif present and not await self._checked.stands(name):
                fault = "another"
            epochs.append(Epoch(name, live, present, current, ends(name) + KEPT, fault))
        return epochs

    async def rewrap(self) -> int:
        """Move the data keys of past months under this month's key, a few at a time; how many moved.

        Stopped anywhere it has moved some, and goes on with the rest the next time. Two at once share the work.
        """
        moved = 0
        for epoch in await self.known():
            moves = epoch.live and not epoch.current and not epoch.fault
            while moves and (some := await self._keys.rewrap(epoch.name)):
                moved += some
        return moved

    async def turn(self) -> Turned:
        """Move what lies under past months' keys, and destroy those whose time is over and that nothing lies under."""
        moved, now = await self.rewrap(), self._clock.now()
        destroyed = []
        for epoch in await self.known():
            if epoch.present and not epoch.live and not epoch.current and epoch.until <= now:
                await self._checked.destroy(epoch.name)
                destroyed.append(epoch.name)
        return Turned(moved, tuple(destroyed))

    async def destroy(self, name: str, *, early: bool = False) -> bool:
        """Destroy one month's key for ever; False where there is none and none is needed. Raises `EpochInUse`.

        `early`: before its time, after which every backup of that month is of no use.
        """
        found = next((epoch for epoch in await self.known() if epoch.name == name), None)
        if found is not None and found.fault == "gone":
            raise EpochInUse(
                f"The key of {name} is gone, and it is in use ({found.live} live data keys): bring it back."
            )
        if found is None or not found.present:
            return False
        if found.current:
            raise EpochInUse(f"The key of {name} is this month's: every new data key lies under it.")
        if found.live:
            raise EpochInUse(f"{found.live} live data keys lie under the key of {name}: `closeknit keys rewrap` first.")
        if not early and found.until > self._clock.now():
            raise EpochInUse(
                f"Backups of {name} can be read until {found.until:%Y-%m-%d}; --early ends that now and for ever."
            )
        await self._checked.destroy(name)
        return True
