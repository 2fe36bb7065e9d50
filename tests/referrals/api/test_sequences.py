"""Any sequence of steps over the public API comes to what a small model of the rules says (25 / 2,000 sequences)."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.prove.tally import Tally
from tests.referrals.api.conftest import Service
from tests.referrals.api.walker import REFERRAL, walker

STEPS = 14


def walk(service: Service, sequences: int, ended: Callable[[], None]) -> None:
    """So many sequences, the same ones each time. Raises AssertionError where API and model differ."""
    run = settings(
        max_examples=sequences,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(walker(service, ended), settings=run)


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sequences(service: Service, sized: Callable[[int, int], int]) -> None:
    wanted, tally = sized(25, 2_000), Tally("sequences")
    try:
        walk(service, wanted, lambda: tally.check(right=True, otherwise=""))
    except (AssertionError, ExceptionGroup) as error:
        story = "\n".join(getattr(error, "__notes__", ()))  # the sequence, as hypothesis tells it
        tally.check(right=False, otherwise=f"{error}\n{story}")
    tally.check(tally.points >= wanted, f"no more than {tally.points} sequences")
    tally.close()


def test_a_model_of_other_rules_is_seen(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    whose, sources, _, body = REFERRAL["decline"]
    monkeypatch.setitem(REFERRAL, "decline", (whose, sources, "cancelled", body))
    with pytest.raises(AssertionError):
        walk(service, 50, lambda: None)
