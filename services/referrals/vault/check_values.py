"""Owns the check value of each month's key: it is made once, and what is used afterwards is the one that was made."""

from typing import Final

from services.referrals.vault.keys import KEY_BYTES, KeyProblem, joined
from services.referrals.vault.wrapping import KeyMissing, KeyRefused, KeyWrapping, Wrapped
from services.runtime.postgres import AsyncPool

_READ: Final = "SELECT check_value FROM epochs WHERE epoch = %s"
_WRITE: Final = "INSERT INTO epochs (epoch, check_value) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_FORGET: Final = "DELETE FROM epochs WHERE epoch = %s"
_SENT: Final = bytes(KEY_BYTES)


class CheckedKeys:
    """Wraps data keys under a month's key only where its check value, kept beside the data keys, says which that is.

    The check value is durable before the first data key lies under the key. A month that has one gets no other key:
    where its own is missing nothing is wrapped until it is back. With a key that is destroyed its check value goes too.
    """

    def __init__(self, pool: AsyncPool, driver: KeyWrapping) -> None:
        self._pool = pool
        self._driver = driver
        self._known: dict[str, Wrapped] = {}

    async def wrap(self, key: bytes, context: bytes) -> Wrapped:
        """Wrap under this month's key, made where the month has none yet. Raises `KeyMissing`, `KeysAway`."""
        epoch = self._driver.month()
        if not await self.stands(epoch) or (await self._of(epoch) is None and not await self._begun(epoch)):
            raise KeyMissing(self._driver.key_id(epoch))
        return await self._driver.wrap(key, context, epoch)

    async def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """The key again, as the driver has it."""
        return await self._driver.unwrap(wrapped, context)

    async def begun(self, epoch: str) -> bool:
        """Whether a key was ever made for this month."""
        return await self._of(epoch) is not None

    async def stands(self, epoch: str) -> bool:
        """Whether the month's key is there and is the one that was made for it. Raises `KeysAway`."""
        if await self._opens(epoch):
            return True
        # Another process may have destroyed the month, and begun it anew.
        known = self._known.pop(epoch, None)
        return await self._of(epoch) != known and await self._opens(epoch)

    async def destroy(self, epoch: str) -> None:
        """Destroy a month's key for ever. Killed on the way it leaves the key, to be destroyed by the next call.

        Raises `ValueError` for the current month, `KeysAway`.
        """
        if epoch >= self._driver.month():
            raise ValueError("the key-encryption key in use is not destroyed")
        async with self._pool.connection() as connection:
            await connection.execute(_FORGET, [epoch])
        self._known.pop(epoch, None)
        await self._driver.destroy_epoch(epoch)

    async def _opens(self, epoch: str) -> bool:
        check = await self._of(epoch)
        try:
            return check is None or await self._driver.unwrap(check, _context(epoch)) == _SENT
        except (KeyMissing, KeyRefused, KeyProblem):
            return False

    async def _begun(self, epoch: str) -> bool:
        """Begin a month; whether the key that is there is the one that stands for it, of two that begin it."""
        await self._driver.make(epoch)
        check = await self._driver.wrap(_SENT, _context(epoch), epoch)
        async with self._pool.connection() as connection:
            await connection.execute(_WRITE, [epoch, check.key])
        return await self._opens(epoch)

    async def _of(self, epoch: str) -> Wrapped | None:
        """What stands in the table: of two that begin a month, the first one's."""
        if epoch not in self._known:
            async with self._pool.connection() as connection:
                row = await (await connection.execute(_READ, [epoch])).fetchone()
            if row is None:
                return None
            self._known[epoch] = Wrapped(epoch, row[0])
        return self._known[epoch]


def _context(epoch: str) -> bytes:
    return joined("check value", epoch)
