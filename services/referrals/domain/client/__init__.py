"""A client as the store knows her: a random id, and nothing else about who she is."""

from services.referrals.domain.client.decisions import (
    Client,
    ClientCommand,
    ClientFact,
    ClientRegistered,
    RegisterClient,
    decide,
    evolve,
    fold,
)

__all__ = ["Client", "ClientCommand", "ClientFact", "ClientRegistered", "RegisterClient", "decide", "evolve", "fold"]
