"""Whatever is killed when: an accepted command is never lost and never doubled, on the log and in the rows as well."""

import random
from collections.abc import Callable

import pytest

from tests.e2e import truth
from tests.e2e.load import Submitters, submitting
from tests.fix_line import Line
from tests.prove.tally import Tally

pytestmark = [pytest.mark.servers, pytest.mark.proof]

OURS = ("relay", "consume", "referrals", "gateway")
EVERYTHING = (*OURS, "postgres", "kafka")


def killed(line: Line, load: Submitters, names: list[str]) -> None:
    """Kill one after the other, each after some more answers and wherever it stands by then."""
    for name in names:
        load.more(random.randrange(1, 8))
        line.back(name, 60)
        line.kill(name)


@pytest.mark.timeout(300)
def test_what_is_killed_at_random_moments_under_load_loses_and_doubles_nothing(
    line: Line, sized: Callable[[int, int], int]
) -> None:
    names = [*EVERYTHING, *random.choices(OURS, k=sized(2, 194))]
    random.shuffle(names)
    registered = truth.stored(line, "client.registered.v1")
    with submitting(line) as load:
        killed(line, load, names)
    for name in EVERYTHING:
        line.back(name, 60)
    tally = Tally("anything-killed")
    truth.agree(line, tally)
    truth.once_each(line, load.referrals.values(), tally)
    clients = truth.stored(line, "client.registered.v1") - registered
    tally.check(clients == len(load.referrals), f"{clients} clients of {len(load.referrals)} submits")
    tally.close()
