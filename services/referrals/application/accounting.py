"""Reading one client's accounting of disclosures: all of it for herself, an agency's own part for the agency (R1).

Of an agency's own part it is told who the two sides are. Where its entries were merely among what somebody looked at,
whoever looked is named only if neither their name nor that they are named can be a danger to her (R6, D6).
"""

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from typing import Final
from uuid import UUID

from services.referrals.application.across import by_stream, flagged
from services.referrals.application.acting import Acting
from services.referrals.application.client import all_of
from services.referrals.application.desk import Desk
from services.referrals.application.draft import History
from services.referrals.domain import consent as consents
from services.referrals.domain.accounting import ACCOUNTED, Entry, entries
from services.referrals.domain.consent import Consent
from services.referrals.domain.frozen import frozen
from services.referrals.domain.part_2 import recipients
from services.referrals.domain.refusal import NotASide
from services.referrals.store.written import happened
from services.runtime.postgres.behalf import across

_TOPICS: Final = tuple(fact.TYPE for fact in ACCOUNTED)


@frozen
class Reader:
    """Who reads: she herself, or an agency by its privacy officer or by somebody else."""

    agency: str
    herself: bool = False
    officer: bool = False

    def reads(self, entry: Entry) -> bool:
        """Whether the entry is on their list."""
        return self.herself or entry.is_of(self.agency, officer=self.officer)

    def is_apart(self, entry: Entry) -> bool:
        """Whether what they wrote down was among what was looked at, and no more."""
        return not (self.herself or entry.is_between(self.agency))


@frozen
class Accounted:
    """An entry with the consent that allowed it, as it stood then and as it stands now, and why there was none.

    `reason` is for herself and for officers (R1). `unnamed`: the reader is not told who learned it.
    """

    entry: Entry
    then: Consent | None
    now: Consent | None
    reason: str | None = field(default=None, repr=False)
    unnamed: bool = False


async def listed(desk: Desk, acting: Acting, client: UUID, reader: Reader, *, part_2: bool = False) -> list[Entry]:
    """What accounts for this client under whichever of the agency's references (R21), in no order. Raises NotASide.

    An agency sees what it gave or was given; she sees all of it. `part_2`: the recipients of three years alone.
    """
    found, _ = await whole(desk, acting, await all_of(desk, acting, client))
    seen = [entry for entry in found if reader.reads(entry)]
    return recipients(seen, acting.at) if part_2 else seen


async def whole(desk: Desk, acting: Acting, clients: Collection[UUID]) -> tuple[list[Entry], Mapping[UUID, UUID]]:
    """What accounts for these clients, to be narrowed, and which of them each entry is of, by its id."""
    events = await desk.accounting.of(acting.initiative, clients, _TOPICS)
    found = entries({stream: happened(facts) for stream, facts in by_stream(events).items()})
    return found, {event.envelope.event_id: event.envelope.client_id for event in events}


async def explained(
    desk: Desk, acting: Acting, reader: Reader, found: Mapping[UUID, Collection[Entry]]
) -> dict[UUID, Accounted]:
    """Entries of clients with what allowed them, by the entry's id. Words that nobody can open are left out."""
    entries = [entry for each in found.values() for entry in each]
    histories = await desk.histories({entry.consent for entry in entries if entry.consent is not None})
    tells = reader.herself or reader.officer
    reasons = [entry.exception.reason for entry in entries if entry.exception is not None and tells]
    with across("shared"):
        typed = await desk.vault.notes.read_many(reasons)
    words = {id: one.text.open() for id, one in typed.items()}
    unnamed = {id for client, each in found.items() for id in await _unnamed(desk, acting, reader, client, each)}
    return {
        entry.id: Accounted(
            entry,
            _stood(histories, entry.consent, entry.at),
            _stood(histories, entry.consent, None),
            words.get(entry.exception.reason) if entry.exception else None,
            entry.id in unnamed,
        )
        for entry in entries
    }


async def _unnamed(
    desk: Desk, acting: Acting, reader: Reader, client: UUID, entries: Collection[Entry]
) -> Collection[UUID]:
    """Entries of which the reader is not told who learned it: whose name tells of another class than was shown of the
    reader's own, and everybody where she may be in danger, whichever agency wrote that down."""
    apart = [entry for entry in entries if reader.is_apart(entry)]
    if apart and await _is_in_danger(desk, acting, client):
        return [entry.id for entry in apart]
    told = {entry.to: desk.directory.class_of_name(acting.initiative, entry.to) for entry in apart}
    return [entry.id for entry in apart if told[entry.to] not in {None, entry.restricted}]


async def _is_in_danger(desk: Desk, acting: Acting, client: UUID) -> bool:
    try:
        hers = await all_of(desk, acting, client)
    except NotASide:  # what is asked of an entry outlasts the agency's sight of her
        hers = [client]
    for each in hers:
        if flagged(by_stream(await desk.timeline.whole(acting.initiative, each))):
            return True
    return False


def _stood(histories: Mapping[UUID, History], id: UUID | None, at: datetime | None) -> Consent | None:
    """The consent as it stood at a time, or as it stands now."""
    if id is None or id not in histories:
        return None
    facts = histories[id].happened()
    return consents.fold(fact for fact in facts if at is None or fact.at <= at)
