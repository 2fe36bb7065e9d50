"""Owns when a sign-in was last used, in a small sealed cookie beside its own, and when that is too long ago."""

from services.gateway.access.session import Sealer, Session
from services.runtime.clock import Clock


class LastUse:
    """Each page that somebody asks for moves the mark; what a page asks for by itself does not.

    A mark is of one session and later than its beginning, or nothing: whoever takes it away ends a sign-in sooner.
    """

    def __init__(self, key_hex: str, minutes: int, clock: Clock) -> None:
        """`minutes`: so long nobody has to use it before it is over."""
        self._sealer = Sealer(key_hex, "last-use")
        self._idle_s = minutes * 60
        self._clock = clock

    def mark(self, session: Session) -> str:
        """The cookie that says that it is used now."""
        return self._sealer.seal({"of": session.seed, "at": self._clock.now().timestamp()})

    def left(self, session: Session, mark: str) -> float:
        """In how many seconds a session is over if nobody uses it; none or fewer: it is over."""
        found = self._sealer.open(mark)
        used = float(found["at"]) if found is not None and found["of"] == session.seed else session.began
        return max(used, session.began) + self._idle_s - self._clock.now().timestamp()
