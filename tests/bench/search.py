"""The search: an agency's own clients by how their names begin, by phone and number, of 100,000 that it holds."""

import argparse
import sys
from random import Random

from tests.bench.ground import calibration, say
from tests.bench.morning import SENDER
from tests.bench.multitude import FAMILY, GIVEN, named
from tests.bench.readings import PARTS, WARM, Ask, said, timed
from tests.bench.stage import stage


def typed(chance: Random) -> str:
    """What somebody types: the first letters of a name, both names, the end of a phone, a number."""
    given, family = chance.choice(GIVEN).lower(), chance.choice(FAMILY).lower()
    number = chance.randrange(100_000)
    return chance.choice(
        [
            given[:3],
            family[:4],
            f"{given} {family}",
            f"{given[:3]} {family}{number % 997:03d}",
            f"{number % 10_000:04d}",
            f"b-{number}",
            "nobody at all",
        ]
    )


def main() -> int:
    """Print the last line; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=1_000)
    options = parser.parse_args()
    chance = Random(7)
    with stage(*PARTS) as running:
        named(running, SENDER, options.clients)
        token = running.token(SENDER)
        asked = [Ask("/v1/clients/search", token, {"text": typed(chance)}) for _ in range(options.requests)]
        timed(running, asked[:WARM])
        say(calibration(running.folder))
        ours = timed(running, asked)
        floor = timed(running, [Ask("/v1/me", token) for _ in asked])
        say(calibration(running.folder))
    return said("search", ours, floor, None)


if __name__ == "__main__":
    sys.exit(main())
