"""Owns submitters who do not give up: each asks again with the same key and body until it has its answer."""

import itertools
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx

from tests.condition import until
from tests.e2e.walk import MANY, SPOKEN, Cast, somebody
from tests.fix_line import Line
from tests.referrals.api.conftest import Caller

WORKERS = 4
TRIES = 600
PAUSE = 0.02  # seconds: about a hundred submits a second, which leaves room for what comes back


@dataclass
class Submitters:
    """Some agencies that submit at once; `referrals` are the answers by key, `statuses` everything that came back."""

    caller: Caller
    cast: Cast
    referrals: dict[str, UUID] = field(default_factory=dict)
    statuses: Counter[int | str] = field(default_factory=Counter)
    stopped: threading.Event = field(default_factory=threading.Event)

    def submit(self, key: str) -> None:
        """One referral of a woman whom nobody knew before, under one key."""
        to = {"agency": self.cast.helper, "service": self.cast.service}
        consent = SPOKEN | {"fields": ["name"]}
        body = {"identity": somebody(mrn=key), "to": to, "category": self.cast.category, "consent": consent}
        for _ in range(TRIES):
            if referral := self._asked(body, key):
                self.referrals[key] = referral
                return
        raise AssertionError("a submit was never answered")

    def _asked(self, body: object, key: str) -> UUID | None:
        """One try; None where it is to be asked again."""
        try:
            answer = self.caller.post("/v1/referrals", body, key=key)
        except httpx.TransportError as error:
            self._again(type(error).__name__)
            return None
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            assert int(answer.headers["retry-after"]) > 0
            assert answer.headers["content-type"] == "application/problem+json"
            self._again(answer.status_code)
            return None
        self.statuses[answer.status_code] += 1
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return UUID(answer.json()["referral"])

    def _again(self, why: int | str) -> None:
        self.statuses[why] += 1
        threading.Event().wait(0.1)

    def more(self, count: int) -> None:
        """Return when so many more were answered."""
        enough = len(self.referrals) + count
        until(lambda: len(self.referrals) >= enough, 60)

    def keep_on(self) -> None:
        """Submit one after the other until asked to stop."""
        while not self.stopped.wait(PAUSE):
            self.submit(uuid4().hex)


@contextmanager
def submitting(line: Line, cast: Cast = MANY) -> Iterator[Submitters]:
    """Submitters at work while the block runs; whatever they were not told yes or no to by then is asked to its end."""
    load = Submitters(line.caller(cast.clinic, "system", initiative=cast.initiative), cast)
    with ThreadPoolExecutor(WORKERS) as pool:
        working: list[Future[None]] = [pool.submit(load.keep_on) for _ in range(WORKERS)]
        try:
            yield load
        finally:
            load.stopped.set()
    for each in working:
        each.result()


def submitted(line: Line, count: int, cast: Cast = MANY) -> Submitters:
    """So many referrals, submitted at once by several."""
    load = Submitters(line.caller(cast.clinic, "system", initiative=cast.initiative), cast)
    keys = [uuid4().hex for _ in range(count)]
    with ThreadPoolExecutor(WORKERS) as pool:
        list(itertools.chain(pool.map(load.submit, keys)))
    return load
