"""Consents: recording what she said, and finding the agreement that a command relies on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.referrals.application.acting import Acting, speaking_for
from services.referrals.application.client import all_of, known_client
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.domain import consent
from services.referrals.domain.consent import (
    AcknowledgeConsent,
    Agreement,
    Consent,
    ConsentStatus,
    Overruled,
    RecordConsent,
    Statement,
)
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, NotASide
from services.referrals.domain.vocabulary import (
    Category,
    ConsentAuthority,
    ConsentForm,
    GivenField,
    How,
    InformationKind,
    Measurement,
    Purpose,
)
from services.referrals.store.clock_rows import RENEW
from services.referrals.store.commit import WorkRow
from services.runtime.http.freshness import fresh


@frozen(kw_only=True)
class Said:
    """What she said: yes or no, how, on which local date, about which details, for whom or for what need.

    `form` with its version is what she filled in, `shared` and `withheld` what she answered there for each kind of
    information, `authority` who said it.
    """

    agreed: bool
    how: How
    on: date
    fields: Iterable[GivenField] = ()
    recipient: str | None = None
    recipients: Iterable[str] = ()
    category: Category | None = None
    purpose: Purpose = Purpose.COORDINATION
    expires: date | None = None
    form: ConsentForm | None = None
    form_version: str | None = None
    authority: ConsentAuthority = ConsentAuthority.SELF
    shared: Iterable[InformationKind] = ()
    withheld: Iterable[InformationKind] = ()
    measurement: Measurement = Measurement.NOT_ASKED

    def asked_by(self, acting: Acting) -> dict[str, Any]:
        """The same as fields of a command of this caller's."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {"agency": acting.agency, "at": acting.at, "today": acting.today, **said}


@frozen
class ConsentSeen:
    """A consent as the agency that recorded it sees it, and which no of hers there goes before it."""

    id: UUID
    client: UUID
    state: Consent
    version: int
    overruled: Overruled | None = None


def put_down(draft: Draft, id: UUID, said: Said, refusals: tuple[Consent, ...] = ()) -> tuple[Agreement, History]:
    """Add what she said to a draft, so that it is stored together with what relies on it."""
    command = RecordConsent(**said.asked_by(draft.acting))
    history = draft.add(History(id), consent.decide(command, None))
    return Agreement(id, folded(history), refusals), history


def is_said(acting: Acting, state: Consent, said: Said) -> bool:
    """Whether a consent that was recorded says just this (R12)."""
    try:
        return not consent.decide(RecordConsent(**said.asked_by(acting)), state)
    except Conflict:
        return False


async def asked_anew(desk: Desk, draft: Draft, work: Iterable[WorkRow], said: Statement) -> None:
    """Adds that the agency knows what ran out of the same matter: she was asked anew, and this is what she said."""
    acting = draft.acting
    over = [row.id for row in work if row.waits_for == RENEW and row.waits_on == acting.agency]
    for history in (await desk.histories(over)).values() if over else ():
        state = folded(history)
        if consent.is_about_the_same(state.recorded, said):
            draft.add(history, consent.decide(AcknowledgeConsent(agency=acting.agency, at=acting.at), state))


async def refusals(desk: Desk, acting: Acting, work: Iterable[WorkRow]) -> tuple[Consent, ...]:
    """What this agency recorded that she refused: her open work (`look`) says whether there is any."""
    ids = [
        row.id
        for row in work
        if row.kind == "consent" and row.state == ConsentStatus.REFUSED and row.from_agency == acting.agency
    ]
    return tuple(folded(history) for history in (await desk.histories(ids)).values()) if ids else ()


def agreement_of(acting: Acting, client: UUID, history: History, refusals: tuple[Consent, ...] = ()) -> Agreement:
    """The agreement that a stream tells of. Raises NotASide unless this agency recorded it, about this client."""
    if history.client != client or history.initiative != acting.initiative:
        raise NotASide
    state = folded(history)
    if state.agency != acting.agency:
        raise NotASide
    return Agreement(history.stream, state, refusals)


def own(acting: Acting, history: History) -> ConsentSeen:
    """The consent that a stream tells of. Raises NotASide unless this agency recorded it."""
    if history.client is None:
        raise NotASide
    state = agreement_of(acting, history.client, history).consent
    return ConsentSeen(history.stream, history.client, state, history.version)


async def read(desk: Desk, acting: Acting, id: UUID) -> ConsentSeen:
    """A consent that this agency recorded. Raises NotASide for any other."""

    async def look() -> ConsentSeen:
        return own(acting, await desk.history(id))

    seen = await fresh(acting.call, look)
    said = await refusals(desk, acting, (await desk.look(seen.client)).work)
    return replace(seen, overruled=consent.overruled(seen.state, said))


async def of_client(desk: Desk, acting: Acting, client: UUID) -> list[ConsentSeen]:
    """What this agency recorded of what she said, the latest first."""
    await known_client(desk, acting, client)
    events = await desk.timeline.of(acting.initiative, acting.agency, client)
    streams = [event.stream for event in events if isinstance(event.fact, consent.ConsentRecorded)]
    found = await desk.histories(dict.fromkeys(streams))
    seen = [ConsentSeen(id, client, folded(history), history.version) for id, history in found.items()]
    return _latest_first([each for each in seen if each.state.agency == acting.agency])


async def of_herself(desk: Desk, acting: Acting, client: UUID) -> list[ConsentSeen]:
    """What any agency recorded of what she said, for herself, the latest first (R21: under all references of hers)."""
    hers = await all_of(desk, acting, client)
    events = await desk.accounting.of(acting.initiative, hers, (consent.ConsentRecorded.TYPE,))
    of = {event.stream: event.envelope.client_id for event in events}
    found = await desk.histories(of)
    return _latest_first([ConsentSeen(id, of[id], folded(history), history.version) for id, history in found.items()])


def _latest_first(seen: list[ConsentSeen]) -> list[ConsentSeen]:
    states = [each.state for each in seen]
    told = [replace(each, overruled=consent.overruled(each.state, states)) for each in seen]
    return sorted(told, key=lambda each: (each.state.at, each.id), reverse=True)


async def as_recorder(desk: Desk, acting: Acting, client: UUID, id: UUID) -> Acting:
    """Herself in the name of the agency that recorded a consent of hers: it is taken back there. Raises NotASide."""
    history = await desk.history(id)
    if history.initiative != acting.initiative or history.client not in await all_of(desk, acting, client):
        raise NotASide
    recorder = folded(history).agency
    return acting if recorder == acting.agency else speaking_for(acting, recorder)


def folded(history: History) -> Consent:
    """The consent that a stream tells of. Raises NotASide for an empty one."""
    state = consent.fold(history.happened())
    if state is None:
        raise NotASide
    return state
