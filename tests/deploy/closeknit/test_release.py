"""What a release refuses is one sentence and an exit code; wrong usage is 2, a no is 1, a part that is away is 3."""

from __future__ import annotations

from datetime import date

import pytest
import typer

from deploy.closeknit.release import refusals
from services.measures.application.looking import UnknownInitiative
from services.measures.definitions import UnknownMeasure
from services.measures.releases import build, deciding, lattice, ledger, views

USAGE = (
    UnknownInitiative(),
    UnknownMeasure(),
    views.NotInCatalogue(),
    lattice.UnknownPeriod(),
    build.CutoffInTheFuture(),
    ledger.UnknownRelease(),
)


@pytest.mark.parametrize("problem", USAGE, ids=lambda problem: type(problem).__name__)
def test_wrong_usage_is_a_sentence(problem: Exception) -> None:
    with pytest.raises(typer.BadParameter) as said, refusals():
        raise problem
    assert len(str(said.value.message)) > 20
    assert said.value.exit_code == 2


@pytest.mark.parametrize(
    ("problem", "code", "words"),
    [
        (build.NotClosed(date(2027, 4, 1)), 1, "2027-04-01"),
        (build.BeforeData(date(2024, 12, 2)), 1, "2024-12-02"),
        (build.WindowLongerThanData(("closed_loop_rate",)), 1, "closed_loop_rate"),
        (deciding.OwnRelease(), 1, "another person"),
        (deciding.Withdrawn(), 1, "withdrawn"),
        (deciding.Overlaps(("2025.1",)), 1, "2025.1"),
        (build.NotReady(), 3, "behind"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_no_has_its_code(problem: Exception, code: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, refusals():
        raise problem
    assert ended.value.exit_code == code
    assert words in capsys.readouterr().err


def test_what_is_no_refusal_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), refusals():
        raise ZeroDivisionError
