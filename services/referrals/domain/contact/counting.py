"""What counts (R17): whether she was met or answered, and what shows that she was served."""

from services.referrals.domain.contact.events import Said
from services.referrals.domain.vocabulary import ContactMode, ContactOutcome

_SERVICE_UNMET = frozenset({ContactMode.GOODS_DELIVERY, ContactMode.FUNDS_TRANSFER})
_MEETING = frozenset(ContactMode) - _SERVICE_UNMET - {ContactMode.TEXT_ONE_WAY, ContactMode.MAIL}


def was_met(mode: ContactMode, outcome: ContactOutcome, said: bool | None) -> bool:
    """R17's contact: completed, and she was met or answered; with a goods delivery only when staff say so."""
    if outcome is not ContactOutcome.COMPLETED:
        return False
    return said is not False if mode in _MEETING else mode is ContactMode.GOODS_DELIVERY and said is True


def is_service_evidence(said: Said) -> bool:
    """R17's service evidence: a contact, or a completed goods delivery or funds transfer."""
    return said.met or (said.outcome is ContactOutcome.COMPLETED and said.mode in _SERVICE_UNMET)
