"""A client as the store knows her: a random id, and nothing else about who she is."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, TypeAlias, assert_never

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen

# Commands


@frozen(kw_only=True)
class RegisterClient:
    """An agency registers a client under her random id."""

    agency: str
    at: datetime


ClientCommand: TypeAlias = RegisterClient

# Events


class ClientRegistered(Fact):
    """An agency registered a client; who she is lies in the vault alone."""

    TYPE: ClassVar[str] = "client.registered.v1"


ClientFact: TypeAlias = ClientRegistered

# State


@frozen
class Client:
    """A registered client: when (UTC), and by which agency."""

    registered_at: datetime
    agency: str


def decide(command: ClientCommand, state: Client | None) -> tuple[ClientFact, ...]:
    """A client is registered once: the same again changes nothing (R21)."""
    match command:
        case RegisterClient():
            return () if state else (ClientRegistered(),)
        case _:
            assert_never(command)


def evolve(state: Client | None, fact: ClientFact, at: datetime, agency: str) -> Client:
    """The client after one more fact."""
    match fact:
        case ClientRegistered():
            return state or Client(registered_at=at, agency=agency)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Client | None:
    """The client that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Client | None = None
    for happened in history:
        if not isinstance(happened.fact, ClientFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
