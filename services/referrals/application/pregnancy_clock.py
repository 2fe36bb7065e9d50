"""What the calendar makes of a pregnancy (R5)."""

from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.handing_back import pregnancy_over
from services.referrals.domain import episode
from services.referrals.domain.episode import EndPostpartum


async def end_postpartum(desk: Desk, draft: Draft, history: History) -> History:
    """It closes for every agency 365 days after its due date, whatever was recorded. Raises Refusal."""
    acting = draft.acting
    command = EndPostpartum(agency=acting.agency, at=acting.at, today=acting.today)
    after = draft.add(history, episode.decide(command, episode.fold(history.happened())))
    await pregnancy_over(desk, draft, history.stream, for_all=True)
    return after
