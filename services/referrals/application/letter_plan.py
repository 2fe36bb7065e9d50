"""How she may be contacted, for who holds a letter: as it stands now, and whether the letter still says so (R13)."""

from datetime import datetime

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.disclosure import Showing, disclose
from services.referrals.application.in_force import coming_with
from services.referrals.application.letter import Standing
from services.referrals.application.referral import ReferralSeen
from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral import ENDED
from services.referrals.domain.safe_contact import SafeContact
from services.referrals.domain.vocabulary import Channel, DisclosureKind, Side
from services.runtime.postgres import Unavailable, is_outage


@frozen
class Printed:
    """The letter that its receiver holds: when it was printed last (UTC), and whether she said otherwise since how she
    may be contacted (R13)."""

    at: datetime
    is_outdated: bool


async def printed(desk: Desk, acting: Acting, seen: ReferralSeen, plan: SafeContact | None) -> Printed | None:
    """The letter in its receiver's hands, for its sender; `plan` is what comes with it now.

    None where none was printed, once it ended, and while the vault is away.
    """
    is_sender = seen.side is Side.SENDER
    if not is_sender or seen.state.sent.to_channel is not Channel.LETTER or seen.state.status in ENDED:
        return None
    try:
        at = await desk.vault.letters.printed(seen.id)
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise
        return None
    if at is None:
        return None
    return Printed(at, _told(await coming_with(desk, acting, seen, at)) != _told(plan))


def _told(plan: SafeContact | None) -> tuple[object, ...] | None:
    """What of a plan stands on paper: never why."""
    return None if plan is None else (plan.plan.modes, plan.plan.prohibited, plan.plan.words)


async def plan_now(desk: Desk, theirs: Acting, stands: Standing) -> SafeContact | None:
    """How its receiver may contact her as it stands now (R13), while she is theirs to contact; else None.

    The letter told it, and may be older. That it is told is written down first (R1).
    """
    if not stands.open or stands.seen.client is None:
        return None
    plan = await coming_with(desk, theirs, stands.seen)
    if plan is not None:
        await disclose(desk, theirs, DisclosureKind.GIVEN_FIELDS, [Showing.of(stands.seen.work)])
    return plan
