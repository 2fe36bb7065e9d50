"""What follows from a command on a consent: new facts, nothing because it is so already (R12), or a refusal."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar, assert_never

from services.referrals.domain.consent.commands import (
    AcknowledgeConsent,
    ChangeConsent,
    ConsentCommand,
    ExpireConsent,
    RecordConsent,
    RevokeConsent,
    Says,
    VoidConsent,
)
from services.referrals.domain.consent.events import (
    ConsentAcknowledged,
    ConsentChanged,
    ConsentEnteredInError,
    ConsentExpired,
    ConsentFact,
    ConsentRecorded,
    ConsentRevoked,
)
from services.referrals.domain.consent.machine import EDGES, ConsentStatus, ConsentVerb
from services.referrals.domain.consent.state import Consent
from services.referrals.domain.refusal import Conflict, NotASide, Unfit, WrongState
from services.referrals.domain.vocabulary import Measurement, in_order

Code = TypeVar("Code", bound=StrEnum)

LONGEST_AGO = timedelta(days=731)
"""Two years: what she said before is asked anew, and such a day was mistyped."""


def decide(command: ConsentCommand, state: Consent | None) -> tuple[ConsentFact, ...]:
    """Her answer is recorded as she gave it; a yes names its fields, and its receiver or need (R1, R2).

    Raises Refusal: NotASide, WrongState, Conflict or Unfit.
    """
    if isinstance(command, RecordConsent):
        return _record(command, state)
    if state is None or state.agency != command.agency:
        raise NotASide
    match command:
        case ChangeConsent():
            return _change(command, state)
        case RevokeConsent():
            return _revoke(command, state)
        case ExpireConsent():
            return _expire(command, state)
        case AcknowledgeConsent():
            return _acknowledge(state)
        case VoidConsent():
            return _void(command, state)
        case _:
            assert_never(command)


def _record(command: RecordConsent, state: Consent | None) -> tuple[ConsentFact, ...]:
    recorded = ConsentRecorded(**_said(command))
    if state is None:
        return (recorded,)
    if state.recorded == recorded and state.agency == command.agency:
        return ()
    raise Conflict("recorded", "consent-already-recorded")


def _change(command: ChangeConsent, state: Consent) -> tuple[ConsentFact, ...]:
    changed = ConsentChanged(**_said(command))
    _possible(ConsentVerb.CHANGE, state)
    if changed.measurement is None:
        # Not being asked again takes back no answer.
        changed = changed.model_copy(update={"measurement": state.recorded.measurement})
    return () if state.recorded.model_dump() == changed.model_dump() else (changed,)


def _revoke(command: RevokeConsent, state: Consent) -> tuple[ConsentFact, ...]:
    _not_later(command.on, command.today)
    if state.status is ConsentStatus.REVOKED:
        return ()
    _possible(ConsentVerb.REVOKE, state)
    if command.on < state.recorded.on:
        raise Unfit("revoked-before-it-began")
    return (ConsentRevoked(how=command.how, on=command.on, measurement=_after_revocation(state.recorded.measurement)),)


def _expire(command: ExpireConsent, state: Consent) -> tuple[ConsentFact, ...]:
    """A clock that comes too soon, or after she changed, took back or let it run out, changes nothing."""
    expires = state.recorded.expires
    if state.status not in EDGES[ConsentVerb.EXPIRE].sources or expires is None or command.today <= expires:
        return ()
    return (ConsentExpired(on=expires, measurement=_after_expiry(state.recorded.measurement)),)


def _acknowledge(state: Consent) -> tuple[ConsentFact, ...]:
    if state.acknowledged:
        return ()
    if state.status not in EDGES[ConsentVerb.ACKNOWLEDGE].sources:
        raise WrongState(state.status, "nothing-waits")
    return (ConsentAcknowledged(),)


def _void(command: VoidConsent, state: Consent) -> tuple[ConsentFact, ...]:
    if state.status is ConsentStatus.ENTERED_IN_ERROR:
        return ()
    return (ConsentEnteredInError(event=command.event, note=command.note, on=command.today),)


def _said(command: Says) -> dict[str, Any]:
    """The fields of the statement. Raises Unfit."""
    _not_later(command.on, command.today)
    if is_long_ago(command.on, command.today):
        raise Unfit("consent-too-long-ago")
    if command.expires is not None and command.expires < command.on:
        raise Unfit("expires-before-it-begins")
    recipients = tuple(sorted(set(command.recipients)))
    if command.agreed and command.recipient is None and not recipients and command.category is None:
        raise Unfit("consent-names-nobody")
    fields = in_order(command.fields)
    if command.agreed and not fields:
        raise Unfit("consent-names-no-field")
    shared, withheld = _sorted(command.shared), _sorted(command.withheld)
    if set(shared) & set(withheld):
        raise Unfit("consent-both-ways")
    same = ("agreed", "how", "on", "recipient", "category", "purpose", "expires", "form", "form_version", "authority")
    listed: dict[str, Any] = {"fields": fields, "recipients": recipients, "shared": shared, "withheld": withheld}
    if command.measurement is not Measurement.NOT_ASKED:
        listed["measurement"] = command.measurement
    return {name: getattr(command, name) for name in same} | listed


def _sorted(codes: Any) -> Any:
    return tuple(sorted(set(codes)))


def _not_later(on: date, today: date) -> None:
    if on > today:
        raise Unfit("date-in-future")


def is_long_ago(on: date, today: date) -> bool:
    """Whether nobody can have said on this day what is written down today."""
    return on < today - LONGEST_AGO


def _possible(verb: ConsentVerb, state: Consent) -> None:
    if state.status not in EDGES[verb].sources:
        raise WrongState(state.status, "consent-already-ended" if state.ended_on else "consent-refused")


def _after_revocation(was: Measurement | None) -> Measurement | None:
    """Taking back turns every yes of a form into a no (ASCMI's form of revocation)."""
    return Measurement.NO if was is Measurement.YES else None


def _after_expiry(was: Measurement | None) -> Measurement | None:
    """A yes that ran out is as if she had not been asked; a no stands until she says otherwise."""
    return Measurement.NOT_ASKED if was is Measurement.YES else None
