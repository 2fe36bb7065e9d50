"""Answers to "how did it go": of every 100 times that a client was asked, how often she answered within 30 days.

Who is counted: every referral that has ended of which she was asked how it went, once, by the time at which she was
asked.
Numerator: those that she answered no later than 30 days (720 hours) after she was asked. That she would rather not
answer is no answer.
Denominator: those of which she was asked at least 30 days before the cutoff.
Too recent to count (pending): those of which she was asked less than 30 days before the cutoff, also when she has
answered already.
Left out by definition (excluded): those of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none.
How to read it: more is better; below half, what her answers say may not be what most would say.
Source: catalogue G30 with rule R25 (`feedback.asked`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from services.measures.definitions.of_voices import asked, unit
from services.measures.domain.journey import Journey
from services.measures.domain.measure import ALWAYS, AsOf, By, Definition, Direction, Rule, Standing, Unit, matures
from services.measures.domain.need import FeedbackPath

WINDOW: Final = timedelta(days=30)
ANSWERED: Final = Rule("answered", Standing.MET, "answered within 30 days")
DECLINED: Final = Rule("declined", Standing.UNMET, "would rather not answer")
SILENT: Final = Rule("silent", Standing.UNMET, "no answer within 30 days")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "asked less than 30 days before the cutoff")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral of which she was asked."""
    for voice, at, referral in asked(journey):
        rule = _rule(voice) if matures(at, WINDOW, as_of.cutoff) else TOO_RECENT
        yield unit(voice, at, referral, rule)


def _rule(voice: FeedbackPath) -> Rule:
    if voice.answer is None or voice.asked is None or voice.answer.moment.at - voice.asked.at > WINDOW:
        return SILENT
    return DECLINED if voice.answer.declined else ANSWERED


DEFINITION: Final = Definition(
    id="feedback_response",
    version=1,
    title="Answered how it went",
    of="questions",
    text=__doc__,
    note="Referrals that have ended by the day she was asked. Restricted needs are left out.",
    anchor="ours",
    assess=assess,
    rules=(ANSWERED, DECLINED, SILENT, TOO_RECENT),
    by=ALWAYS | {By.CATEGORY},
    direction=Direction.MORE,
    window=WINDOW,
)
