"""Owns the benches of what has to be read quickly: the work list, a timeline, the search; one county serves them all.

Each is asked of a county of 1,000 clients and of one of 100,000, of the same agencies: every agency has a hundred times
as many clients, as much that waits for it, and as many whose outreach is paused. That is more than a growing county
brings, where agencies join. The names of all are in the vault at both sizes. The search is asked of one agency that
holds as many clients by itself. The floor is /v1/me: it reads nothing.
"""

import argparse
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tests.bench import search, timeline, worklist
from tests.bench.asking import Ask, timed
from tests.bench.ground import calibration, percentile, say
from tests.bench.multitude import Multitude, begun, grow, named
from tests.bench.stage import Stage, stage

GOAL_SECONDS: Final = 0.050
GOAL_GROWTH: Final = 1.3
WARM: Final = 300
PARTS: Final = ("postgres", "databases", "issuer", "referrals", "gateway")
GROWING: Final[Mapping[str, Callable[[Multitude, int], list[Ask]]]] = {
    "worklist": worklist.asks,
    "timeline": timeline.asks,
}


def main() -> int:
    """Print the last line of each; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readings", nargs="+", choices=[*GROWING, "search"])
    parser.add_argument("--copies", type=int, default=99, help="of a county of a thousand clients")
    parser.add_argument("--requests", type=int, default=2_000)
    options = parser.parse_args()
    growing = [name for name in options.readings if name in GROWING]
    lines: list[bool] = []
    with stage(*PARTS) as running:
        if growing:
            lines += _growing(running, growing, options.copies, options.requests)
        if "search" in options.readings:
            named(running, search.AGENCY, 1_000 * (options.copies + 1))
            wanted = search.asks(running, options.requests)
            lines.append(_said("search", *_whole(running, wanted), None))
    return 0 if all(lines) else 1


def _growing(running: Stage, names: Sequence[str], copies: int, requests: int) -> list[bool]:
    """Ask of the model, then of the whole; whether each met its goals."""
    county = begun(running)
    small: dict[str, float] = {}
    for name in names:
        found = _asked(running, GROWING[name](county, requests))
        small[name] = _tail(found)
        say(f"{name} of {len(county.clients)} clients: {_milliseconds(found)}")
    grow(county, copies)
    lines: list[bool] = []
    for name in names:
        whole, floor = _whole(running, GROWING[name](county, requests))
        lines.append(_said(name, whole, floor, _tail(whole) / small[name]))
    return lines


def _tail(found: Sequence[float]) -> float:
    """What growth is measured by: the p99 of the middle one of five stretches, as whatever else the machine does comes
    in gusts.
    """
    length = -(-len(found) // 5)
    return statistics.median(percentile(found[start : start + length], 0.99) for start in range(0, len(found), length))


def _asked(running: Stage, wanted: Sequence[Ask]) -> list[float]:
    timed(running, wanted[:WARM])
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
