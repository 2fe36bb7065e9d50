"""What the events of a referral mean for its path."""

from __future__ import annotations

from typing import Final, TypeAlias, assert_never
from uuid import UUID

from contracts.events.event import Published
from contracts.events.referral import (
    ReferralAcceptedV1,
    ReferralAcknowledgedV1,
    ReferralAttestedV1,
    ReferralCancellationRequestedV1,
    ReferralCancelledV1,
    ReferralCompletedV1,
    ReferralDeclinedV1,
    ReferralEnteredInErrorV1,
    ReferralEvent,
    ReferralExpiredV1,
    ReferralNotCompletedV1,
    ReferralReceivedV1,
    ReferralRedirectedV1,
    ReferralSentV1,
    ReferralServiceStartedV1,
    ReferralTakenBackV1,
    ReferralWaitlistedV1,
)
from services.measures.domain.moves.steps import step
from services.measures.domain.path import Ending, Moment, ReferralPath

MOVED_BY: Final[frozenset[type[Published]]] = frozenset(
    {
        *(ReferralSentV1, ReferralAcceptedV1, ReferralDeclinedV1, ReferralWaitlistedV1, ReferralServiceStartedV1),
        *(ReferralCompletedV1, ReferralNotCompletedV1, ReferralCancelledV1, ReferralExpiredV1),
        *(ReferralRedirectedV1, ReferralAcknowledgedV1),
        *(ReferralTakenBackV1, ReferralEnteredInErrorV1),
    }
)


def apply(referrals: dict[UUID, ReferralPath], event: ReferralEvent, moment: Moment) -> None:
    """The paths after one more event, which was neither taken back nor entered in error."""
    match event:
        case ReferralSentV1() as sent:
            if step(referrals, sent.referral, ReferralPath(), sent=moment):
                referrals[sent.referral] = referrals[sent.referral]._replace(
                    category=str(sent.category),
                    mode=str(sent.mode),
                    channel=str(sent.to_channel),
                    from_agency=sent.from_agency,
                    to_agency=sent.to_agency,
                    need=sent.need,
                    parent=sent.parent,
                    supersedes=sent.supersedes,
                )
        case ReferralAcceptedV1(referral=referral):
            step(referrals, referral, ReferralPath(), answered=moment, accepted=moment)
        case ReferralWaitlistedV1(referral=referral):
            step(referrals, referral, ReferralPath(), answered=moment)
        case ReferralServiceStartedV1():
            _served(referrals, event, moment)
        case ReferralCompletedV1(referral=referral, source=source):
            step(referrals, referral, ReferralPath(), end=Ending(moment, "completed", source=str(source)))
            _served(referrals, event, moment)
        case (
            ReferralDeclinedV1()
            | ReferralRedirectedV1()
            | ReferralNotCompletedV1()
            | ReferralCancelledV1()
            | ReferralExpiredV1()
        ):
            _end(referrals, event, moment)
        case ReferralAcknowledgedV1(referral=referral):
            step(referrals, referral, ReferralPath(), acknowledged=moment)
        case (
            ReferralReceivedV1()
            | ReferralCancellationRequestedV1()
            | ReferralAttestedV1()
            | ReferralTakenBackV1()
            | ReferralEnteredInErrorV1()
        ):
            pass
        case never:
            assert_never(never)


def _served(
    referrals: dict[UUID, ReferralPath], event: ReferralServiceStartedV1 | ReferralCompletedV1, moment: Moment
) -> None:
    step(referrals, event.referral, ReferralPath(), connected=moment)
    path = referrals[event.referral]
    referrals[event.referral] = path._replace(shown=path.shown | {(moment, event.evidence)})


_Ends: TypeAlias = (
    ReferralDeclinedV1 | ReferralRedirectedV1 | ReferralNotCompletedV1 | ReferralCancelledV1 | ReferralExpiredV1
)


def _end(referrals: dict[UUID, ReferralPath], event: _Ends, moment: Moment) -> None:
    """It ended without service; whether that was an answer, or taken back, depends on who said it and why."""
    how = event.TYPE.split(".")[1]
    end = Ending(moment, how, str(event.reason), str(event.reason_owner), str(event.source))
    moments: dict[str, Moment] = {}
    match event:
        case ReferralDeclinedV1(reason="agency_left") | ReferralNotCompletedV1(reason="agency_left"):
            pass
        case ReferralDeclinedV1() | ReferralRedirectedV1() | ReferralNotCompletedV1(source="recipient"):
            moments["answered"] = moment
        case ReferralCancelledV1(source="sender" | "client"):
            moments["withdrawn"] = moment
        case _:
            pass
    step(referrals, event.referral, ReferralPath(), end=end, **moments)
