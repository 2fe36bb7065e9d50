"""What is asked of a client's voice."""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral import Referral
from services.referrals.domain.vocabulary import Degree


@frozen(kw_only=True)
class AskFeedback:
    """Either side of a referral that has ended asks her; `about` is the referral as it stands."""

    agency: str
    at: datetime
    referral: UUID
    about: Referral


@frozen(kw_only=True)
class AnswerFeedback:
    """What she said to the agency that asked; nothing at all is no answer, `declined` is one."""

    agency: str
    at: datetime
    referral: UUID
    about: Referral
    need_met: Degree | None = None
    respectful_care: Degree | None = None
    declined: bool = False


FeedbackCommand: TypeAlias = AskFeedback | AnswerFeedback
