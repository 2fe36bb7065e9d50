"""What shows a service, and what shows none any more: an error, or what was taken back or reads otherwise (R14)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from contracts.events.contact import ContactTakenBackV1
from services.measures.domain.observed import Observed
from services.measures.domain.path import AppointmentPath, Contact, HandoffPath, Moment, ReferralPath


@dataclass(frozen=True, slots=True)
class Evidence:
    """Her contacts and visits as they stand, what was entered in error, and all that is known."""

    contacts: Mapping[UUID, Contact]
    visits: Mapping[UUID, AppointmentPath]
    in_error: frozenset[UUID]
    known: Collection[Observed]

    def settle(self, referrals: dict[UUID, ReferralPath], handoffs: dict[UUID, HandoffPath]) -> None:
        """Takes for connected, or completed, only what is shown still: by what was named, or by another contact of the
        receiver."""
        for id, path in referrals.items():
            if any(not self._stands(named) for _, named in path.shown):
                referrals[id] = path._replace(connected=self._connected(id, path))

        for id, handed in handoffs.items():
            if any(not self._meets(named) for _, named in handed.shown):
                handoffs[id] = handed._replace(completed=self._completed(id, handed))

    def _connected(self, id: UUID, path: ReferralPath) -> Moment | None:
        standing = [moment for moment, named in path.shown if self._stands(named)]
        return min(standing or self._others(id, path.to_agency), default=None)

    def _others(self, referral: UUID, receiver: str | None) -> list[Moment]:
        theirs = (each for each in self.contacts.values() if (each.referral, each.agency) == (referral, receiver))
        return [each.moment for each in theirs if each.served]

    def _completed(self, id: UUID, path: HandoffPath) -> Moment | None:
        standing = [moment for moment, named in path.shown if self._meets(named)]
        return min(standing or self._met_since(id, path), default=None)

    def _met_since(self, handoff: UUID, path: HandoffPath) -> list[Moment]:
        since = path.accepted.at if path.accepted else None
        met = (each for each in self.contacts.values() if each.met and each.agency == path.to_agency)
        return [each.moment for each in met if each.handoff in (None, handoff) and since and each.moment.at >= since]

    def _meets(self, named: UUID | None) -> bool:
        """A handoff needs one in which she was met or answered; goods alone are none (R17)."""
        contact = self.contacts.get(named) if named else None
        return contact.met if contact else self._stands(named)

    def _stands(self, named: UUID | None) -> bool:
        """A service for which nothing is named (a restricted contact, a letter's answer) speaks for itself."""
        if named is None:
            return True
        if contact := self.contacts.get(named):
            return contact.served
        if visit := self.visits.get(named):
            return visit.attended is not None
        return named not in self.in_error and not self._is_taken_back(named)

    def _is_taken_back(self, contact: UUID) -> bool:
        events = (each.event for each in self.known)
        return any(isinstance(event, ContactTakenBackV1) and event.contact == contact for event in events)
