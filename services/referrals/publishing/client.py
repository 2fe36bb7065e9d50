"""What others may read of a client: one line a kind of fact, which says what of it leaves."""

from typing import assert_never

from contracts.events.client import ClientEvent, ClientRegisteredV1
from services.referrals.domain.client import ClientFact, ClientRegistered


def of_client(fact: ClientFact) -> ClientEvent:
    """The published twin of a fact."""
    match fact:
        case ClientRegistered():
            return ClientRegisteredV1()
        case _:
            assert_never(fact)
