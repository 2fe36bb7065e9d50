"""The due date that goes with what she agreed to give: the sender's own word, out of the pregnancy it is about."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.referrals.application.desk import Desk
from services.referrals.application.draft import History
from services.referrals.application.episode import pregnancies
from services.referrals.application.handoff_seen import HandoffSeen
from services.referrals.application.in_force import nothing_new_after
from services.referrals.application.referral import ReferralSeen
from services.referrals.domain import episode
from services.referrals.domain.client import fold as fold_client
from services.referrals.domain.vocabulary import GivenField
from services.referrals.store.written import happened
from services.referrals.vault.identity import Json

DUE_DATE: Final = GivenField.DUE_DATE.value


async def with_due_date(desk: Desk, seen: ReferralSeen | HandoffSeen, fields: Json) -> Json:
    """What the sender holds of her, with the due date where she agreed to give it and its sender stated one.

    It stands in the log, not in the sealed copy: as it stands now, or stood when nothing new followed (R1). While
    outreach to her is paused or stopped no due date is said to anybody (R5, R20). How it ended changes nothing (R5).
    """
    given = seen.state.sent.given if isinstance(seen, ReferralSeen) else seen.state.given
    if GivenField.DUE_DATE not in given:
        return fields
    due = await _stated(desk, seen)
    return fields if due is None else {**fields, DUE_DATE: due.isoformat()}


async def _stated(desk: Desk, seen: ReferralSeen | HandoffSeen) -> date | None:
    client, sender = seen.work.client_id, seen.work.from_agency
    her = fold_client((await desk.history(client)).happened())
    if her is None or her.paused or her.is_stopped(sender):
        return None
    named = seen.state.sent.episode if isinstance(seen, ReferralSeen) else seen.state.proposed.episode
    until = await nothing_new_after(desk, seen.state)
    told = await _pregnancies(desk, client, named)
    stated = (_own(each, sender, until) for each in reversed(told))
    return next((due for due in stated if due is not None), None)


async def _pregnancies(desk: Desk, client: UUID, named: UUID | None) -> list[History]:
    return await pregnancies(desk, client) if named is None else [await desk.history(named)]


def _own(history: History, agency: str, until: datetime | None) -> date | None:
    told = [event for event in history.events if until is None or event.envelope.occurred_at <= until]
    state = episode.fold(happened(told))
    own = state.own.get(agency) if state else None
    return own.dated.edd if own and own.dated and not own.in_error else None
