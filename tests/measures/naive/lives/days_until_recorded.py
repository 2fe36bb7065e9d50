"""Days until recorded, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for fact, _ in her.said("contact.recorded.v1"):
        at = fact.headers.time
        found.append((at, "met", (fact.headers.recorded_time - at) / DAY))
    return found
