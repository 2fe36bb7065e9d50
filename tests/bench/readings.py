"""Owns the benches of what has to be read quickly: the work list, a timeline, the search; one county serves all.

Each is asked of a county with 10,000 events and of one with 1,000,000 and 100,000 clients, in turns, of the same
agencies: each has a hundred times as many women with a history of some years, as much that waits for it, as many whose
outreach is paused. That is more than a growing county brings, where agencies join. The other clients are one agency's
that has registered them and no more; timelines are those of women with a history. The names of all are in the vault at
both sizes. Growth compares answers of one length, the other figures are of whole pages. The search is asked of that
agency, which holds 100,000 by itself. The floor is /v1/me: it reads nothing.
"""

import argparse
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tests.bench import search, timeline, worklist
from tests.bench.asking import Ask, timed
from tests.bench.ground import calibration, percentile, say
from tests.bench.multitude import IDLE, Multitude, begun, grow, named
from tests.bench.stage import Stage, stage

GOAL_SECONDS: Final = 0.050
GOAL_GROWTH: Final = 1.3
HELD: Final = 100_000
STRETCH: Final = 200
PARTS: Final = ("postgres", "databases", "issuer", "referrals", "gateway")
Asks = Callable[[Multitude, int], list[Ask]]
GROWING: Final[Mapping[str, Asks]] = {"worklist": worklist.asks, "timeline": timeline.asks}
COMPARED: Final[Mapping[str, Asks]] = {**GROWING, "worklist": worklist.as_long}
"""What growth is measured on: answers of one length at both sizes."""


def main() -> int:
    """Print the last line of each; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readings", nargs="+", choices=[*GROWING, "search"])
    parser.add_argument("--copies", type=int, default=99, help="of the county with ten thousand events")
    parser.add_argument("--idle", type=int, default=IDLE, help="clients with no history")
    parser.add_argument("--requests", type=int, default=2_000)
    options = parser.parse_args()
    growing = [name for name in options.readings if name in GROWING]
    lines: list[bool] = []
    with stage(*PARTS) as running:
        if growing:
            with stage(*PARTS) as beside:
                lines += _growing(begun(running), begun(beside), growing, options)
        if "search" in options.readings:
            named(running, search.AGENCY, HELD - (options.idle if growing else 0))
            wanted = search.asks(running, options.requests)
            lines.append(_said("search", *_whole(running, wanted), None))
    return 0 if all(lines) else 1


def _growing(county: Multitude, small: Multitude, names: Sequence[str], options: argparse.Namespace) -> list[bool]:
    """Ask of the county, grown, and of the one that stayed small; whether each met its goals."""
    requests = int(options.requests)
    grow(county, options.copies, options.idle, search.AGENCY)
    lines: list[bool] = []
    for name in names:
        grown, stayed = _grown(county, small, COMPARED[name], requests)
        say(f"{name} of {small.events} events: {_milliseconds(stayed)}; of {county.events}: {_milliseconds(grown)}")
        whole, floor = _whole(county.stage, GROWING[name](county, requests))
        lines.append(_said(name, whole, floor, _tail(grown) / _tail(stayed)))
    return lines


def _grown(county: Multitude, small: Multitude, asks: Asks, requests: int) -> tuple[list[float], list[float]]:
    """Seconds of the same questions to both, a stretch of the one and a stretch of the other: what else the machine
    does meets both.
    """
    both = county, small
    wanted = [asks(each, requests) for each in both]
    for each, asked in zip(both, wanted, strict=True):
        timed(each.stage, asked)  # as in `_asked`
    found: tuple[list[float], list[float]] = [], []
    for start in range(0, requests, STRETCH):
        for each, asked, times in zip(both, wanted, found, strict=True):
            times.extend(timed(each.stage, asked[start : start + STRETCH]))
    return found


def _tail(found: Sequence[float]) -> float:
    """What growth is measured by: the p99 of the middle one of five stretches, as whatever else the machine does comes
    in gusts.
    """
    length = -(-len(found) // 5)
    return statistics.median(percentile(found[start : start + length], 0.99) for start in range(0, len(found), length))


def _asked(running: Stage, wanted: Sequence[Ask]) -> list[float]:
    """Seconds of each, when it is read again: who reads of others' work first in an hour has that written down (R1),
    which in a small county has happened to all.
    """
    timed(running, wanted)
    return timed(running, wanted)


def _whole(running: Stage, wanted: Sequence[Ask]) -> tuple[list[float], list[float]]:
    """How long each took, and how long as many took that read nothing."""
    found = _asked(running, wanted)
    say(calibration(running.folder))
    return found, timed(running, [Ask("/v1/me", each.token) for each in wanted])


def _said(name: str, ours: Sequence[float], floor: Sequence[float], growth: float | None) -> bool:
    """Print the last line (interface page, section 1); whether the goals are met."""
    rate, bare = len(ours) / sum(ours), len(floor) / sum(floor)
    more = "" if growth is None else f" growth={growth:.2f}"
    say(f"{name} ratio={rate / bare:.2f}{more} ours={rate:.0f} floor={bare:.0f} {_milliseconds(ours)}")
    return percentile(ours, 0.99) < GOAL_SECONDS and (growth is None or growth <= GOAL_GROWTH)


def _milliseconds(found: Sequence[float]) -> str:
    return f"p50_ms={percentile(found, 0.5) * 1e3:.2f} p99_ms={percentile(found, 0.99) * 1e3:.2f}"


if __name__ == "__main__":
    sys.exit(main())
