"""Need met, in her words: of every 100 clients' answers after help came, how many say that the need was met.

Who is counted: every referral that was connected to service and has ended, after which she was asked how it went,
once, by the time at which she was asked.
Numerator: those of which she said that her need was met. That it was partly met is not counted as met.
Denominator: those of which she said that it was met, partly met, or not met.
Too recent to count (pending): none.
Left out by definition (excluded): answers about referrals that were never connected to service, and those of clients
who said no to being counted, as long as they say so; where an initiative counts only those who said yes, of everybody
else, too (rule R7).
Not known (missing): those that she has not answered, would rather not answer, or answered without saying this.
How to read it: more is better. Read it beside how many answered: who is unhappy may answer less, or more.
Source: catalogue G30 with rule R25 (`feedback.asked`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_voices import asked, unit
from services.measures.domain.journey import Journey
from services.measures.domain.measure import ALWAYS, AsOf, By, Definition, Direction, Rule, Standing, Unit
from services.measures.domain.need import FeedbackPath
from services.measures.domain.path import ReferralPath

MET: Final = Rule("met", Standing.MET, "she said that the need was met")
PARTLY: Final = Rule("partly", Standing.UNMET, "she said that it was partly met")
NOT_MET: Final = Rule("not_met", Standing.UNMET, "she said that it was not met")
NO_WORD: Final = Rule("no_word", Standing.MISSING, "no answer, or none to this")
NOT_SERVED: Final = Rule("not_served", Standing.EXCLUDED, "the referral was never connected to service")
_SAID: Final = {"yes": MET, "partly": PARTLY, "no": NOT_MET}


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral of which she was asked."""
    del as_of
    for voice, at, referral in asked(journey):
        yield unit(voice, at, referral, _rule(voice, referral))


def _rule(voice: FeedbackPath, referral: ReferralPath) -> Rule:
    if referral.connected is None:
        return NOT_SERVED
    return _SAID.get(voice.answer.need_met or "", NO_WORD) if voice.answer else NO_WORD


DEFINITION: Final = Definition(
    id="need_met",
    version=1,
    title="Need met, in her words",
    of="answers",
    text=__doc__,
    note="Referrals connected to service by the day she was asked. Restricted needs are left out.",
    anchor="ours",
    assess=assess,
    rules=(MET, PARTLY, NOT_MET, NO_WORD, NOT_SERVED),
    by=ALWAYS | {By.CATEGORY},
    direction=Direction.MORE,
)
