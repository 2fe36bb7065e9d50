"""Owns which sign-ins have ended before their time: the provider said so, or somebody signed out."""

import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from services.gateway.access.session import LONGEST_SESSION_S, Session

SWEEP_S: Final = 3600.0
LEEWAY_S: Final = 5.0
"""How far the clock of the process that began a session may be ahead of this one's."""


class Endings:
    """One small file for each that has ended, in a folder that every gateway process looks into; it outlives a restart.

    A name is a digest, what is in it a time. It goes when no session can be left that it ends. Without a folder it is
    this process's memory, which is for development alone.
    """

    def __init__(self, folder: Path | None, *, clock: Callable[[], float] = time.time) -> None:
        """Raises OSError where the folder cannot be made."""
        self._folder = folder
        self._clock = clock
        self._memory: dict[str, float] = {}
        self._swept = clock()
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def end_session(self, session: Session) -> None:
        """Somebody signed out: whoever has a copy of that cookie has nothing."""
        self._mark("own", session.seed)

    def end_sign_in(self, sign_in: str) -> None:
        """The provider ended one of its sessions (`sid`): every session of ours that came of it, now and later."""
        self._mark("sid", sign_in)

    def end_all_of(self, subject: str) -> None:
        """The provider ended all sessions of a person: those that began before now."""
        self._mark("sub", subject)

    def has_ended(self, session: Session) -> bool:
        """Whether a session is over, whatever its token says. Raises OSError where that cannot be known."""
        if not -LEEWAY_S <= self._clock() - session.began < LONGEST_SESSION_S:
            return True
        if self._when("own", session.seed) is not None:
            return True
        if session.sign_in and self._when("sid", session.sign_in) is not None:
            return True
        ended = self._when("sub", session.subject)
        return ended is not None and session.began <= ended

    def first(self, token_id: str) -> bool:
        """Whether a logout token comes for the first time, here or at another process; it counts as come then."""
        name = _name("jti", token_id)
        if self._folder is None:
            new = name not in self._memory
            self._memory[name] = self._clock()
            return new
        try:
            os.close(os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return False
        return True

    def _mark(self, kind: str, value: str) -> None:
        now, name = self._clock(), _name(kind, value)
        self._sweep(now)
        if self._folder is None:
            self._memory[name] = now
            return
        new = self._folder / f"{name}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(now, file)
        new.replace(self._folder / name)

    def _when(self, kind: str, value: str) -> float | None:
        name = _name(kind, value)
        if self._folder is None:
            return self._memory.get(name)
        try:
            return float(json.loads((self._folder / name).read_text()))
        except FileNotFoundError:
            return None

    def _sweep(self, now: float) -> None:
        if now - self._swept < SWEEP_S:
            return
        self._swept, gone = now, now - LONGEST_SESSION_S - SWEEP_S
        self._memory = {name: at for name, at in self._memory.items() if at > gone}
        for path in self._folder.iterdir() if self._folder is not None else ():
            with suppress(FileNotFoundError):  # another process sweeps too
                if path.stat().st_mtime < gone:
                    path.unlink()


def _name(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}|{value}".encode()).hexdigest()
