"""Owns the way of events from the store to Kafka: in their order, each exactly once, whoever is killed when."""

from services.referrals.relay.loop import Ports, Relay
from services.referrals.relay.outgoing import Outgoing, Publisher
from services.referrals.relay.resume import LogDamaged, positions_of

__all__ = ["LogDamaged", "Outgoing", "Ports", "Publisher", "Relay", "positions_of"]
