"""What a client agreed to or refused: to whom, for what need, which of her details, until when."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar, TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, NotAgreed, Unfit
from services.referrals.domain.vocabulary import Category, GivenField, How, Purpose, Slug, in_order

# Commands


@frozen(kw_only=True)
class RecordConsent:
    """She said yes or no, `on` a local date of the initiative; `today` is the local date of recording."""

    agency: str
    at: datetime
    today: date
    agreed: bool
    how: How
    on: date
    fields: Iterable[GivenField] = ()
    recipient: str | None = None
    category: Category | None = None
    purpose: Purpose = Purpose.COORDINATION
    expires: date | None = None


ConsentCommand: TypeAlias = RecordConsent

# Events


class ConsentRecorded(Fact):
    """She agreed or refused. `expires` is the last local date on which a yes holds; None: until taken back."""

    TYPE: ClassVar[str] = "consent.recorded.v1"
    agreed: bool
    how: How
    on: date
    fields: tuple[GivenField, ...]
    recipient: Slug | None = None
    category: Category | None = None
    purpose: Purpose = Purpose.COORDINATION
    expires: date | None = None


ConsentFact: TypeAlias = ConsentRecorded

# State


@frozen
class Consent:
    """A consent as it stands: what was recorded, when (UTC), and by which agency."""

    recorded: ConsentRecorded
    at: datetime
    agency: str


@frozen
class Agreement:
    """A consent that a command relies on: its id and its state."""

    id: UUID
    consent: Consent


def covers(state: Consent, receiver: str, category: Category | None, fields: Iterable[GivenField], *, on: date) -> bool:
    """Whether her yes lets this receiver have these fields on this local date (R1, R2).

    A consent names the receiver, or the category of the need; one that names both wants both. A handoff has no
    category (None), so only a consent that names its receiver covers it.
    """
    said = state.recorded
    named = said.recipient == receiver if said.recipient else category is not None
    fitting = said.category is None or category is None or said.category == category
    in_force = said.on <= on and (said.expires is None or on <= said.expires)
    return said.agreed and named and fitting and in_force and set(fields) <= set(said.fields)


def require(
    agreement: Agreement | None, receiver: str, category: Category | None, fields: Iterable[GivenField], *, on: date
) -> Agreement:
    """The agreement, when it covers; raises NotAgreed with the slug that says what is missing (R1)."""
    if agreement is None:
        raise NotAgreed("consent-missing")
    if not covers(agreement.consent, receiver, category, fields, on=on):
        raise NotAgreed("consent-does-not-cover")
    return agreement


def decide(command: ConsentCommand, state: Consent | None) -> tuple[ConsentFact, ...]:
    """Her answer is recorded as she gave it; a yes names its fields, and its receiver or need (R1, R2)."""
    match command:
        case RecordConsent():
            return _record(command, state)
        case _:
            assert_never(command)


def _record(command: RecordConsent, state: Consent | None) -> tuple[ConsentFact, ...]:
    if command.on > command.today:
        raise Unfit("date-in-future")
    if command.expires is not None and command.expires < command.on:
        raise Unfit("expires-before-it-begins")
    if command.agreed and command.recipient is None and command.category is None:
        raise Unfit("consent-names-nobody")
    fields = in_order(command.fields)
    if command.agreed and not fields:
        raise Unfit("consent-names-no-field")
    recorded = ConsentRecorded(
        agreed=command.agreed,
        how=command.how,
        on=command.on,
        fields=fields,
        recipient=command.recipient,
        category=command.category,
        purpose=command.purpose,
        expires=command.expires,
    )
    if state is None:
        return (recorded,)
    if state.recorded == recorded and state.agency == command.agency:
        return ()
    raise Conflict("recorded", "consent-already-recorded")


def evolve(state: Consent | None, fact: ConsentFact, at: datetime, agency: str) -> Consent:
    """The consent after one more fact."""
    match fact:
        case ConsentRecorded():
            return state or Consent(recorded=fact, at=at, agency=agency)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Consent | None:
    """The consent that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Consent | None = None
    for happened in history:
        if not isinstance(happened.fact, ConsentFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
