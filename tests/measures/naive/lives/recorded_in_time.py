"""Recorded in time, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for fact, _ in her.said("contact.recorded.v1"):
        at = fact.headers.time
        found.append((at, "met" if fact.headers.recorded_time - at <= 7 * DAY else "unmet", None))
    return found
