"""Parts of a referral as it is answered: its three facts, what was tried, numbers, and where it was passed on."""

from uuid import UUID

from services.referrals.api.problems import told_outreach
from services.referrals.api.shapes import AgencyNamed, Answer, Instant
from services.referrals.application.letter_plan import Printed
from services.referrals.domain.outreach import Outreach as Tried


class LoopFact(Answer):
    """One of the loop's three facts."""

    yes: bool
    at: Instant | None


class Connected(LoopFact):
    """That she was served. `evidence_in_error`: the contact or visit that showed it was set right since, and no other
    shows it; what ended stays as it ended."""

    evidence_in_error: bool


class Loop(Answer):
    """Responded, connected, closed with the sender told: three separate facts."""

    responded: LoopFact
    connected: Connected
    closed: LoopFact


class Outreach(Answer):
    """How often, over how many days and by how many ways the receiver tried to reach her, and what is needed to close
    it as `unable_to_reach`."""

    attempts: int
    attempts_needed: int
    days: int
    days_needed: int
    modes: int
    modes_needed: int

    @classmethod
    def of(cls, tried: Tried | None) -> "Outreach | None":
        return None if tried is None else cls(**told_outreach(tried))


class Letter(Answer):
    """The letter that its receiver holds: when it was printed last, and whether she said otherwise since how she may
    be contacted (R13): then it is printed anew."""

    printed_at: Instant
    outdated: bool

    @classmethod
    def of(cls, printed: Printed | None) -> "Letter | None":
        return None if printed is None else cls(printed_at=printed.at, outdated=printed.is_outdated)


class Identifiers(Answer):
    """The business numbers of the two sides."""

    sender: str | None
    receiver: str | None


class Redirected(Answer):
    """To whom it was passed on. The sender alone is told as which referral, and whether that waits to be sent."""

    to: AgencyNamed
    service: str
    service_name: str
    child: UUID | None
    waiting: bool | None
