"""What measures of her voice share: the referrals that have ended of which she was asked how they went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.measures.domain.journey import Journey
from services.measures.domain.measure import Rule, Unit
from services.measures.domain.need import FeedbackPath
from services.measures.domain.path import ReferralPath


def asked(journey: Journey) -> Iterator[tuple[FeedbackPath, datetime, ReferralPath]]:
    """Her voice on each referral that was sent and has ended, with the moment at which she was asked."""
    for voice in journey.voices.values():
        referral = journey.referrals.get(voice.referral)
        if voice.asked is not None and referral is not None and referral.sent and referral.ended:
            yield voice, voice.asked.at, referral


def unit(voice: FeedbackPath, at: datetime, referral: ReferralPath, rule: Rule) -> Unit:
    """Her voice on a referral as a unit, with what the referral was about and between whom."""
    sides = tuple(agency for agency in (referral.from_agency, referral.to_agency) if agency)
    return Unit(at, rule, voice.referral, referral.category, referral.channel, agencies=sides)
