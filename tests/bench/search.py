"""The search: an agency's own clients by how their names begin, by phone and number, of 100,000 that it holds."""

from random import Random

from tests.bench.asking import Ask
from tests.bench.morning import SENDER as AGENCY
from tests.bench.multitude import FAMILY, GIVEN
from tests.bench.stage import Stage

__all__ = ["AGENCY", "asks"]


def asks(running: Stage, count: int) -> list[Ask]:
    """So many, of what people type."""
    chance, token = Random(7), running.token(AGENCY)
    return [Ask("/v1/clients/search", token, {"text": _typed(chance)}) for _ in range(count)]


def _typed(chance: Random) -> str:
    """The first letters of a name, both names, the end of a phone, a number."""
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
