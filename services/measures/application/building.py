"""Owns the builds that are under way: whoever asks for the same once more waits for it, and none is begun twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDone
from threading import Lock, Thread
from typing import Final, Generic, TypeVar

Made = TypeVar("Made")

PATIENCE: Final = 20.0
"""Seconds for which somebody waits, less than what stands between her and this service allows for an answer."""


class StillBuilding(Exception):  # noqa: N818 - nothing is wrong: it takes longer than anybody waits for an answer
    """It goes on; whoever asks again with the same key gets it when it is done."""


class Builds(Generic[Made]):
    """Each in a thread of its own, which holds up no stop: a build that is killed wrote nothing, and is begun anew."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._under_way: dict[Hashable, Future[Made]] = {}
        self._lock = Lock()

    def done(self, key: Hashable, build: Callable[[], Made]) -> Made:
        """What `build` makes, or made for the first who asked with this key. Raises what it does, and StillBuilding."""
        with self._lock:
            found = self._under_way.get(key)
            if found is None:
                found = self._under_way[key] = Future()
                Thread(target=_into, args=(found, build), daemon=True).start()
        try:
            return found.result(self._patience)
        except NotDone:
            if found.done():
                raise
            raise StillBuilding from None
        finally:
            if found.done():
                with self._lock:
                    self._under_way.pop(key, None)


def _into(found: Future[Made], build: Callable[[], Made]) -> None:
    try:
        found.set_result(build())
    except BaseException as error:  # noqa: BLE001 - whoever waits for it is told
        found.set_exception(error)
