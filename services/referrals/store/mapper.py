"""Owns how a fact becomes bytes and comes back: stable versioned type names, sorted JSON, upcasting of old versions."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, MapperDeserialisationError, StoredEvent

from services.referrals.domain.catalogue import FACTS
from services.referrals.domain.fact import Fact
from services.referrals.store.recorded import Recorded
from services.referrals.store.written import Written

State = dict[str, Any]
Upcaster = Callable[[State], State]

# (name, n): what turns the JSON of version n into that of version n + 1. A pure function; its old golden file stays.
UPCASTERS: Mapping[tuple[str, int], Upcaster] = MappingProxyType({})


class UnknownFact(MapperDeserialisationError):
    """A stored type that this version of the program has neither a class nor an upcaster for."""


class FactMapper(Mapper[UUID]):
    """eventsourcing's mapper for `Written`: the topic is the fact's `TYPE`, never a module's path."""

    def __init__(
        self,
        known: Mapping[str, type[Fact]] = FACTS,
        upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
    ) -> None:
        super().__init__(transcoder=JSONTranscoder())
        self._known = dict(known)
        self._upcasters = dict(upcasters)

    def encode(self, fact: Fact) -> bytes:
        """The fact as JSON, keys sorted, UTF-8. Raises `UnknownFact` for a class that could not be read back."""
        if self._known.get(fact.TYPE) is not type(fact):
            raise UnknownFact(f"{fact.TYPE} is not in the catalogue of facts")
        return orjson.dumps(fact.model_dump(), option=orjson.OPT_SORT_KEYS)

    def decode(self, topic: str, state: bytes) -> Fact:
        """The fact as it is known today, brought up from the version in which it was stored.

        Raises `UnknownFact`, or `MapperDeserialisationError` for a state that its type does not allow (without its
        content).
        """
        known = self._known.get(topic)
        if known is None:
            topic, state = self._upcast(topic, state)
            known = self._known[topic]
        try:
            return known.model_validate_json(state)
        except ValueError:
            raise MapperDeserialisationError(f"the state of a stored {topic} does not fit its type") from None

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """What eventsourcing stores of a `Written`, with its envelope beside."""
        if not isinstance(domain_event, Written):
            raise TypeError("only a Written can be stored")
        return Recorded(
            originator_id=domain_event.stream,
            originator_version=domain_event.version,
            topic=domain_event.fact.TYPE,
            state=self.encode(domain_event.fact),
            envelope=domain_event.envelope,
            position=domain_event.position,
            recorded_at=domain_event.recorded_at,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Written:
        """The `Written` of a stored event that came with its envelope."""
        if not isinstance(stored_event, Recorded):
            raise TypeError("a stored event comes with its envelope")
        return Written(
            stream=stored_event.stream,
            version=stored_event.originator_version,
            fact=self.decode(stored_event.topic, stored_event.state),
            envelope=stored_event.envelope,
            position=stored_event.position,
            recorded_at=stored_event.recorded_at,
        )

    def _upcast(self, topic: str, state: bytes) -> tuple[str, bytes]:
        name, _, number = topic.rpartition(".v")
        content: State = orjson.loads(state)
        version = int(number) if number.isdecimal() else 0
        while f"{name}.v{version}" not in self._known:
            upcaster = self._upcasters.get((name, version))
            if upcaster is None:
                raise UnknownFact(f"no class and no upcaster for {topic}")
            content, version = upcaster(content), version + 1
        return f"{name}.v{version}", orjson.dumps(content)
