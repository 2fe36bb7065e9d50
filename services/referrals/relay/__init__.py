"""Owns the way of events from the store to Kafka: in their order, each exactly once, whoever is killed when."""

from services.referrals.relay.comparison import Compared, Comparison
from services.referrals.relay.difference import Difference, Measured
from services.referrals.relay.log_keys import LogKeys, RotationProblem
from services.referrals.relay.loop import Ports, Publishing, Relay
from services.referrals.relay.outgoing import Outgoing, Publisher
from services.referrals.relay.resume import LogDamaged, positions_of

__all__ = [
    "Compared",
    "Comparison",
    "Difference",
    "LogDamaged",
    "LogKeys",
    "Measured",
    "Outgoing",
    "Ports",
    "Publisher",
    "Publishing",
    "Relay",
    "RotationProblem",
    "positions_of",
]
