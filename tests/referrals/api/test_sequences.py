"""Any sequence of steps over the public API comes to what a small model of the rules says (25 / 2,000 sequences).

They are walked in parts, each with a seed of its own: what fails is named by it, and comes again by itself with
`make prove-care ARGS="-k sequences --hypothesis-seed=<seed>"`, which walks one part.
"""

from collections.abc import Callable

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import get_state_machine_test

from tests.prove.tally import Tally
from tests.referrals.api.conftest import Service
from tests.referrals.api.walker import HANDOFF, REFERRAL, Taken, walker

STEPS = 14
PART = 25
SEED = 20260115


EVERY: Taken = {
    (kind, source, step)
    for kind, steps in (("referral", REFERRAL), ("handoff", HANDOFF))
    for step, (_, sources, _, _) in steps.items()
    for source in sources
}


def walk(service: Service, sequences: int, seed: int, ended: Callable[[], None], taken: Taken) -> None:
    """So many sequences, the same ones for a seed. Raises AssertionError where API and model differ."""
    run = settings(
        max_examples=sequences,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    hypothesis.seed(seed)(get_state_machine_test(walker(service, ended, taken), settings=run))()


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sequences(service: Service, sized: Callable[[int, int], int], pytestconfig: pytest.Config) -> None:
    again = pytestconfig.getoption("--hypothesis-seed")
    first, wanted = (int(again), PART) if again else (SEED, sized(PART, 2_000))
    tally, taken = Tally("sequences"), Taken()
    for seed in range(first, first + wanted // PART):
        try:
            walk(service, PART, seed, lambda: tally.check(right=True, otherwise=""), taken)
        except (AssertionError, ExceptionGroup) as error:
            story = "\n".join(getattr(error, "__notes__", ()))  # the sequence, as hypothesis tells it
            tally.check(right=False, otherwise=f"--hypothesis-seed={seed}: {error}\n{story}")
            break
    tally.check(tally.points >= wanted, f"no more than {tally.points} sequences")
    if wanted > PART:
        tally.check(taken >= EVERY, f"never taken: {sorted(EVERY - taken)}")
    tally.close()


def test_a_model_of_other_rules_is_seen(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    whose, sources, _, body = REFERRAL["decline"]
    monkeypatch.setitem(REFERRAL, "decline", (whose, sources, "cancelled", body))
    with pytest.raises(AssertionError):
        walk(service, 50, SEED, lambda: None, Taken())
