"""Reading one client's accounting of disclosures: all of it for herself, an agency's own part for the agency (R1)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Final
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.client import all_of
from services.referrals.application.desk import Desk
from services.referrals.application.draft import History
from services.referrals.domain import consent as consents
from services.referrals.domain.accounting import ACCOUNTED, Entry, entries
from services.referrals.domain.consent import Consent
from services.referrals.domain.frozen import frozen
from services.referrals.domain.part_2 import recipients
from services.referrals.store.written import Written, happened
from services.runtime.postgres.behalf import across

_TOPICS: Final = tuple(fact.TYPE for fact in ACCOUNTED)


@frozen
class Accounted:
    """An entry with the consent that allowed it, as it stood then and as it stands now, and why there was none."""

    entry: Entry
    then: Consent | None
    now: Consent | None
    reason: str | None = field(default=None, repr=False)


async def listed(desk: Desk, acting: Acting, client: UUID, *, herself: bool, part_2: bool = False) -> list[Entry]:
    """What accounts for this client under whichever of the agency's references (R21), in no order. Raises NotASide.

    An agency sees what it gave or was given; she sees all of it. `part_2`: the recipients of three years alone.
    """
    found, _ = await whole(desk, acting, await all_of(desk, acting, client))
    seen = [entry for entry in found if herself or entry.is_of(acting.agency)]
    return recipients(seen, acting.at) if part_2 else seen


async def whole(desk: Desk, acting: Acting, clients: Collection[UUID]) -> tuple[list[Entry], Mapping[UUID, UUID]]:
    """What accounts for these clients, to be narrowed, and which of them each entry is of, by its id."""
    events = await desk.accounting.of(acting.initiative, clients, _TOPICS)
    found = entries({stream: happened(facts) for stream, facts in _streams(events).items()})
    return found, {event.envelope.event_id: event.envelope.client_id for event in events}


async def explained(desk: Desk, found: Collection[Entry]) -> list[Accounted]:
    """Entries with what allowed them. Words that nobody can open any more are left out."""
    histories = await desk.histories({entry.consent for entry in found if entry.consent is not None})
    reasons = [entry.exception.reason for entry in found if entry.exception is not None]
    with across("shared"):
        typed = await desk.vault.notes.read_many(reasons)
    words = {id: one.text.open() for id, one in typed.items()}
    return [
        Accounted(
            entry,
            _stood(histories, entry.consent, entry.at),
            _stood(histories, entry.consent, None),
            words.get(entry.exception.reason) if entry.exception else None,
        )
        for entry in found
    ]


def _streams(events: Sequence[Written]) -> dict[UUID, list[Written]]:
    streams: dict[UUID, list[Written]] = {}
    for event in events:
        streams.setdefault(event.stream, []).append(event)
    return streams


def _stood(histories: Mapping[UUID, History], id: UUID | None, at: datetime | None) -> Consent | None:
    """The consent as it stood at a time, or as it stands now."""
    if id is None or id not in histories:
        return None
    facts = histories[id].happened()
    return consents.fold(fact for fact in facts if at is None or fact.at <= at)
