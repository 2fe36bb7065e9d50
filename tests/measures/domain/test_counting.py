"""R7: whether a client is in figures, by what she said of it, in whatever order it arrives."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from contracts.events.consent import ConsentEnteredInErrorV1, ConsentExpiredV1, ConsentRevokedV1
from contracts.initiative import MeasurementConsent
from contracts.vocabulary import Measurement
from services.measures.definitions import CATALOGUE
from services.measures.domain.figure import Figure, compute
from services.measures.domain.journey import Journey, Observed, fold
from services.measures.domain.measure import AsOf, By, Definition
from services.measures.domain.period import Period
from services.measures.releases.cells import Counted
from services.measures.releases.sheets import count
from services.measures.releases.views import Frame, View
from tests.measures.published import RECEIVERS, SENDERS, START, Log
from tests.measures.telling import full_life
from tests.measures.telling_referrals import life

DAY = timedelta(days=1)
YES, NO, NOT_ASKED = Measurement.YES, Measurement.NO, Measurement.NOT_ASKED
LATE = START + 400 * DAY


def observed(log: Log) -> list[Observed]:
    return [fact.observed for fact in log.facts]


def recorded(log: Log, said: Measurement | None, after: int = 0) -> UUID:
    log.consented("her", START + after * DAY, said)
    return UUID(str(log.facts[-1].event.model_dump()["consent"]))


def counted(log: Log, rule: MeasurementConsent) -> bool:
    """By every order in which the events can arrive."""
    events = observed(log)
    found = {fold(order[1:], fold(order[:1])).is_counted(rule) for order in permutations(events)}
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize(
    ("said", "rule", "is_in"),
    [
        (None, "not_required", True), (YES, "not_required", True), (NO, "not_required", False),
        (None, "opt_out", True), (YES, "opt_out", True), (NO, "opt_out", False),
        (None, "opt_in", False), (YES, "opt_in", True), (NO, "opt_in", False),
    ],
)  # fmt: skip
def test_r7_what_she_said_and_what_the_initiative_asks_for(
    said: Measurement | None, rule: MeasurementConsent, is_in: bool
) -> None:
    log = Log()
    recorded(log, said)
    assert counted(log, rule) is is_in


def test_r7_nothing_said_is_as_the_initiative_has_it() -> None:
    assert (Journey().is_counted("not_required"), Journey().is_counted("opt_in")) == (True, False)


def test_r7_what_she_said_last_holds_in_whatever_consent() -> None:
    log = Log()
    recorded(log, NO)
    recorded(log, YES, after=3)
    assert counted(log, "opt_out")
    recorded(log, NO, after=5)
    assert not counted(log, "opt_out")
    recorded(log, None, after=7)
    assert not counted(log, "opt_out")


def test_r7_a_change_that_does_not_ask_again_takes_back_no_answer() -> None:
    log = Log()
    consent = recorded(log, NO)
    log.consented("her", START + DAY, None, consent)
    assert not counted(log, "opt_out")
    log.consented("her", START + 2 * DAY, YES, consent)
    assert counted(log, "opt_in")


def test_r7_a_yes_taken_back_is_a_no_and_one_that_ran_out_says_nothing() -> None:
    for kind, said, out, within in ((ConsentRevokedV1, NO, False, False), (ConsentExpiredV1, NOT_ASKED, True, False)):
        log = Log()
        consent = recorded(log, YES)
        log.add(kind(consent=consent, measurement=said, on=START.date()), "her", START + DAY)
        assert (counted(log, "opt_out"), counted(log, "opt_in")) == (out, within)


def test_r7_what_runs_out_does_not_cover_a_no_in_another_consent() -> None:
    log = Log()
    first = recorded(log, YES)
    recorded(log, NO, after=2)
    log.add(ConsentExpiredV1(consent=first, measurement=NOT_ASKED, on=START.date()), "her", START + 9 * DAY)
    assert not counted(log, "opt_out")


def test_r14_a_no_that_she_never_said_leaves_her_in() -> None:
    log = Log()
    recorded(log, YES)
    wrong = recorded(log, NO, after=1)
    assert not counted(log, "opt_out")
    error = ConsentEnteredInErrorV1(consent=wrong, event=log.facts[-1].headers.id)
    log.add(error, "her", START + 4 * DAY)
    assert counted(log, "opt_in")


def lives(said: Measurement | None) -> list[tuple[str, Journey]]:
    """Two clients with everything that a measure counts, of whom one said something of being counted."""
    found = []
    for client, word in (("her", said), ("another", None)):
        log = Log(seed=len(client))
        full_life(log, client)
        life(log, client)
        for agency in SENDERS + RECEIVERS:  # or it is the figure of too few
            log.contact(client, START + 3 * DAY, agency)
        log.consented(client, START + 300 * DAY, word)
        found.append((client, fold(observed(log))))
    return found


def figure(definition: Definition, said: Measurement | None, rule: MeasurementConsent = "opt_out") -> Figure:
    return compute(definition, lives(said), Period(), AsOf(LATE, UTC, rule))


@pytest.mark.parametrize("definition", CATALOGUE.values(), ids=lambda definition: definition.name)
def test_r7_a_no_leaves_her_out_of_every_figure_counted_as_left_out(definition: Definition) -> None:
    both, one = figure(definition, YES), figure(definition, NO)
    assert figure(definition, None) == both
    assert (both.excluded, one.excluded > 0) == (0, True), both
    assert one.numerator * 2 == both.numerator
    assert (one.denominator or 0) * 2 == (both.denominator or 0)
    nobody = figure(definition, NO, "opt_in")
    assert (nobody.numerator, nobody.denominator or 0, nobody.excluded) == (0, 0, one.excluded * 2)


@pytest.mark.parametrize(("rule", "shown"), [("opt_out", 20), ("opt_in", 0)])
def test_r7_a_release_leaves_her_out_too(rule: MeasurementConsent, shown: int) -> None:
    people = [(f"{each}-{client}", journey) for each in range(20) for client, journey in lives(NO)]
    over = Counted(Period(), Frame({By.QUARTER: ["2026-Q1"]}), AsOf(LATE, UTC, rule))
    (measured,) = count([View(CATALOGUE["clients_reached"], (By.NONE, By.QUARTER))], people, over)
    assert measured.cells[By.NONE][""].numerator == shown
