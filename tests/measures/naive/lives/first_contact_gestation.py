"""Gestational age at the first contact, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import Asked, Her, Unit, first_reached


def units(her: Her, asked: Asked) -> list[Unit]:
    return [(at, why or "met", None if why else float(days)) for at, why, days in first_reached(her, asked)]
