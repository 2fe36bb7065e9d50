"""First-trimester entry, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import Asked, Her, Unit, first_reached


def units(her: Her, asked: Asked) -> list[Unit]:
    return [(at, why or ("met" if days <= 104 else "unmet"), None) for at, why, days in first_reached(her, asked)]
