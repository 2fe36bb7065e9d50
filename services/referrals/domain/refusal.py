"""Why a command is refused, in the partners' words; the slug names the page that explains it."""

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from services.referrals.domain.outreach import Outreach


class Refusal(Exception):
    """A command that the rules forbid; nothing was saved. `slug` is stable and outward, no message echoes input."""

    SLUG: ClassVar[str] = "refused"

    def __init__(self, slug: str | None = None) -> None:
        self.slug = slug or self.SLUG
        super().__init__(self.slug)


class NotASide(Refusal):
    """An agency that is neither sender nor receiver learns nothing, not even that it exists (R16)."""

    SLUG = "not-found"


class WrongSide(Refusal):
    """Only the receiver answers, and only the sender withdraws or says that it was told (R16)."""

    SLUG = "wrong-side"


class ForReceiver(WrongSide):
    """What she agreed to give is read by its receiver alone; its sender has its own record of her (R1)."""


class WrongState(Refusal):
    """Where it stands now, this step is not possible (R16). `stands` is the state's name."""

    SLUG = "wrong-state"

    def __init__(self, stands: str, slug: str | None = None) -> None:
        super().__init__(slug)
        self.stands = stands


class Conflict(Refusal):
    """Somebody else was first and their answer stands; yours was not saved (R12). `stands` says what holds now."""

    def __init__(self, stands: str, slug: str) -> None:
        super().__init__(slug)
        self.stands = stands


class NotAgreed(Refusal):
    """Her name goes nowhere without her yes to this receiver and these fields, or a recorded exception (R1)."""

    SLUG = "consent-missing"


class NoEvidence(Refusal):
    """Served means that something was done: a contact or delivery by the receiver, for her, after it was asked."""

    SLUG = "no-evidence"


class NotEnoughAttempts(NoEvidence):
    """She was not tried for often, long or variously enough to give up (R13); `outreach` says what was tried."""

    SLUG = "not-enough-attempts"

    def __init__(self, outreach: "Outreach") -> None:
        super().__init__()
        self.outreach = outreach


class UnfitFile(Refusal):
    """A file that is not kept: empty, not what its name says, of no kind that is taken, or with a script in it."""

    SLUG = "file-type-unknown"


class Unfit(Refusal):
    """The command makes no sense as it is, whatever the state: a date in the future, a referral to oneself."""

    SLUG = "malformed"
