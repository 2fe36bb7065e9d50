"""Owns the life of a consuming process: records become rows once each, whoever is killed when."""

from services.runtime.worker.ledger import START, Ledger, Move, Parked, Place
from services.runtime.worker.lifecycle import Heartbeat, Lifecycle, read_heartbeat
from services.runtime.worker.loop import Sink, Work, Worker
from services.runtime.worker.outcome import (
    Applied,
    Handler,
    InvalidRecord,
    NotForUs,
    Outcome,
    Overtaken,
    Skipped,
    TooManyInvalid,
)

__all__ = [
    "START",
    "Applied",
    "Handler",
    "Heartbeat",
    "InvalidRecord",
    "Ledger",
    "Lifecycle",
    "Move",
    "NotForUs",
    "Outcome",
    "Overtaken",
    "Parked",
    "Place",
    "Sink",
    "Skipped",
    "TooManyInvalid",
    "Work",
    "Worker",
    "read_heartbeat",
]
